-- SPDX-License-Identifier: GPL-2.0
-- Faults that met a locked folio on the paths of reclaim, in percent of batched pages.
SELECT name AS "swap, way to reclaim", fixed(pages, 0) AS pages, fixed(rejected, 1) || '%' AS rejected, fixed(waits, 1) || '%' AS waits,
	fixed(refaulted, 1) || '%' AS refaults, fixed(CAST(insns_each AS INTEGER), 0) AS "insns a wait"
FROM path_wait ORDER BY id;
