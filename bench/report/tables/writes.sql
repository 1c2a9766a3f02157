-- SPDX-License-Identifier: GPL-2.0
-- Writes to swap on the paths of reclaim.
SELECT name AS path, fixed(pages, 0) AS pages, fixed(bios, 0) AS bios, fixed(pages_each, 1) AS "pages/bio", fixed(requests, 0) AS requests
FROM path_write ORDER BY id;
