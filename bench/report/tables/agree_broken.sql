-- SPDX-License-Identifier: GPL-2.0
-- Counts that do not agree, for tlbreport lines --check; nor is it agreement where none were compared.
SELECT cell || ': ' || one || ' is ' || fixed(one_value, 0) || ', ' || other || ' is ' || fixed(other_value, 0) AS ""
FROM agreement WHERE NOT agrees ORDER BY id, rule;
SELECT 'no cell has the metrics of a rule' AS "" FROM agree_count WHERE NOT compared;
