-- SPDX-License-Identifier: GPL-2.0
-- Stock and series on machines, boot by boot.
SELECT 'Stock and series on machines' AS title, substr(m.machine, 1, 8) AS machine, m.arch, m.cpu_model AS "CPU model", m.accel, m.evidence, m.base AS "kernel",
	m.stock AS "boots|stock", m.series AS "boots|series", coalesce(m.title, iif(m.accel = 'none', 'none: make calibrate', 'none')) AS calibration,
	coalesce('no verdict: ' || m.why, 'yes') AS verdict
FROM boot_machine m ORDER BY m.machine, m.arch, m.cpu_model;

SELECT 'A/A: how far boots of one kernel are apart on ' || substr(f.machine, 1, 8) || ', percent of stock' AS title, coalesce(n.words, f.metric) AS what, 'per ' || f.per AS per,
	f.cells, fixed(f.typical, 1) AS median, fixed(f.most, 1) AS most
FROM boot_floor f JOIN named n ON n.arch = f.arch AND n.metric = f.metric AND n.shown LIKE '%,board,%' ORDER BY f.machine, n.rank;

SELECT v.op || ' on ' || v.arch || ', ' || substr(v.machine, 1, 8) || ', evidence ' || v.evidence || ', accel ' || v.accel || iif(v.pattern = 'contiguous', '', ', ' || v.pattern) || ': '
	|| n.words || ' per ' || v.per AS title,
	nullif(v.batch_pages, 0) AS "pages/call", v.cpus AS CPUs, short(v.before) AS stock, short(v.after) AS series,
	CASE WHEN v.confidence > 0 THEN fixed(v.ratio, 3) END AS ratio, CASE WHEN v.confidence > 0 THEN fixed(v.ratio_low, 3) || ' to ' || fixed(v.ratio_high, 3) END AS limits,
	CASE WHEN v.confidence > 0 THEN short(v.confidence) || ' %' END AS sure, fixed(v.floor_percent, 1) || ' %' AS "A/A floor", v.verdict
FROM boot_verdict v JOIN named n ON n.arch = v.arch AND n.metric = v.metric AND n.shown LIKE '%,board,%'
WHERE v.op NOT LIKE '%.control' AND NOT (v.metric = 'tool.page_time_median' AND EXISTS (SELECT 1 FROM boot_ratio x WHERE x.machine = v.machine AND x.op = v.op
	AND x.pattern = v.pattern AND x.batch_pages = v.batch_pages AND x.cpus = v.cpus AND x.metric = 'tool.net_time_median'))
ORDER BY v.machine, v.arch, v.op, v.pattern, n.rank, v.batch_pages, v.cpus;

SELECT 'Left out of boots on ' || substr(machine, 1, 8) AS title, kernel, left_out AS "what, and why", count(*) AS boots
FROM boot WHERE left_out <> '' GROUP BY machine, kernel, left_out ORDER BY machine, kernel, left_out;
