-- SPDX-License-Identifier: GPL-2.0
-- Writes to pages that reclaim has in hand, with each kernel.
SELECT rtrim(rtrim(name, '0123456789'), '/') AS "memory/mappings/batch/page", kernel, iif(page = 'held', fixed(held_each, 1), NULL) AS held,
	fixed(waited_share, 1) || '%' AS waited, fixed(wait_each, 0) AS "mean wait", fixed(longest, 0) AS longest,
	fixed(copied_share, 1) || '%' AS copied, fixed(swapped_share, 1) || '%' AS "read in", fixed(write_each, 0) AS "insns/write"
FROM meet ORDER BY min(id) OVER (PARTITION BY name), rank;
