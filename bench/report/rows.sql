-- SPDX-License-Identifier: GPL-2.0
-- Rows of single runs, before they are put together, and what is derived from them; beside
-- lines.sql, in the same store.
CREATE TABLE row (
	id INTEGER PRIMARY KEY,
	file TEXT NOT NULL,
	arch TEXT, cpu_model TEXT, accel TEXT, evidence TEXT, kernel TEXT, variant TEXT, op TEXT, pattern TEXT, batch_pages INTEGER, cpus INTEGER,
	metric TEXT, value NUMERIC, unit TEXT
);

-- ---- scripts/cover.sh ----
-- What is expected: a line with cover, the model, its cells, and the vCPUs; and how often each
-- page has to be invalidated (arch/<a>/cover.tsv).
CREATE VIEW cover_wanted AS
SELECT w.f2 AS model, w.f3 AS cells, w.f4 AS vcpus, t.f3 AS owed FROM line w LEFT JOIN line t ON t.f1 = w.f2 WHERE w.f1 = 'cover';

-- Pages of a cell, those that were named, and how often they were missed: in control cells, which
-- flush nothing, as often as they have to be invalidated, since otherwise the check would see
-- less than there is.
CREATE VIEW covered AS
WITH cell AS (SELECT min(id) AS id, op, pattern, batch_pages, cpus,
	max(value) FILTER (WHERE metric = 'tool.pages') AS pages, max(value) FILTER (WHERE metric = 'ledger.cover_pages') AS named,
	max(value) FILTER (WHERE metric = 'ledger.cover_missed') AS missed, max(value) FILTER (WHERE metric = 'ledger.cover_late') AS late,
	max(value) FILTER (WHERE metric = 'ledger.cover_unread') AS unread
	FROM row GROUP BY op, pattern, batch_pages, cpus)
SELECT c.*, w.model, op || ', ' || pattern || ', ' || batch_pages || ' pages, ' || c.cpus || ' CPUs' AS name,
	CASE WHEN op NOT LIKE '%.control' THEN 0 WHEN w.owed = 'cpus' THEN pages * c.cpus ELSE pages * w.owed * w.vcpus END AS owed
FROM cell c JOIN cover_wanted w;

CREATE VIEW cover_count AS
SELECT w.model, count(c.id) AS cells, total(c.named) AS pages FROM cover_wanted w LEFT JOIN covered c GROUP BY w.model;

CREATE VIEW cover_broken AS
SELECT 0 AS id, model, model || ': not in the table' AS broken FROM cover_wanted WHERE owed IS NULL
UNION ALL SELECT 0, w.model, w.model || ': ' || n.cells || ' cells, not ' || w.cells FROM cover_wanted w JOIN cover_count n WHERE n.cells <> w.cells
UNION ALL SELECT id, model, model || ': ' || name || ': ' || coalesce(named, 0) || ' of ' || coalesce(pages, 0) || ' pages were named'
FROM covered WHERE coalesce(pages, 0) = 0 OR named IS NOT pages
UNION ALL SELECT id, model, model || ': ' || name || ': ' || coalesce(missed, 0) || ' missed, not ' || owed || '; used without a flush '
	|| coalesce(late, '-') || '; not read ' || coalesce(unread, '-')
FROM covered WHERE pages > 0 AND named = pages AND (missed IS NOT owed OR late IS NOT 0 OR unread IS NOT 0);

-- ---- scripts/equal.sh ----
-- What the operations after a warm-up took: rows of the whole run, the second file, less those of
-- the run that ended with the warm-up. Of events that the warm-up had none of, it may have no
-- row. A line has equal, the pattern, the operations after the warm-up, and the pages that
-- these write.
CREATE VIEW behind AS
WITH run AS (SELECT file, row_number() OVER (ORDER BY min(id)) AS rank FROM row GROUP BY file)
SELECT b.*, b.value - coalesce((SELECT a.value FROM row a JOIN run r ON r.file = a.file AND r.rank = 1 WHERE a.metric = b.metric), 0) AS less
FROM row b JOIN run s ON s.file = b.file AND s.rank = 2;

