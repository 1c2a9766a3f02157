-- SPDX-License-Identifier: GPL-2.0
-- What the sources of the series ran, counted with stock and series: docs/experiments.md.

-- A run of stress-ng. Of equal work there is one for each seed; seed is empty for equal time.
CREATE VIEW equal_run AS
SELECT c.id, s.arch, s.cpu_model, s.accel, s.evidence, s.kernel, c.cpus, c.variant,
	substr(s.pattern, 1, instr(s.pattern || '/seed-', '/seed-') - 1) AS work, substr(s.pattern, instr(s.pattern || '/seed-', '/seed-') + 6) AS seed,
	coalesce((SELECT n.value FROM counted n WHERE n.cell = c.id AND n.metric = 'kernel.memcg.oom_kill'), 0) AS kills,
	(SELECT n.value FROM counted n WHERE n.cell = c.id AND n.metric = 'kernel.pgsteal_anon') AS stolen
FROM cell c JOIN setting s ON s.id = c.setting WHERE c.op = 'stress' AND s.evidence = 'count';

-- Its counts, once as they are and once per page stolen: the column per is empty, or names that.
CREATE VIEW equal_value AS
SELECT r.*, '' AS per, n.metric, n.value FROM equal_run r JOIN counted n ON n.cell = r.id
UNION ALL SELECT r.*, 'page stolen', n.metric, n.value / r.stolen FROM equal_run r JOIN counted n ON n.cell = r.id WHERE r.stolen > 0;

-- Runs of stock and of another kernel. void: the OOM killer did not kill equally often, so
-- that the two have not done the same work.
CREATE VIEW equal_pair AS
SELECT a.arch, a.cpu_model, a.accel, a.evidence, a.kernel, a.cpus, a.work, a.seed, b.variant, a.per, a.metric,
	a.value AS before, b.value AS after, CASE WHEN a.value > 0 THEN 100 * (b.value - a.value) / a.value END AS change,
	a.kills <> b.kills AND a.seed <> '' AS void
FROM equal_value a JOIN equal_value b ON b.arch = a.arch AND b.cpu_model = a.cpu_model AND b.accel = a.accel AND b.kernel = a.kernel
	AND b.cpus = a.cpus AND b.work = a.work AND b.seed = a.seed AND b.per = a.per AND b.metric = a.metric
	AND b.variant <> 'stock' AND b.variant NOT LIKE '%:%'
WHERE a.variant = 'stock';

-- Why a run of equal work does not count.
CREATE VIEW equal_void AS
SELECT a.arch, a.kernel, a.cpus, a.work, a.seed, 'OOM kills ' || CAST(a.kills AS INTEGER) || ' (stock) and ' || CAST(b.kills AS INTEGER)
	|| ' (' || b.variant || ')' AS why
FROM equal_run a JOIN equal_run b ON b.arch = a.arch AND b.cpu_model = a.cpu_model AND b.accel = a.accel AND b.kernel = a.kernel
	AND b.cpus = a.cpus AND b.work = a.work AND b.seed = a.seed AND b.kills <> a.kills AND b.variant <> 'stock' AND b.variant NOT LIKE '%:%'
WHERE a.variant = 'stock' AND a.seed <> ''
UNION ALL SELECT a.arch, a.kernel, a.cpus, a.work, a.seed, 'there is no run of ' || iif(a.variant = 'stock', 'the series', 'stock')
FROM equal_run a WHERE a.seed <> '' AND a.variant NOT LIKE '%:%' AND NOT EXISTS (SELECT 1 FROM equal_run b WHERE b.arch = a.arch
	AND b.cpu_model = a.cpu_model AND b.accel = a.accel AND b.kernel = a.kernel AND b.cpus = a.cpus AND b.work = a.work
	AND b.seed = a.seed AND (b.variant = 'stock') <> (a.variant = 'stock') AND b.variant NOT LIKE '%:%');

-- Medians over the seeds that count, and the ranges. apart: these do not overlap, which
-- fewer than four pairs do by chance too often to be judged.
CREATE VIEW equal_work AS
WITH ranked AS (SELECT *, count(*) OVER same AS pairs,
	row_number() OVER (same ORDER BY before) AS b, row_number() OVER (same ORDER BY after) AS a
	FROM equal_pair WHERE NOT void WINDOW same AS (PARTITION BY arch, cpu_model, accel, evidence, kernel, cpus, work, seed <> '', variant, per, metric)),
