-- SPDX-License-Identifier: GPL-2.0
-- stress-ng with stock and with the series: what is void; medians and ranges over seeds, as
-- counted and per page stolen; each seed; the sizes of batches.
SELECT 'Void, and left out: the two kernels have not done the same work' AS title, arch, kernel, cpus AS CPUs, work, seed, why
FROM equal_void WHERE arch LIKE :arch ORDER BY arch, kernel, cpus, work, seed;

WITH done AS (
	SELECT *, max(before) FILTER (WHERE metric = 'tool.bogo_ops' AND per = '') OVER run AS ops,
		max(before) FILTER (WHERE metric = 'tool.pages' AND per = '') OVER run AS pages
	FROM equal_work WHERE arch LIKE :arch WINDOW run AS (PARTITION BY arch, cpu_model, kernel, cpus, work, seeded, variant)),
shown AS (
	SELECT d.*, iif(per = '', 1, 2) AS part, n.rank, n.words, iif(per = '', n.posted, NULL) AS posted FROM done d JOIN named n ON n.arch = d.arch AND n.metric = d.metric
	WHERE n.shown LIKE iif(per = '', '%,stress,%', '%,stolen,%') OR (n.shown LIKE '%,workload,%' AND NOT seeded)
	UNION ALL SELECT *, 3, 0, substr(metric, length('ledger.calls.') + 1) || '()', NULL FROM done
	WHERE per = '' AND metric LIKE 'ledger.calls.%')
-- A handful of events has nothing to compare, but kills.
SELECT CASE part WHEN 1 THEN 'stress, ' || iif(seeded, 'equal work', 'equal time') || ', on ' || arch || ', kernel ' || kernel || ', '
		|| cpus || ' CPUs, ' || work || ', accel ' || accel || ', evidence ' || evidence || ', series: ' || variant
		|| iif(seeded AND ops AND pages, char(10) || short(ops) || ' operations, which write ' || short(pages)
		|| ' pages, after a warm-up of one pass; pairs of runs: ' || pairs, '')
	WHEN 2 THEN arch || ', ' || cpus || ' CPUs, ' || work || ', per page stolen' ELSE arch || ', ' || cpus || ' CPUs, ' || work || ', calls' END AS title,
	words AS count, short(before) AS stock, short(after) AS series, percent(change) AS change,
	CASE apart WHEN 1 THEN 'apart' WHEN 0 THEN 'overlap' END AS ranges, percent(posted) AS posted,
	iif(pairs > 1, short(before_low) || ' to ' || short(before_high), NULL) AS "range of stock",
	iif(pairs > 1, short(after_low) || ' to ' || short(after_high), NULL) AS "range of series"
FROM shown
WHERE (part = 2 OR max(before_high, after_high) >= 100 OR metric LIKE '%.oom_kill') AND (before_high <> 0 OR after_high <> 0)
ORDER BY arch, kernel, cpus, work, seeded, variant, part, rank, metric;

SELECT p.arch || ', ' || p.cpus || ' CPUs, ' || p.work || ', each seed: stock, ' || p.variant || ', change' AS title, n.words AS count,
	'seed ' || p.seed AS across, iif(p.void, 'void: ', '') || short(p.before) || ' ' || short(p.after) || ' ' || coalesce(percent(p.change), '-') AS value
FROM equal_pair p JOIN named n ON n.arch = p.arch AND n.metric = p.metric AND n.shown LIKE '%,seeds,%'
WHERE p.per = '' AND p.seed <> '' AND p.arch LIKE :arch
ORDER BY p.arch, p.kernel, p.cpus, p.work, p.variant, n.rank, CAST(p.seed AS INTEGER);

SELECT b.arch || ', ' || b.cpus || ' CPUs, ' || b.work || ', batches of the series' AS title,
	b.variant, short(b.flushes) AS batches, fixed(b.pages_each, 1) AS "pages/batch", fixed(b.mms_each, 2) AS "mms/batch",
	fixed(b.page_low, 4) AS "lower bound/page", fixed(b.page_high, 4) AS "upper bound/page",
	n.words || ' per page' AS across, fixed(p.value, 4) AS value
FROM traced_batch b JOIN per_batched_page p ON p.cell = b.id
JOIN flush f ON f.arch = b.arch AND f.metric = p.metric AND f.rank = (SELECT min(rank) FROM flush x WHERE x.arch = b.arch)
JOIN named n ON n.arch = b.arch AND n.metric = p.metric
WHERE b.arch LIKE :arch
ORDER BY b.arch, b.cpus, b.work, b.variant;
