-- SPDX-License-Identifier: GPL-2.0
-- Counts that are missing, for tlbreport lines --check.
SELECT missing AS "counts that are missing" FROM pressure_missing ORDER BY rank LIMIT 1;
