-- SPDX-License-Identifier: GPL-2.0
-- What is derived from rows, each figure in one place.

-- Metrics in words, for each architecture that there is.
CREATE VIEW named AS
SELECT a.arch, n.metric, n.words, ',' || n.shown || ',' AS shown, n.posted, n.rank
FROM (SELECT DISTINCT arch FROM setting) a JOIN name n ON n.arch IN ('', a.arch);

-- What the plugin counts by role (initiator, victims): the metrics of both, and the name of their
-- sum, which has no role.
CREATE VIEW roles AS
SELECT m.id AS initiator, replace(m.name, '_initiator', '') AS name,
	(SELECT n.id FROM metric n WHERE n.name = replace(m.name, '_initiator', '_victims')) AS victims
FROM metric m WHERE m.name GLOB 'ledger.*_initiator*';

-- What was counted in a whole run, which has no pages per call, and the sums over roles.
CREATE VIEW counted AS
SELECT v.cell, m.name AS metric, v.value FROM cell c CROSS JOIN value v ON v.cell = c.id JOIN metric m ON m.id = v.metric
WHERE c.batch_pages = 0
UNION ALL SELECT v.cell, r.name, v.value + coalesce((SELECT o.value FROM value o WHERE o.cell = v.cell AND o.metric = r.victims), 0)
FROM cell c CROSS JOIN value v ON v.cell = c.id JOIN roles r ON r.initiator = v.metric
WHERE c.batch_pages = 0;

CREATE VIEW per_page AS
SELECT v.cell, v.metric, v.value / c.pages AS value
FROM cell c JOIN value v ON v.cell = c.id
WHERE c.pages > 0 AND v.metric NOT IN (SELECT id FROM metric WHERE NOT total);

-- Per page, less what the control takes for the same metric, where there is one. A control
-- without pages did the other work of the cell, and is subtracted from all of it.
CREATE VIEW net AS
SELECT a.cell, a.metric,
	a.value - coalesce((SELECT b.value FROM per_page b WHERE b.cell = c.control AND b.metric = a.metric),
		(SELECT v.value / c.pages FROM cell k JOIN value v ON v.cell = k.id AND v.metric = a.metric WHERE k.id = c.control AND k.pages = 0), 0) AS value
FROM cell c JOIN per_page a ON a.cell = c.id;

-- Per call; what each CPU takes of it, and what each one other than the initiator.
CREATE VIEW per_call AS
SELECT v.cell, v.metric, v.value / c.calls AS value, v.value / c.calls / c.cpus AS each_cpu,
	CASE WHEN c.cpus > 1 THEN v.value / c.calls / (c.cpus - 1) END AS each_target
FROM cell c JOIN value v ON v.cell = c.id
WHERE c.calls > 0;

CREATE VIEW net_per_call AS
SELECT n.cell, n.metric, n.value * c.pages / c.calls AS value
FROM cell c JOIN net n ON n.cell = c.id
WHERE c.calls > 0;

-- Per flush of a batch: entries of the kernel's arch_tlbbatch_flush(), where it
-- is a separate function and was counted.
CREATE VIEW per_flush AS
SELECT v.cell, v.metric, v.value / f.value AS value
FROM value f JOIN metric m ON m.id = f.metric AND m.name = 'ledger.calls_initiator.arch_tlbbatch_flush'
JOIN value v ON v.cell = f.cell
WHERE f.value > 0;

-- A cell of stock and the same cell of another variant.
CREATE VIEW pair AS
SELECT a.id AS stock, b.id AS other, a.setting, s.source, s.arch, s.cpu_model, s.accel, s.evidence, s.kernel, s.pattern,
	b.variant, a.op, a.batch_pages, a.cpus
FROM cell a JOIN cell b ON b.setting = a.setting AND b.op = a.op AND b.batch_pages = a.batch_pages AND b.cpus = a.cpus
JOIN setting s ON s.id = a.setting
WHERE a.variant = 'stock' AND b.variant <> 'stock' AND a.op NOT LIKE '%.control';

-- A against B: change in percent, what is left of A, and how many times fewer.
CREATE VIEW versus AS
SELECT p.*, m.name AS metric, a.value AS before, b.value AS after,
	CASE WHEN a.value <> 0 THEN 100 * (b.value - a.value) / a.value END AS change,
	CASE WHEN a.value <> 0 THEN b.value / a.value END AS ratio,
	CASE WHEN b.value > 0 THEN a.value / b.value END AS fewer
