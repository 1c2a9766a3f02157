-- SPDX-License-Identifier: GPL-2.0
-- What two kernels differ in, by more than interrupts at other moments can explain: first a
-- line for each count of an operation, then each cell of what is judged.
CREATE TEMP TABLE found AS SELECT * FROM ab_judged
WHERE :least = 0 OR abs(coalesce(change, 1e9)) >= :least;

WITH group_of AS (
	SELECT *, count(*) OVER grp AS n, max(more) OVER grp > 0 AS up, min(more) OVER grp < 0 AS down,
		row_number() OVER (grp ORDER BY abs(coalesce(change, 1e9)) DESC, abs(more) DESC, batch_pages, cpus) AS nth FROM found
	WINDOW grp AS (PARTITION BY arch, cpu_model, accel, evidence, pattern, op, metric))
SELECT 'Differs on ' || g.arch || ', CPU model ' || g.cpu_model || ', accel ' || g.accel || ', evidence ' || g.evidence || iif(g.pattern = 'contiguous', '', ', ' || g.pattern)
		|| '; per page, nothing subtracted' AS title,
	CASE WHEN NOT judged THEN '' WHEN up AND down THEN 'both' WHEN up THEN 'worse' ELSE 'better' END AS "",
	g.op AS operation, iif(g.words = g.metric, g.metric, g.words || ' (' || g.metric || ')') AS count, n || ' of ' || c.cells AS cells,
	g.batch_pages AS "most at|pages/call", g.cpus AS "most at|CPUs", short(g.before) AS base, short(g.after) AS head, percent(g.change) AS change
FROM group_of g JOIN ab_cells c ON c.arch = g.arch AND c.cpu_model = g.cpu_model AND c.accel = g.accel AND c.evidence = g.evidence AND c.pattern = g.pattern AND c.op = g.op
WHERE nth = 1
ORDER BY g.arch, g.cpu_model, g.pattern, NOT judged, NOT up, g.op, g.rank, g.metric;

SELECT op || ' on ' || arch || iif(pattern = 'contiguous', '', ', ' || pattern) || ': ' || words || iif(words = metric, '', ' (' || metric || ')')
		|| '; per page' AS title,
	batch_pages AS "pages/call", cpus AS CPUs, short(before) AS base, short(after) AS head, iif(more > 0, '+', '') || short(more) AS difference,
	percent(change) AS change, short(floor) AS "one kernel's boots"
FROM found WHERE judged
ORDER BY arch, cpu_model, accel, evidence, pattern, op, rank, metric, batch_pages, cpus;

SELECT 'Counted with one of the kernels only' AS title, arch, side AS kernel, group_concat(metric, ' ') AS metrics
FROM ab_alone GROUP BY arch, side ORDER BY arch, side;

-- The last line. A count is of one cell.
SELECT CASE WHEN worse THEN 'worse: ' || worse || iif(worse > 1, ' counts', ' count') || iif(better, ', better: ' || better, '')
	WHEN better THEN 'nothing is worse; better: ' || better || iif(better > 1, ' counts', ' count')
	WHEN others THEN 'nothing is worse; counts that are not judged differ' ELSE 'no difference' END AS ""
FROM (SELECT count(*) FILTER (WHERE judged AND more > 0) AS worse, count(*) FILTER (WHERE judged AND more < 0) AS better, count(*) AS others FROM found);
