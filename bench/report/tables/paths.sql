-- SPDX-License-Identifier: GPL-2.0
-- Paths of reclaim: was each taken, and what its batches met.
SELECT name AS path, verdict AS "", fixed(batches, 0) AS batches, fixed(pages, 0) AS pages, fixed(rejected, 0) AS rejected,
	fixed(hits, 0) AS hits, fixed(swapped, 0) AS swapped, note AS " "
FROM path ORDER BY id;

SELECT paths || ' paths: ' || ok || ' ok, ' || failed || ' failed, ' || skipped || ' skipped'
	|| iif(broken, ', ' || broken || ' could not be set up', '') AS ""
FROM path_count;
