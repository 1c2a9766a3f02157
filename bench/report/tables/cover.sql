-- SPDX-License-Identifier: GPL-2.0
-- Operands of flushes that covered every page.
SELECT model || ': ' || cells || ' cells, ' || fixed(pages, 0) || ' pages: covered' AS "" FROM cover_count;
