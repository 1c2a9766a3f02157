-- SPDX-License-Identifier: GPL-2.0
-- Sizes of batches on the paths of reclaim, in pages, and why each was flushed.
SELECT b.name AS "LRU and way to reclaim", fixed(b.batches, 0) AS batches, fixed(b.pages_each, 1) AS "pages/batch", fixed(b.mms_each, 2) AS "mms/batch",
	s.of AS across, fixed(s.share, 1) || '%' AS value
FROM path_batch b JOIN path_share s ON s.name = b.name
ORDER BY b.id, s.rank;
