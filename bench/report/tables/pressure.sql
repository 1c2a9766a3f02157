-- SPDX-License-Identifier: GPL-2.0
-- Counts of two kernels short of memory, over seeds, and whether the second one is worse.
WITH kernel AS (SELECT max(kernel) FILTER (WHERE rank = 1) AS first, max(kernel) FILTER (WHERE rank = 2) AS second FROM pressure_kernel),
part (part) AS (VALUES (1), (2), (3), (4), (5), (6), (7))
SELECT (SELECT count(DISTINCT seed) FROM pressure_run) || ' runs of each kernel' AS title, title AS count,
	CASE part WHEN 1 THEN first || '|median' WHEN 2 THEN first || '|range' WHEN 3 THEN second || '|median' WHEN 4 THEN second || '|range' WHEN 5 THEN 'shift' WHEN 6 THEN '95 % limits' ELSE 'p' END AS across,
	CASE part WHEN 1 THEN fixed(before, 0) WHEN 2 THEN fixed(before_low, 0) || ' to ' || fixed(before_high, 0) WHEN 3 THEN fixed(after, 0)
	WHEN 4 THEN fixed(after_low, 0) || ' to ' || fixed(after_high, 0) WHEN 5 THEN signed(shift, 0)
	WHEN 6 THEN signed(low, 0) || ' to ' || signed(high, 0) ELSE fixed(p, 3) END AS value
FROM pressure JOIN kernel JOIN part ORDER BY rank, part;

SELECT coalesce('worse with ' || k.kernel || ': ' || (SELECT group_concat(title, ', ') FROM (SELECT title FROM pressure WHERE bad ORDER BY rank)),
	'no count is worse with ' || k.kernel) AS ""
FROM pressure_kernel k WHERE k.rank = 2;
