-- SPDX-License-Identifier: GPL-2.0
-- A broadcast (archflush) beside the same pages on one CPU (archflush.local), for one kernel.
-- Instructions are those of the initiator, less those of the loop alone.
WITH counted AS (
	SELECT c.op, c.batch_pages, c.cpus, m.name AS metric, p.value
	FROM cell c JOIN per_call p ON p.cell = c.id JOIN metric m ON m.id = p.metric
	UNION ALL SELECT c.op, c.batch_pages, c.cpus, 'net.insn', n.value
	FROM cell c JOIN net_per_call n ON n.cell = c.id JOIN metric m ON m.id = n.metric AND m.name = 'ledger.insn_initiator'),
head (rank, op, metric, above, name) AS (VALUES
	(1, 'archflush', 'ledger.tlbi_is', 'broadcast', 'TLBI *IS'),
	(2, 'archflush', 'ledger.dsb_ish', 'broadcast', 'DSB ISH'),
	(3, 'archflush', 'net.insn', 'broadcast', 'instructions'),
	(4, 'archflush.local', 'ledger.tlbi_local', 'on one CPU', 'TLBI local'),
	(5, 'archflush.local', 'ledger.dsb_nsh', 'on one CPU', 'DSB NSH'),
	(6, 'archflush.local', 'net.insn', 'on one CPU', 'instructions'))
SELECT 'Per flush of stock: TLBIs and their barrier, broadcast and on one CPU alone.' AS title,
	c.batch_pages AS pages, c.cpus AS CPUs, h.above || '|' || h.name AS across, fixed(c.value, 2) AS value
FROM head h JOIN counted c ON c.op = h.op AND c.metric = h.metric
ORDER BY c.cpus, c.batch_pages, h.rank;
