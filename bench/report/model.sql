-- SPDX-License-Identifier: GPL-2.0
-- Counts x costs. Whose time it is (role) is never added up over roles, and a sum
-- that lacks one of its events is no sum.

-- Events of a cell per page and what each takes. Only what was counted exactly is priced.
CREATE VIEW priced_event AS
SELECT c.id AS cell, k.id AS cost, k.machine, k.role,
	n.value - CASE WHEN k.less = '-' THEN 0 ELSE (SELECT l.value FROM net l
		WHERE l.cell = c.id AND l.metric = (SELECT id FROM metric WHERE name = k.less)) END AS events
FROM cell c JOIN setting s ON s.id = c.setting AND s.evidence = 'count'
JOIN cost k ON k.arch = s.arch AND k.role <> 'crossover'
JOIN net n ON n.cell = c.id AND n.metric = (SELECT id FROM metric WHERE name = k.counted);

CREATE VIEW priced AS
SELECT e.cell, e.machine, e.role,
	sum(min(e.events * k.low, e.events * k.high)) AS low,
	sum(e.events * k.typical) AS typical,
	sum(max(e.events * k.low, e.events * k.high)) AS high
FROM priced_event e JOIN cost k ON k.id = e.cost
GROUP BY e.cell, e.machine, e.role
HAVING count(e.events) = (SELECT count(*) FROM cost x
	WHERE x.arch = k.arch AND x.machine = e.machine AND x.role = e.role);

-- What a variant saves. An event has one price in both kernels, so the interval
-- is that of the difference, which is narrower than the difference of intervals.
CREATE VIEW saving_event AS
SELECT p.stock, p.other, a.machine, a.role, a.cost, k.event, a.events - b.events AS fewer,
	min((a.events - b.events) * k.low, (a.events - b.events) * k.high) AS low,
	(a.events - b.events) * k.typical AS typical,
	max((a.events - b.events) * k.low, (a.events - b.events) * k.high) AS high
FROM pair p JOIN priced_event a ON a.cell = p.stock
JOIN priced_event b ON b.cell = p.other AND b.cost = a.cost
JOIN cost k ON k.id = a.cost;

-- unsure: the event whose price widens the interval most. open: the sign is not
-- the same over the whole interval.
CREATE VIEW saving AS
SELECT stock, other, machine, role, sum(low) AS low, sum(typical) AS typical, sum(high) AS high,
	CASE WHEN sum(low) > 0 THEN 'saves' WHEN sum(high) < 0 THEN 'costs'
	WHEN sum(low) = 0 AND sum(high) = 0 THEN 'same' ELSE 'open' END AS verdict,
	event AS unsure, max(high - low) AS widest
FROM saving_event e
GROUP BY stock, other, machine, role
HAVING count(fewer) = (SELECT count(*) FROM cost k JOIN cell c ON c.id = e.stock JOIN setting s ON s.id = c.setting
	WHERE k.arch = s.arch AND k.machine = e.machine AND k.role = e.role);

