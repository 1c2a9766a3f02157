-- SPDX-License-Identifier: GPL-2.0
-- Reclaim of mapped folios by each kernel, with and without batched unmapping (unbatched:
-- rmap.unmap_batched=0), and what batched unmapping and then the series change.
WITH line AS (
	SELECT arch, kernel, cpus, pattern, metric, 1 AS part, replace(variant, 'rmap.unmap_batched=0', 'unbatched') AS across,
		iif(value >= 100, fixed(value, 1), fixed(value, 4)) AS value, cell FROM folio
	UNION ALL SELECT arch, kernel, cpus, pattern, metric, 2, 'batched unmapping', percent(unmap_change), cell FROM folio_pair
	UNION ALL SELECT arch, kernel, cpus, pattern, metric, 3, 'series', percent(series_change), cell FROM folio_pair)
SELECT 'filereclaim on ' || l.arch || ', kernel ' || l.kernel || ', ' || l.cpus || ' CPUs, evidence count; per page that was unmapped: '
	|| n.words AS title, l.pattern AS memory, l.across, l.value
FROM line l JOIN named n ON n.arch = l.arch AND n.metric = l.metric AND n.shown LIKE '%,folios,%'
WHERE l.arch LIKE :arch AND (SELECT max(f.value) FROM folio f WHERE f.arch = l.arch AND f.kernel = l.kernel AND f.cpus = l.cpus AND f.metric = l.metric) > 0
ORDER BY l.arch, l.kernel, l.cpus, n.rank, min(l.cell) OVER (PARTITION BY l.arch, l.kernel, l.cpus, l.pattern), l.part, l.cell;
