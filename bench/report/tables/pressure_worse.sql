-- SPDX-License-Identifier: GPL-2.0
-- Counts that are worse with the second kernel, for tlbreport lines --check.
SELECT title AS "counts that are worse" FROM pressure WHERE bad ORDER BY rank;