middle AS (SELECT arch, cpu_model, accel, evidence, kernel, cpus, work, seed <> '' AS seeded, variant, per, metric, pairs,
	avg(before) FILTER (WHERE b IN ((pairs + 1) / 2, pairs / 2 + 1)) AS before,
	avg(after) FILTER (WHERE a IN ((pairs + 1) / 2, pairs / 2 + 1)) AS after,
	min(before) AS before_low, max(before) AS before_high, min(after) AS after_low, max(after) AS after_high,
	CASE WHEN pairs >= 4 THEN min(before) > max(after) OR max(before) < min(after) END AS apart
	FROM ranked GROUP BY arch, cpu_model, accel, evidence, kernel, cpus, work, seed <> '', variant, per, metric)
SELECT *, CASE WHEN before > 0 THEN 100 * (after - before) / before END AS change FROM middle;

-- Batches of a run, from the kernel's histogram by mms. Their mms, and those but one of each
-- batch, are also per page: bounds of the shootdowns.
CREATE VIEW traced_batch AS
SELECT r.*, f.value AS flushes, p.value AS pages, p.value / f.value AS pages_each, m.value / f.value AS mms_each,
	o.value / p.value AS page_low, m.value / p.value AS page_high
FROM equal_run r JOIN counted f ON f.cell = r.id AND f.metric = 'kernel.batch_flushes' AND f.value > 0
JOIN counted p ON p.cell = r.id AND p.metric = 'kernel.batch_traced_pages' AND p.value > 0
JOIN counted m ON m.cell = r.id AND m.metric = 'kernel.batch_mms'
JOIN counted o ON o.cell = r.id AND o.metric = 'kernel.batch_mms_but_one';

CREATE VIEW per_batched_page AS
SELECT b.id AS cell, n.metric, n.value / b.pages AS value FROM traced_batch b JOIN counted n ON n.cell = b.id;

-- Reclaim of mapped folios, per page that was unmapped. pattern: kind, size, by what.
CREATE VIEW folio AS
SELECT c.id AS cell, s.source, s.arch, s.kernel, c.cpus, s.pattern, c.variant, n.metric, n.value / c.pages AS value
FROM cell c JOIN setting s ON s.id = c.setting AND s.evidence = 'count'
JOIN counted n ON n.cell = c.id
WHERE c.op = 'filereclaim' AND c.pages > 0;

-- Stock and series; and stock that unmaps a folio page by page, as before the source.
CREATE VIEW folio_pair AS
SELECT a.*, b.value AS series, u.value AS unbatched, CASE WHEN u.value > 0 THEN 100 * (a.value - u.value) / u.value END AS unmap_change,
	CASE WHEN a.value > 0 THEN 100 * (b.value - a.value) / a.value END AS series_change
FROM folio a LEFT JOIN folio b ON b.source = a.source AND b.arch = a.arch AND b.kernel = a.kernel AND b.cpus = a.cpus
	AND b.pattern = a.pattern AND b.metric = a.metric AND b.variant = 'tlbbatch'
LEFT JOIN folio u ON u.source = a.source AND u.arch = a.arch AND u.kernel = a.kernel AND u.cpus = a.cpus
	AND u.pattern = a.pattern AND u.metric = a.metric AND u.variant = 'stock:rmap.unmap_batched=0'
WHERE a.variant = 'stock';

-- A pass of a server whose cold memory is paged out while it answers, less the pass of as many
-- requests without paging out; metrics of the same words are added up. per: by what it is
-- divided (part is its number), by nothing in the last part. A page in use is one that was
-- unmapped while another CPU had the memory of the server in use.
CREATE VIEW served AS
WITH pass AS (SELECT c.id, s.arch, s.accel, s.evidence, s.kernel, s.pattern AS server, c.cpus, c.batch_pages, c.variant, c.pages,
		(SELECT v.value FROM value v JOIN metric m ON m.id = v.metric WHERE v.cell = c.id AND m.name = 'tool.requests') AS requests,
		(SELECT v.value FROM value v JOIN metric m ON m.id = v.metric WHERE v.cell = c.id
			AND m.name = 'ledger.calls_initiator.set_tlb_ubc_flush_pending') AS met
	FROM cell c JOIN setting s ON s.id = c.setting WHERE c.op = 'serve' AND s.evidence = 'count'),
page AS (SELECT n.cell, m.name AS metric, n.value FROM pass p CROSS JOIN net n ON n.cell = p.id JOIN metric m ON m.id = n.metric
	UNION ALL SELECT n.cell, r.name, n.value + coalesce((SELECT o.value FROM net o WHERE o.cell = n.cell AND o.metric = r.victims), 0)
	FROM pass p CROSS JOIN net n ON n.cell = p.id JOIN roles r ON r.initiator = n.metric),
