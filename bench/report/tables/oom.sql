-- SPDX-License-Identifier: GPL-2.0
-- OOM kills of two kernels, pair by pair, and limits of the mean difference.
SELECT limit_mib AS MiB, seed, CAST(before AS INTEGER) || ' (' || first || ')' AS kills, CAST(after AS INTEGER) || ' (' || second || ')' AS " "
FROM oom_pair ORDER BY id;

SELECT pairs || ' pairs, ' || first || ' ' || CAST(before AS INTEGER) || ' kills, ' || second || ' ' || CAST(after AS INTEGER)
	|| ': mean difference ' || signed(mean, 2) || ' per pair, limits ' || signed(low, 2) || ' and ' || signed(high, 2) || ': ' || verdict || bound AS ""
FROM oom UNION ALL SELECT 'not decided: ' || count(*) || ' pair' FROM oom_pair HAVING count(*) = 1;
