-- SPDX-License-Identifier: GPL-2.0
-- The operations of a flush, for all CPUs. Columns are stock, which has one TLBI per page,
-- series, no holes (the series without bridged holes) and no limit (never the whole ASID, so
-- by range where the CPU can). The whole ASID is always one TLBI, two with KPTI.
WITH run AS (
	SELECT c.id, s.cpu_model, s.pattern, c.batch_pages,
		substr(c.variant, 1, instr(c.variant || ':', ':') - 1) AS kernel, substr(c.variant, instr(c.variant || ':', ':') + 1) AS switches
	FROM cell c JOIN setting s ON s.id = c.setting WHERE c.op = 'archflush'),
named AS (
	SELECT *, cpu_model || rtrim('+' || replace(replace(switches, 'tlbbatch.holes=0', ''), 'tlbbatch.max_tlbi=4096', ''), '+') AS cpu,
		CASE WHEN switches LIKE '%tlbbatch.holes=0' THEN 'no holes' WHEN switches LIKE '%tlbbatch.max_tlbi=4096' THEN 'no limit'
		WHEN kernel = 'stock' THEN 'stock' ELSE 'series' END AS name
	FROM run),
head (rank, metric, above, name) AS (VALUES
	(1, 'ledger.tlbi', 'TLBI', 'stock'), (2, 'ledger.tlbi', 'TLBI', 'series'), (3, 'ledger.tlbi', 'TLBI', 'no holes'),
	(4, 'ledger.tlbi', 'TLBI', 'no limit'), (5, 'ledger.dsb_ishst', 'DSB ISHST', 'stock'), (6, 'ledger.dsb_ishst', 'DSB ISHST', 'series'),
	(7, 'ledger.dsb_ish', 'DSB ISH', 'stock'), (8, 'ledger.dsb_ish', 'DSB ISH', 'series'))
SELECT 'Per flush: broadcast TLBIs, DSB ISHST, DSB ISH.' AS title, n.cpu AS CPU, n.pattern, n.batch_pages AS pages,
	h.above || '|' || h.name AS across, fixed(p.value, 2) AS value
FROM named n JOIN head h ON h.name = n.name JOIN metric m ON m.name = h.metric JOIN per_call p ON p.cell = n.id AND p.metric = m.id
ORDER BY min(n.id) OVER (PARTITION BY n.cpu, n.pattern, n.batch_pages), h.rank;
