-- SPDX-License-Identifier: GPL-2.0
-- Cells whose pages were not covered, for tlbreport lines --check.
SELECT 'coverage: ' || broken AS "" FROM cover_broken ORDER BY id;