CREATE VIEW marginal AS
WITH work AS (SELECT f2 AS pattern, f4 AS pages FROM line WHERE f1 = 'equal'),
one AS (SELECT * FROM behind WHERE metric = 'tool.bogo_ops')
SELECT b.id, b.arch, b.cpu_model, b.accel, b.evidence, b.kernel, b.variant, b.op, w.pattern, 0 AS batch_pages, b.cpus, b.metric, b.less AS value, b.unit
FROM behind b JOIN work w WHERE b.metric NOT IN ('tool.calls', 'tool.window')
UNION ALL SELECT 1e9, b.arch, b.cpu_model, b.accel, b.evidence, b.kernel, b.variant, b.op, w.pattern, 0, b.cpus, 'tool.calls', 1, 'calls' FROM one b JOIN work w
UNION ALL SELECT 2e9, b.arch, b.cpu_model, b.accel, b.evidence, b.kernel, b.variant, b.op, w.pattern, 0, b.cpus, 'tool.pages', w.pages, 'pages' FROM one b JOIN work w;

-- Why such a run does not count: both runs have to have done the operations, and reclaim.
CREATE VIEW marginal_void AS
WITH took AS (SELECT coalesce((SELECT less FROM behind WHERE metric = 'tool.bogo_ops'), 0) AS ops,
	coalesce((SELECT less FROM behind WHERE metric = 'kernel.pgsteal_anon'), 0) AS stolen)
SELECT 'void: ' || l.f2 || ': the workers did ' || t.ops || ' operations after the warm-up, not ' || l.f3 AS why
FROM line l JOIN took t WHERE l.f1 = 'equal' AND t.ops <> l.f3
UNION ALL SELECT 'void: ' || l.f2 || ': nothing was reclaimed after the warm-up' FROM line l JOIN took t WHERE l.f1 = 'equal' AND t.stolen <= 0;

-- ---- arch/<a>/bench/agree.tsv ----
-- What the plugin counts beside what the kernel counts, or arithmetic: a line has variant and
-- operation (* is any), two metrics, each of which may be a sum a+b, and by how much they may
-- differ. It is about each cell that has all of its metrics.
CREATE VIEW agreement AS
WITH cell_row AS MATERIALIZED (SELECT id, arch || ',' || cpu_model || ',' || accel || ',' || evidence || ',' || kernel || ',' || variant || ','
	|| op || ',' || pattern || ',' || batch_pages || ',' || cpus AS cell, variant, op, metric, value FROM row),
cell AS MATERIALIZED (SELECT min(id) AS id, cell, variant, op FROM cell_row GROUP BY cell),
part AS MATERIALIZED (SELECT l.id AS rule, s.side, p.value AS metric FROM line l JOIN (SELECT 1 AS side UNION SELECT 2) s
	JOIN json_each('["' || replace(iif(s.side = 1, l.f3, l.f4), '+', '","') || '"]') p WHERE l.f5 IS NOT NULL),
side AS MATERIALIZED (SELECT c.id, c.cell, p.rule, p.side, total(r.value) AS value, count(r.value) = count(*) AS counted
	FROM cell c JOIN line l ON l.f5 IS NOT NULL AND l.f1 IN ('*', c.variant) AND l.f2 IN ('*', c.op) JOIN part p ON p.rule = l.id
	LEFT JOIN cell_row r ON r.cell = c.cell AND r.metric = p.metric GROUP BY c.id, p.rule, p.side)
SELECT a.id, a.rule, a.cell, l.f3 AS one, a.value AS one_value, l.f4 AS other, b.value AS other_value,
	abs(a.value - b.value) <= l.f5 AS agrees
FROM side a JOIN side b ON b.id = a.id AND b.rule = a.rule AND b.side = 2 JOIN line l ON l.id = a.rule
WHERE a.side = 1 AND a.counted AND b.counted;

CREATE VIEW agree_count AS
SELECT count(*) AS compared, count(DISTINCT id) AS cells, count(*) FILTER (WHERE NOT agrees) AS disagree FROM agreement;
