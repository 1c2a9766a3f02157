-- SPDX-License-Identifier: GPL-2.0
-- What study patches gain beyond the sets.
SELECT v.op || ' on ' || v.arch || ', kernel ' || v.kernel || ', ' || v.cpus || ' CPUs, accel ' || v.accel || ', evidence ' || v.evidence
		|| '; per page, less the control' AS title,
	n.words AS count, v.pattern, v.batch_pages AS "pages/call", short(v.before) AS stock,
	iif(v.variant = 'tlbbatch', 'with study patches', v.variant) AS across, short(v.after) AS value
FROM versus v JOIN named n ON n.arch = v.arch AND n.metric = v.metric AND n.shown LIKE '%,gains,%'
WHERE v.arch LIKE :arch
ORDER BY v.op, v.cpus, n.rank, v.setting, v.batch_pages, v.variant = 'tlbbatch';
