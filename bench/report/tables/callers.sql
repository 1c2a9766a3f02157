-- SPDX-License-Identifier: GPL-2.0
-- Who asked for the interrupts or invalidations of an experiment, by function of the kernel; of
-- several seeds the median. In brackets the change from stock. Most first, event by event.
WITH sized AS (SELECT *, max(value) OVER (PARTITION BY arch, accel, evidence, kernel, cpus, op, batch_pages, work, event, function) AS most,
	CAST(substr(variant, instr(variant, '=') + 1) AS INTEGER) AS switch FROM asked_change)
SELECT op || ', ' || work || iif(batch_pages, ', ' || batch_pages || ' pages/call', '') || ' on ' || arch || ', kernel ' || kernel || ', '
		|| cpus || ' CPUs, accel ' || accel || ', evidence ' || evidence AS title,
	iif(function = '', substr(event, length('ledger.') + 1) || ', all', '  ' || function) AS "asked for by",
	replace(variant, 'tlbbatch:reclaim_batch.', '') AS across, short(value) || coalesce(' (' || percent(change) || ')', '') AS value
FROM sized WHERE most > 0 AND arch LIKE :arch
ORDER BY op, arch, kernel, cpus DESC, work, batch_pages DESC, accel, evidence, event, function <> '', most DESC, function,
	variant <> 'stock', instr(variant, ':'), switch, variant;
