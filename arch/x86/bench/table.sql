-- SPDX-License-Identifier: GPL-2.0
-- Selective flushes beside full ones, per flush. The kernel is the same; its ceiling is one
-- that each batch exceeds (0), or none does (512).
WITH head (rank, metric, op_cpus, above) AS (VALUES
	(1, 'ledger.invlpg', 8, 'INVLPG per CPU'),
	(2, 'ledger.insn_initiator.arch_tlbbatch_flush', 1, '1 CPU'),
	(3, 'ledger.insn_initiator.arch_tlbbatch_flush', 2, '2 CPUs'),
	(4, 'ledger.insn_initiator.arch_tlbbatch_flush', 8, '8 CPUs'),
	(5, 'ledger.insn_victims.flush_tlb_func', 8, 'each target'),
	(6, 'ledger.tlb_refills_victims', 2, 'refills')),
flushed AS (
	SELECT c.batch_pages, h.rank, h.above, iif(c.variant LIKE '%.ceiling=0', 'full', 'sel') AS name, s.pattern,
		CASE h.rank WHEN 1 THEN fixed(p.each_cpu, 0) WHEN 5 THEN fixed(p.each_target, 0) WHEN 6 THEN fixed(p.value, 1)
		ELSE fixed(p.value, 0) END AS value
	FROM cell c JOIN setting s ON s.id = c.setting JOIN head h ON h.op_cpus = c.cpus
	JOIN metric m ON m.name = h.metric JOIN per_call p ON p.cell = c.id AND p.metric = m.id
	WHERE c.op = 'archflush' AND c.variant LIKE '%.ceiling=%' AND (h.rank = 6) = (s.pattern LIKE '%+writers'))
SELECT 'Full and selective flush of a batch of contiguous pages of one mm, per flush:' || char(10) ||
	'INVLPG per CPU; instructions of arch_tlbbatch_flush(), and of flush_tlb_func() on' || char(10) ||
	'each target CPU; TLB refills of a CPU that uses 512 pages (modelled).' AS title,
	batch_pages AS pages, above || '|' || name AS across, value
FROM flushed ORDER BY batch_pages, rank, name;

SELECT 'Crossover, evidence model: pages up to which a selective flush is cheaper on a CPU that' || char(10) ||
	'has W other entries in use, by the prices of each machine: typical, least to most.' AS title,
	k.machine, fixed(p.typical, 0) AS "INVLPG, ns", fixed(f.typical, 0) AS "full, ns", fixed(r.typical, 1) AS "refill, ns",
	'W=' || k.used AS across, fixed(CAST(k.typical AS INTEGER), 0) || ' (' || fixed(CAST(k.low AS INTEGER), 0) || '-' || fixed(CAST(k.high AS INTEGER), 0) || ')' AS value
FROM crossover k JOIN cost p ON p.arch = k.arch AND p.machine = k.machine AND p.role = 'crossover' AND p.event = 'page'
JOIN cost f ON f.arch = k.arch AND f.machine = k.machine AND f.role = 'crossover' AND f.event = 'everything'
JOIN cost r ON r.arch = k.arch AND r.machine = k.machine AND r.role = 'crossover' AND r.event = 'refill'
WHERE k.arch = 'x86'
ORDER BY k.machine, k.used;
