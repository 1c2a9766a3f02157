-- SPDX-License-Identifier: GPL-2.0
-- How many counts were compared by a table of agree.tsv, for tlbreport lines.
SELECT compared || ' comparisons in ' || cells || ' cells, ' || disagree || ' disagree' AS "" FROM agree_count;
