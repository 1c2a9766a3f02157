-- SPDX-License-Identifier: GPL-2.0
-- What is worse with head, for tlbreport show --check.
SELECT 'worse on ' || arch || ': ' || op AS "", words || iif(words = metric, '', ' (' || metric || ')') AS " ", count(*) || ' cells' AS "  "
FROM ab_judged WHERE judged AND more > 0 AND (:least = 0 OR abs(coalesce(change, 1e9)) >= :least)
GROUP BY arch, op, metric;
