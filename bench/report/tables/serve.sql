-- SPDX-License-Identifier: GPL-2.0
-- A server whose cold memory is paged out while it answers; of its passes, less what the same
-- requests take without paging out. In brackets the change from stock.
SELECT server || ' on ' || arch || ', kernel ' || kernel || ', ' || cpus || ' CPUs, accel ' || accel || ', evidence ' || evidence
		|| char(10) || words || iif(part < 4, ', per ' || per || ', less those without paging out', '') AS title,
	batch_pages AS "pages/call", replace(variant, 'tlbbatch:reclaim_batch.', '') AS across,
	iif(part = 1, fixed(value, 1), short(value)) || coalesce(' (' || percent(change) || ')', '') AS value
FROM (SELECT *, max(value) OVER (PARTITION BY arch, accel, evidence, kernel, server, cpus, part, words) AS most,
	CAST(substr(variant, instr(variant, '=') + 1) AS INTEGER) AS switch FROM served_change)
WHERE most > 0 AND arch LIKE :arch
ORDER BY arch, server, kernel, cpus DESC, accel, evidence, part, rank, batch_pages DESC, variant <> 'stock', instr(variant, ':'), switch, variant;