unit (part, per, shown) AS (VALUES (1, '1,000 requests', ',requests,'), (2, 'page', ',serve,'), (3, 'page in use', ',met,')),
divided AS (SELECT p.id, u.part, u.per, g.metric, g.value * p.pages / CASE u.part WHEN 1 THEN p.requests / 1000 WHEN 2 THEN p.pages ELSE p.met END AS value, u.shown
	FROM pass p JOIN page g ON g.cell = p.id JOIN unit u WHERE CASE u.part WHEN 1 THEN p.requests WHEN 2 THEN p.pages ELSE p.met END > 0
	UNION ALL SELECT id, 4, '', 'tool.requests', requests, ',passes,' FROM pass UNION ALL SELECT id, 4, '', 'tool.pages', pages, ',passes,' FROM pass)
SELECT p.*, d.part, d.per, n.words, min(n.rank) AS rank, sum(d.value) AS value
FROM divided d JOIN pass p ON p.id = d.id JOIN named n ON n.arch = p.arch AND n.metric = d.metric AND instr(n.shown, d.shown)
GROUP BY p.id, d.part, n.words;

-- And its change from stock; not of the amount of work
CREATE VIEW served_change AS
SELECT b.*, CASE WHEN a.value > 0 AND b.part < 4 THEN 100 * (b.value - a.value) / a.value END AS change
FROM served b LEFT JOIN served a ON a.arch = b.arch AND a.accel = b.accel AND a.kernel = b.kernel AND a.server = b.server AND a.cpus = b.cpus
	AND a.batch_pages = b.batch_pages AND a.part = b.part AND a.words = b.words AND a.variant = 'stock' AND b.variant <> 'stock';

-- Who asked for interrupts and invalidations, by function; empty for all. Medians over seeds; a
-- run without such a row has none.
CREATE VIEW asked AS
WITH run AS (SELECT c.id, s.arch, s.accel, s.evidence, s.kernel, c.cpus, c.op, c.batch_pages, c.variant,
		substr(s.pattern, 1, instr(s.pattern || '/seed-', '/seed-') - 1) AS work
	FROM cell c JOIN setting s ON s.id = c.setting WHERE c.op IN ('stress', 'serve')),
asker AS (SELECT m.id AS metric, substr(m.name, 1, instr(m.name, '_by.') - 1) AS event, substr(m.name, instr(m.name, '_by.') + 4) AS function
	FROM metric m WHERE m.name GLOB 'ledger.[a-z_]*_by.*'),
every AS (SELECT metric, event, function FROM asker UNION ALL SELECT m.id, m.name, '' FROM metric m WHERE m.name IN (SELECT event FROM asker)),
-- of each kind of run the events that any of them has
kind AS (SELECT r.arch, r.accel, r.evidence, r.kernel, r.cpus, r.op, r.batch_pages, r.work, e.metric, e.event, e.function
	FROM run r CROSS JOIN every e JOIN value v ON v.cell = r.id AND v.metric = e.metric
	GROUP BY r.arch, r.accel, r.evidence, r.kernel, r.cpus, r.op, r.batch_pages, r.work, e.metric),
ranked AS (SELECT k.*, r.id, r.variant, coalesce(v.value, 0) AS value, count(*) OVER same AS seeds,
		row_number() OVER (same ORDER BY coalesce(v.value, 0)) AS n
	FROM kind k JOIN run r ON r.arch = k.arch AND r.accel = k.accel AND r.evidence = k.evidence AND r.kernel = k.kernel AND r.cpus = k.cpus
		AND r.op = k.op AND r.batch_pages = k.batch_pages AND r.work = k.work
	LEFT JOIN value v ON v.cell = r.id AND v.metric = k.metric
	WINDOW same AS (PARTITION BY k.arch, k.accel, k.evidence, k.kernel, k.cpus, k.op, k.batch_pages, k.work, k.metric, r.variant))
SELECT arch, accel, evidence, kernel, cpus, op, batch_pages, work, event, function, variant, seeds,
	avg(value) FILTER (WHERE n IN ((seeds + 1) / 2, seeds / 2 + 1)) AS value
FROM ranked GROUP BY arch, accel, evidence, kernel, cpus, op, batch_pages, work, metric, variant;

CREATE VIEW asked_change AS
SELECT b.*, CASE WHEN a.value > 0 THEN 100 * (b.value - a.value) / a.value END AS change
FROM asked b LEFT JOIN asked a ON a.arch = b.arch AND a.accel = b.accel AND a.evidence = b.evidence AND a.kernel = b.kernel AND a.cpus = b.cpus AND a.op = b.op
	AND a.batch_pages = b.batch_pages AND a.work = b.work AND a.event = b.event AND a.function = b.function AND a.variant = 'stock' AND b.variant <> 'stock';
