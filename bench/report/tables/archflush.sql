-- SPDX-License-Identifier: GPL-2.0
-- What adding a page to a batch and flushing the batch takes of the CPU that does it.
SELECT 'Instructions of the initiator in add and flush, per page: stock, series, ratio.' AS title,
	v.batch_pages AS pages, v.cpus || iif(v.cpus > 1, ' CPUs', ' CPU') || '|' || w.head AS across,
	CASE w.head WHEN 'stock' THEN fixed(v.before, 2) WHEN 'series' THEN fixed(v.after, 2)
	ELSE fixed(v.ratio, 3) END AS value
FROM versus v JOIN (SELECT 1 AS rank, 'stock' AS head UNION ALL SELECT 2, 'series' UNION ALL SELECT 3, 'ratio') w
WHERE v.op = 'archflush' AND v.metric = 'ledger.insn_initiator' AND instr(v.variant, ':') = 0 AND v.pattern = 'contiguous'
	AND v.arch LIKE :arch
ORDER BY v.setting, v.variant, v.batch_pages, v.cpus, w.rank;
