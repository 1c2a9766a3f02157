-- SPDX-License-Identifier: GPL-2.0
-- A server whose cold memory is paged out while it answers.
SELECT v.pattern || ' on ' || v.arch || ', kernel ' || v.kernel || ', ' || v.cpus || ' CPUs, accel ' || v.accel || ', evidence ' || v.evidence
		|| '; per page that was paged out, less the control' AS title,
	n.words AS count, v.batch_pages AS "pages a call", v.variant AS kernel, short(v.before) AS stock, short(v.after) AS "this kernel",
	percent(v.change) AS change
FROM versus v JOIN named n ON n.arch = v.arch AND n.metric = v.metric AND n.shown LIKE '%,serve,%'
WHERE v.op = 'serve' AND v.evidence = 'count' AND v.before > 0 AND v.arch LIKE :arch
ORDER BY v.arch, v.source, v.pattern, v.cpus, n.rank, v.batch_pages, v.variant;
