-- SPDX-License-Identifier: GPL-2.0
-- Two kernels on a machine, stock and series, each booted several times: docs/hardware.md. A
-- boot is one number, so that intervals have the spread between boots in them.

-- The boots of a machine. why: why there is no verdict. machine_name: the table of its prices.
CREATE VIEW boot_machine AS
WITH seen AS (SELECT DISTINCT b.source, b.machine, b.kernel AS side, b.image, s.arch, s.cpu_model, s.accel, s.evidence,
	substr(s.kernel, 1, instr(s.kernel || '-tlbbatch-', '-tlbbatch-') - 1) AS base FROM boot b JOIN setting s ON s.source = b.source),
number AS (SELECT machine, arch, cpu_model, accel, evidence, count(DISTINCT source) FILTER (WHERE side = 'stock') AS stock,
	count(DISTINCT source) FILTER (WHERE side = 'series') AS series, count(DISTINCT base) AS bases, group_concat(DISTINCT base) AS base,
	max(count(DISTINCT image) FILTER (WHERE side = 'stock'), count(DISTINCT image) FILTER (WHERE side = 'series')) AS images
	FROM seen GROUP BY machine, arch, cpu_model, accel, evidence)
SELECT n.*, (SELECT name FROM machine k WHERE k.arch = n.arch AND k.cpu_model = n.cpu_model ORDER BY k.rank DESC LIMIT 1) AS machine_name,
	(SELECT title FROM machine k WHERE k.arch = n.arch AND k.cpu_model = n.cpu_model ORDER BY k.rank DESC LIMIT 1) AS title,
	CASE WHEN stock < 3 OR series < 3 THEN 'boots: ' || stock || ' of stock and ' || series || ' of series, three of each are needed'
	WHEN bases > 1 THEN 'the kernels are made of several: ' || base
	WHEN images > 1 THEN 'one kernel has ' || images || ' images: it was built again' END AS why
FROM number n;

-- A number of a boot: a time is the median of its repeats; a count is per page, or of a
-- whole run, which does as much as it can in its time, per operation of that.
CREATE VIEW boot_value AS
WITH of_cell AS (SELECT b.machine, b.id AS boot, b.kernel AS side, s.arch, s.cpu_model, s.accel, s.evidence, s.pattern, c.id, c.op, c.batch_pages, c.cpus, c.pages
	FROM boot b JOIN setting s ON s.source = b.source JOIN cell c ON c.setting = s.id)
SELECT o.*, m.name AS metric, 'page' AS per, p.value FROM of_cell o JOIN per_page p ON p.cell = o.id JOIN metric m ON m.id = p.metric
	WHERE m.name NOT LIKE 'tool.%'
UNION ALL SELECT o.*, m.name, 'page', v.value FROM of_cell o JOIN value v ON v.cell = o.id JOIN metric m ON m.id = v.metric
	WHERE m.name IN ('tool.page_time_median', 'tool.net_time_median') AND o.accel = 'none'
UNION ALL SELECT o.*, m.name, 'run', v.value FROM of_cell o JOIN value v ON v.cell = o.id JOIN metric m ON m.id = v.metric
	WHERE m.name = 'tool.bogo_ops' AND o.accel = 'none'
UNION ALL SELECT o.*, m.name, 'operation', v.value / w.value FROM of_cell o JOIN value v ON v.cell = o.id JOIN metric m ON m.id = v.metric
	JOIN value w ON w.cell = o.id AND w.value > 0 AND w.metric = (SELECT id FROM metric WHERE name = 'tool.bogo_ops')
	WHERE m.name NOT LIKE 'tool.%';

-- Both kernels in a cell. ratio: series to stock, the median of all ratios of two boots, and its
-- limits; shift: the same of the differences (bench/report/rank.c). With three boots of each, the
-- limits are the least and the greatest ratio, which are wrong in 10 % of all cases; confidence is
-- in percent. floor: how far two boots of one kernel are apart at most (A/A).
CREATE VIEW boot_ratio AS
WITH both AS (SELECT machine, arch, cpu_model, accel, evidence, pattern, op, batch_pages, cpus, metric, per,
	count(*) FILTER (WHERE side = 'stock') AS stock, count(*) FILTER (WHERE side = 'series') AS series,
	median(value) FILTER (WHERE side = 'stock') AS before, median(value) FILTER (WHERE side = 'series') AS after,
	exp(CASE WHEN min(value) > 0 THEN rank_shift(CASE WHEN value > 0 THEN ln(value) END, side = 'series') END) AS ratio,
	exp(CASE WHEN min(value) > 0 THEN rank_low(CASE WHEN value > 0 THEN ln(value) END, side = 'series') END) AS ratio_low,
	exp(CASE WHEN min(value) > 0 THEN rank_high(CASE WHEN value > 0 THEN ln(value) END, side = 'series') END) AS ratio_high,
	rank_shift(value, side = 'series') AS shift, rank_low(value, side = 'series') AS low, rank_high(value, side = 'series') AS high,
	max(max(value) FILTER (WHERE side = 'stock') - min(value) FILTER (WHERE side = 'stock'),
		max(value) FILTER (WHERE side = 'series') - min(value) FILTER (WHERE side = 'series')) AS floor
	FROM boot_value GROUP BY machine, arch, cpu_model, accel, evidence, pattern, op, batch_pages, cpus, metric, per)
SELECT *, CASE WHEN before > 0 THEN 100 * floor / before END AS floor_percent,
	CASE WHEN stock < 3 OR series < 3 THEN 0 WHEN stock = 3 AND series = 3 THEN 90.0 WHEN stock + series = 7 THEN 94.3 ELSE 95.0 END AS confidence
FROM both;

-- The verdict on a cell. more, less: with series, in every boot or, with more boots, within the
-- limits, and by more than boots of one kernel differ. A cell that some boots lack has none.
CREATE VIEW boot_verdict AS
SELECT r.*, m.why, CASE WHEN m.why IS NOT NULL THEN 'refused' WHEN r.stock < 3 OR r.series < 3 THEN 'refused: not in three boots of each'
	WHEN r.low = 0 AND r.high = 0 THEN 'same' WHEN r.low > 0 AND r.shift > r.floor THEN 'more' WHEN r.high < 0 AND -r.shift > r.floor THEN 'less'
	ELSE 'open' END AS verdict
FROM boot_ratio r JOIN boot_machine m ON m.machine = r.machine AND m.arch = r.arch AND m.cpu_model = r.cpu_model AND m.accel = r.accel AND m.evidence = r.evidence;

-- The A/A floors of a machine: the middle one of its cells, and the greatest.
CREATE VIEW boot_floor AS
SELECT machine, arch, cpu_model, accel, evidence, metric, per, count(*) AS cells, median(floor_percent) AS typical, max(floor_percent) AS most
FROM boot_ratio WHERE floor_percent IS NOT NULL AND stock > 1 AND series > 1 GROUP BY machine, arch, cpu_model, accel, evidence, metric, per;
