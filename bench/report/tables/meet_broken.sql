-- SPDX-License-Identifier: GPL-2.0
-- Bounds of the second kernel that do not hold, for tlbreport lines --check.
SELECT name || ': ' || broken AS "bounds that do not hold" FROM meet_broken ORDER BY id, rank;