-- Pages up to which one by one is cheaper than everything at once on a CPU that
-- has `used' other entries in use.
CREATE VIEW crossover AS
SELECT a.arch, a.machine, u.used,
	(f.low + u.used * r.low) / a.high AS low,
	(f.typical + u.used * r.typical) / a.typical AS typical,
	(f.high + u.used * r.high) / a.low AS high
FROM cost a JOIN cost f ON f.arch = a.arch AND f.machine = a.machine AND f.role = 'crossover' AND f.event = 'everything'
JOIN cost r ON r.arch = a.arch AND r.machine = a.machine AND r.role = 'crossover' AND r.event = 'refill'
JOIN (SELECT 0 AS used UNION ALL SELECT 64 UNION ALL SELECT 512 UNION ALL SELECT 1536) u
WHERE a.role = 'crossover' AND a.event = 'page';

-- Prices that tlbprice measured. distance: nothing, core, socket or other.
CREATE VIEW measured_price AS
SELECT s.source, s.arch, s.cpu_model, s.evidence, s.kernel, substr(c.op, length('calibrate.') + 1) AS name,
	substr(s.pattern, length('contiguous+') + 1) AS distance, c.batch_pages, c.cpus,
	l.value AS low, t.value AS typical, h.value AS high, f.value AS floor
FROM cell c JOIN setting s ON s.id = c.setting
JOIN value t ON t.cell = c.id AND t.metric = (SELECT id FROM metric WHERE name = 'tool.price_median')
JOIN value l ON l.cell = c.id AND l.metric = (SELECT id FROM metric WHERE name = 'tool.price_low')
JOIN value h ON h.cell = c.id AND h.metric = (SELECT id FROM metric WHERE name = 'tool.price_high')
LEFT JOIN value f ON f.cell = c.id AND f.metric = (SELECT id FROM metric WHERE name = 'tool.noise_floor')
WHERE c.op LIKE 'calibrate.%';

-- Instructions of what tlbprice times: a call that finds nothing, a further page
-- without and with its freeing, and the path of the first page of a call.
CREATE VIEW counted_call AS
WITH insn AS (SELECT b.arch, c.op, c.batch_pages, p.value * c.batch_pages AS n
	FROM subject b JOIN cell c ON c.setting = b.setting AND c.variant = 'stock' AND c.cpus = 1
	JOIN per_page p ON p.cell = c.id AND p.metric = (SELECT id FROM metric WHERE name = 'ledger.insn_initiator')),
call AS (SELECT e.arch, e.n AS call, (h.n - l.n) / (256 - 64) AS work, (g.n - k.n) / (256 - 64) AS free, o.n AS one
	FROM insn e JOIN insn l ON l.arch = e.arch AND l.op = 'mprotect' AND l.batch_pages = 64
	JOIN insn h ON h.arch = e.arch AND h.op = 'mprotect' AND h.batch_pages = 256
	JOIN insn k ON k.arch = e.arch AND k.op = 'dontneed' AND k.batch_pages = 64
	JOIN insn g ON g.arch = e.arch AND g.op = 'dontneed' AND g.batch_pages = 256
	JOIN insn o ON o.arch = e.arch AND o.op = 'mprotect' AND o.batch_pages = 1
	WHERE e.op = 'mprotect.control' AND e.batch_pages = 1)
SELECT arch, 'call' AS name, call AS n FROM call UNION ALL SELECT arch, 'work', work FROM call
UNION ALL SELECT arch, 'free', free FROM call
UNION ALL SELECT arch, 'path', one - call - work FROM call;

-- One price of each name. Distances: the whole range, typical of another core of the
-- socket, if there is one. insn: what an instruction took on each path without a
-- flush; typical that of freeing, as reclaim does. path: these instructions.
CREATE VIEW unit_price AS
WITH one AS (SELECT source, arch, name, min(low) AS low,
	coalesce(max(typical) FILTER (WHERE distance = 'socket'), avg(typical)) AS typical, max(high) AS high, max(floor) AS floor
	FROM measured_price p WHERE name NOT IN ('mprotect', 'targets', 'pageout') GROUP BY source, name),
insn AS (SELECT o.source, o.arch, min(o.low / c.n) AS low,
	coalesce(max(o.typical / c.n) FILTER (WHERE o.name = 'free'), avg(o.typical / c.n)) AS typical, max(o.high / c.n) AS high, max(o.floor) AS floor
	FROM one o JOIN counted_call c ON c.arch = o.arch AND c.name = o.name GROUP BY o.source)
SELECT source, name, low, typical, high, floor FROM one
UNION ALL SELECT source, 'insn', low, typical, high, floor FROM insn
UNION ALL SELECT i.source, 'path', i.low * c.n, i.typical * c.n, i.high * c.n, i.floor FROM insn i
JOIN counted_call c ON c.arch = i.arch AND c.name = 'path';

-- Which table of prices is that of rows: the one that their envelope names (prices), or else
-- the last that was read of all with their CPU model, so that one of this user's own comes first.
CREATE VIEW table_of AS
SELECT s.id AS setting, (SELECT k.name FROM machine k WHERE k.arch = s.arch
	AND coalesce(k.name = json_extract(o.envelope, '$.prices'), k.cpu_model = s.cpu_model) ORDER BY k.rank DESC LIMIT 1) AS machine
FROM setting s JOIN source o ON o.id = s.source;

-- Predicted from counts of the emulator beside times of the machine, without the
-- operations that its prices were calibrated with. The kernels may differ.
-- left_out: why a cell does not count, if so.
CREATE VIEW validation AS
SELECT t.arch, k.name AS machine, t.op, t.batch_pages, t.cpus, t.floor,
	p.low AS predicted_low, p.typical AS predicted, p.high AS predicted_high,
	t.typical - z.typical AS measured, t.low - z.high AS measured_low, t.high - z.low AS measured_high,
	t.kernel AS measured_kernel,
	CASE WHEN t.typical <= z.typical THEN 'no longer than its control' WHEN t.floor IS NULL THEN 'no A/A floor'
		WHEN t.floor > 10 THEN 'A/A floor above 10 %' END AS left_out,
	t.typical - z.typical BETWEEN p.low AND p.high AS inside,
	CASE WHEN t.typical > z.typical THEN 100 * abs(p.typical - (t.typical - z.typical)) / (t.typical - z.typical) END AS error
FROM timed t JOIN table_of b ON b.setting = t.setting JOIN machine k ON k.arch = t.arch AND k.name = b.machine
JOIN timed z ON z.id = t.control
JOIN setting s ON s.arch = t.arch AND s.evidence = 'count' AND s.pattern = t.pattern
JOIN cell c ON c.setting = s.id AND c.variant = 'stock' AND c.op = t.op AND c.batch_pages = t.batch_pages AND c.cpus = t.cpus
JOIN priced p ON p.cell = c.id AND p.machine = k.name AND p.role = 'initiator'
WHERE instr(' ' || k.calibrated || ' ', ' ' || t.op || ' ') = 0;

-- How well the model predicts: of a machine by operation, and of all of them.
CREATE VIEW validation_score AS
WITH one AS MATERIALIZED (SELECT arch, machine, op, left_out, inside, measured > predicted_high AS above, error FROM validation),
cell AS (SELECT * FROM one UNION ALL SELECT arch, machine, 'all', left_out, inside, above, error FROM one),
sorted AS MATERIALIZED (SELECT arch, machine, op, error, row_number() OVER w AS rank, count(*) OVER (PARTITION BY arch, machine, op) AS n
	FROM cell WHERE left_out IS NULL WINDOW w AS (PARTITION BY arch, machine, op ORDER BY error))
SELECT arch, machine, op, count(*) FILTER (WHERE left_out IS NULL) AS cells, count(left_out) AS left_out,
	count(*) FILTER (WHERE left_out IS NOT NULL AND inside) AS left_out_inside,
	count(*) FILTER (WHERE left_out IS NULL AND inside) AS inside,
	count(*) FILTER (WHERE left_out IS NULL AND NOT inside AND above) AS above,
	count(*) FILTER (WHERE left_out IS NULL AND NOT inside AND NOT above) AS below,
	(SELECT avg(s.error) FROM sorted s WHERE s.arch = c.arch AND s.machine = c.machine AND s.op = c.op
		AND s.rank IN ((s.n + 1) / 2, (s.n + 2) / 2)) AS error
FROM cell c GROUP BY arch, machine, op;
