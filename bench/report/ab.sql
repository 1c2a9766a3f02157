-- SPDX-License-Identifier: GPL-2.0
-- Two kernels, base and head, each booted several times: docs/ab.md. A boot is a variant,
-- base:phase=N or head:phase=N, whose guest slept N microseconds before the sweep, so that
-- the kernel's periodic work came at other moments.

-- A count per page in one boot. The two may have different releases, and controls are
-- operations like others here.
CREATE VIEW ab_boot AS
SELECT s.arch, s.cpu_model, s.accel, s.evidence, s.pattern, substr(c.variant, 1, 4) AS side, c.op, c.batch_pages, c.cpus, p.metric, p.value
FROM cell c JOIN setting s ON s.id = c.setting JOIN per_page p ON p.cell = c.id
WHERE c.variant GLOB 'base:phase=*' OR c.variant GLOB 'head:phase=*';

-- Median and range over the boots of a kernel.
CREATE VIEW ab_side AS
WITH ranked AS (SELECT *, count(*) OVER boots AS boots, row_number() OVER (boots ORDER BY value) AS n FROM ab_boot
	WINDOW boots AS (PARTITION BY arch, cpu_model, accel, evidence, pattern, side, op, batch_pages, cpus, metric))
SELECT arch, cpu_model, accel, evidence, pattern, side, op, batch_pages, cpus, metric, boots,
	avg(value) FILTER (WHERE n IN ((boots + 1) / 2, boots / 2 + 1)) AS typical, min(value) AS low, max(value) AS high
FROM ranked GROUP BY arch, cpu_model, accel, evidence, pattern, side, op, batch_pages, cpus, metric;

-- What interrupts at other moments cannot explain: every boot of one kernel has more than
-- any of the other, and the medians differ by more than the boots of one kernel do
-- (floor), whatever the pages of a call.
CREATE VIEW ab_difference AS
WITH side AS MATERIALIZED (SELECT * FROM ab_side)
SELECT a.arch, a.cpu_model, a.accel, a.evidence, a.pattern, a.op, a.batch_pages, a.cpus, m.name AS metric, m.unit, f.floor,
	a.typical AS before, b.typical AS after, b.typical - a.typical AS more,
	CASE WHEN a.typical <> 0 THEN 100 * (b.typical - a.typical) / a.typical END AS change
FROM side a JOIN side b ON b.side = 'head' AND b.arch = a.arch AND b.cpu_model = a.cpu_model AND b.accel = a.accel AND b.evidence = a.evidence
	AND b.pattern = a.pattern AND b.op = a.op AND b.batch_pages = a.batch_pages AND b.cpus = a.cpus AND b.metric = a.metric
JOIN (SELECT arch, cpu_model, accel, evidence, pattern, op, cpus, metric, max(high - low) AS floor FROM side
	GROUP BY arch, cpu_model, accel, evidence, pattern, op, cpus, metric) f ON f.arch = a.arch AND f.cpu_model = a.cpu_model
	AND f.accel = a.accel AND f.evidence = a.evidence AND f.pattern = a.pattern AND f.op = a.op AND f.cpus = a.cpus AND f.metric = a.metric
JOIN metric m ON m.id = a.metric
WHERE a.side = 'base' AND (b.low > a.high OR b.high < a.low) AND abs(b.typical - a.typical) > f.floor;

-- A difference in words. judged: more of it is worse, less of it is better; these metrics
-- are those of the table flush or, of an architecture without any, those shown in ab.
CREATE VIEW ab_judged AS
SELECT d.*, coalesce(n.words, d.metric) AS words, coalesce(f.rank, 1000 + n.rank, 1e6) AS rank,
	iif(EXISTS (SELECT 1 FROM flush x WHERE x.arch = d.arch), f.rank IS NOT NULL, coalesce(n.shown LIKE '%,ab,%', 0)) AS judged
FROM ab_difference d LEFT JOIN flush f ON f.arch = d.arch AND f.metric = d.metric
LEFT JOIN named n ON n.arch = d.arch AND n.metric = d.metric;

-- Cells of an operation that were swept with both kernels.
CREATE VIEW ab_cells AS
SELECT s.arch, s.cpu_model, s.accel, s.evidence, s.pattern, c.op, count(DISTINCT c.batch_pages || ',' || c.cpus) AS cells
FROM cell c JOIN setting s ON s.id = c.setting WHERE c.variant GLOB 'base:phase=*'
GROUP BY s.arch, s.cpu_model, s.accel, s.evidence, s.pattern, c.op;

-- Metrics of a cell that only one kernel has: a function was inlined, a counter is new.
CREATE VIEW ab_alone AS
WITH seen AS MATERIALIZED (SELECT DISTINCT s.arch, substr(c.variant, 1, 4) AS side, m.name AS metric
	FROM setting s JOIN cell c ON c.setting = s.id JOIN value v ON v.cell = c.id JOIN metric m ON m.id = v.metric
	WHERE c.variant GLOB 'base:phase=*' OR c.variant GLOB 'head:phase=*')
SELECT arch, side, metric FROM seen a WHERE NOT EXISTS (SELECT 1 FROM seen b WHERE b.arch = a.arch AND b.metric = a.metric AND b.side <> a.side);
