-- SPDX-License-Identifier: GPL-2.0
-- What the sources of the series ran, counted with stock and series: docs/experiments.md.

-- stress-ng with equal work, a pair of runs for each seed. void: the OOM killer did
-- not kill equally often, so that the two have not done the same work.
CREATE VIEW equal_pair AS
WITH run AS (SELECT c.id, s.source, s.arch, s.kernel, c.cpus, c.variant,
	substr(s.pattern, 1, instr(s.pattern, '/seed-') - 1) AS work, substr(s.pattern, instr(s.pattern, '/seed-') + 6) AS seed,
	coalesce((SELECT v.value FROM value v WHERE v.cell = c.id
		AND v.metric = (SELECT id FROM metric WHERE name = 'kernel.memcg.oom_kill')), 0) AS kills
	FROM cell c JOIN setting s ON s.id = c.setting WHERE c.op = 'stress' AND s.pattern LIKE '%/seed-%' AND s.evidence = 'count')
SELECT a.source, a.arch, a.kernel, a.cpus, a.work, a.seed, b.variant, m.name AS metric, x.value AS before, y.value AS after,
	a.kills <> b.kills AS void
FROM run a JOIN run b ON b.source = a.source AND b.arch = a.arch AND b.kernel = a.kernel AND b.cpus = a.cpus
	AND b.work = a.work AND b.seed = a.seed AND b.variant <> 'stock' AND b.variant NOT LIKE '%:%'
JOIN value x ON x.cell = a.id JOIN value y ON y.cell = b.id AND y.metric = x.metric JOIN metric m ON m.id = x.metric
WHERE a.variant = 'stock';

-- Medians over the seeds that count, and the ranges. apart: these do not overlap, which
-- fewer than four pairs do by chance too often to be judged.
CREATE VIEW equal_work AS
WITH ranked AS (SELECT *, count(*) OVER same AS pairs,
	row_number() OVER (same ORDER BY before) AS b, row_number() OVER (same ORDER BY after) AS a
	FROM equal_pair WHERE NOT void WINDOW same AS (PARTITION BY source, arch, kernel, cpus, work, variant, metric))
SELECT source, arch, kernel, cpus, work, variant, metric, pairs,
	avg(before) FILTER (WHERE b IN ((pairs + 1) / 2, pairs / 2 + 1)) AS before,
	avg(after) FILTER (WHERE a IN ((pairs + 1) / 2, pairs / 2 + 1)) AS after,
	min(before) AS before_low, max(before) AS before_high, min(after) AS after_low, max(after) AS after_high,
	CASE WHEN pairs >= 4 THEN min(before) > max(after) OR max(before) < min(after) END AS apart
FROM ranked GROUP BY source, arch, kernel, cpus, work, variant, metric;

-- Reclaim of mapped folios, per page that was unmapped. pattern: kind, size, by what.
CREATE VIEW folio AS
SELECT s.source, s.arch, s.kernel, c.cpus, s.pattern, c.variant, m.name AS metric, p.value
FROM cell c JOIN setting s ON s.id = c.setting AND s.evidence = 'count'
JOIN per_page p ON p.cell = c.id JOIN metric m ON m.id = p.metric
WHERE c.op = 'filereclaim';

-- Stock and series; and stock that unmaps a folio page by page, as before the source.
CREATE VIEW folio_pair AS
SELECT a.*, b.value AS series, u.value AS unbatched
FROM folio a LEFT JOIN folio b ON b.source = a.source AND b.arch = a.arch AND b.kernel = a.kernel AND b.cpus = a.cpus
	AND b.pattern = a.pattern AND b.metric = a.metric AND b.variant = 'tlbbatch'
LEFT JOIN folio u ON u.source = a.source AND u.arch = a.arch AND u.kernel = a.kernel AND u.cpus = a.cpus
	AND u.pattern = a.pattern AND u.metric = a.metric AND u.variant = 'stock:rmap.unmap_batched=0'
WHERE a.variant = 'stock';