FROM pair p JOIN net a ON a.cell = p.stock JOIN net b ON b.cell = p.other AND b.metric = a.metric
JOIN metric m ON m.id = a.metric;

-- Times of machines, with the interval that the tool measured and its A/A floor. Boots of the
-- kernels of this project have other views: boots.sql.
CREATE VIEW timed AS
SELECT c.id, c.control, s.id AS setting, s.arch, s.cpu_model, s.evidence, s.kernel, s.pattern, c.variant, c.op,
	c.batch_pages, c.cpus, t.value AS typical, l.value AS low, h.value AS high, f.value AS floor
FROM setting s JOIN cell c ON c.setting = s.id
JOIN value t ON t.cell = c.id AND t.metric = (SELECT id FROM metric WHERE name = 'tool.page_time_median')
JOIN value l ON l.cell = c.id AND l.metric = (SELECT id FROM metric WHERE name = 'tool.page_time_low')
JOIN value h ON h.cell = c.id AND h.metric = (SELECT id FROM metric WHERE name = 'tool.page_time_high')
LEFT JOIN value f ON f.cell = c.id AND f.metric = (SELECT id FROM metric WHERE name = 'tool.noise_floor')
WHERE s.accel = 'none' AND s.source NOT IN (SELECT source FROM boot);

-- The least that any variant takes with the largest calls.
CREATE VIEW best AS
SELECT setting, op, metric, cpus, min(after) AS value, batch_pages
FROM versus v
WHERE batch_pages = (SELECT max(batch_pages) FROM cell x WHERE x.setting = v.setting AND x.op = v.op)
GROUP BY setting, op, metric, cpus;

-- What is left of the whole gain with calls of that many pages: all of it before
-- the first batch, none where a variant takes as little as the best.
CREATE VIEW remaining AS
SELECT v.setting, v.arch, v.variant, v.op, v.metric, v.cpus, v.batch_pages, v.before, v.after,
	(v.after - b.value) / (v.before - b.value) AS share
FROM versus v JOIN best b ON b.setting = v.setting AND b.op = v.op AND b.metric = v.metric AND b.cpus = v.cpus
WHERE v.before > b.value;

-- How many times fewer one variant takes than another, neither of which is stock.
CREATE VIEW beyond AS
SELECT a.setting, a.op, a.metric, a.batch_pages, a.cpus, a.variant, b.variant AS other, CASE WHEN b.after > 0 THEN a.after / b.after END AS fewer
FROM versus a JOIN versus b ON b.stock = a.stock AND b.metric = a.metric;

-- What each further CPU adds, from the fewest that were counted to the most, and its share of
-- what the most take.
CREATE VIEW slope AS
WITH ends AS (SELECT setting, op, batch_pages, variant, min(cpus) AS few, max(cpus) AS most FROM cell GROUP BY setting, op, batch_pages, variant
	HAVING min(cpus) < max(cpus))
SELECT e.*, m.name AS metric, h.value, (h.value - l.value) / (e.most - e.few) AS each_cpu, CASE WHEN h.value <> 0 THEN (h.value - l.value) / h.value END AS share
FROM ends e JOIN cell a ON a.setting = e.setting AND a.op = e.op AND a.batch_pages = e.batch_pages AND a.variant = e.variant AND a.cpus = e.few
JOIN cell b ON b.setting = e.setting AND b.op = e.op AND b.batch_pages = e.batch_pages AND b.variant = e.variant AND b.cpus = e.most
JOIN net l ON l.cell = a.id JOIN net h ON h.cell = b.id AND h.metric = l.metric JOIN metric m ON m.id = l.metric;

-- Words that were not what was written last, in all cells of a setting that check their writes.
CREATE VIEW lost AS
SELECT c.setting, sum(v.value) AS words, sum(c.pages) AS pages, count(*) AS cells
FROM metric m JOIN value v ON v.metric = m.id JOIN cell c ON c.id = v.cell WHERE m.name = 'tool.lost_writes' GROUP BY c.setting;

-- What the report is about: of each architecture the first setting with exact counts.
CREATE VIEW subject AS
SELECT s.arch, min(s.id) AS setting, f.metric,
	coalesce(n.words, m.unit) AS words
FROM setting s JOIN flush f ON f.arch = s.arch AND f.rank = (SELECT min(rank) FROM flush x WHERE x.arch = s.arch)
JOIN metric m ON m.name = f.metric
LEFT JOIN named n ON n.arch = s.arch AND n.metric = f.metric
WHERE s.source = 1 AND s.evidence = 'count' AND s.pattern = 'contiguous'
GROUP BY s.arch;
