-- SPDX-License-Identifier: GPL-2.0
-- Lines of fields that tools print, other than rows of the CSV contract, and what is derived
-- from them. Such a store is not kept.
CREATE TABLE line (
	id INTEGER PRIMARY KEY,
	file TEXT NOT NULL,
	f1 NUMERIC, f2 NUMERIC, f3 NUMERIC, f4 NUMERIC, f5 NUMERIC, f6 NUMERIC, f7 NUMERIC, f8 NUMERIC, f9 NUMERIC, f10 NUMERIC,
	f11 NUMERIC, f12 NUMERIC, f13 NUMERIC, f14 NUMERIC, f15 NUMERIC, f16 NUMERIC, f17 NUMERIC, f18 NUMERIC, f19 NUMERIC, f20 NUMERIC
);

-- ---- tlbpaths ----
-- A path that was run, MEMORY/SWAP/LRU/WAY/OPERATION: its verdict, its batches and what they met.
CREATE VIEW path AS
SELECT id, f2 AS name, json_extract('["' || replace(f2, '/', '","') || '"]', '$[1]') AS swap,
	json_extract('["' || replace(f2, '/', '","') || '"]', '$[2]') AS lru, json_extract('["' || replace(f2, '/', '","') || '"]', '$[3]') AS way,
	f3 AS verdict, f4 AS batches, f5 AS pages, f6 AS rejected, f7 AS hits, f8 AS swapped, f9 AS refaulted, f10 AS requests, f11 AS merged,
	f13 AS waits, f14 AS kinsns, f17 AS note
FROM line WHERE f1 = 'path';

CREATE VIEW path_count AS
SELECT count(*) AS paths, count(*) FILTER (WHERE verdict = 'ok') AS ok, count(*) FILTER (WHERE verdict = 'fail') AS failed,
	count(*) FILTER (WHERE verdict = 'skip') AS skipped, count(*) FILTER (WHERE verdict = 'broken') AS broken
FROM path HAVING count(*);

-- Writes to swap; runs of several seeds are added up. A request may carry several bios.
CREATE VIEW path_write AS
SELECT min(id) AS id, name, sum(swapped) AS pages, sum(requests) AS requests, sum(requests + merged) AS bios,
	1.0 * sum(swapped) / sum(requests + merged) AS pages_each
FROM path WHERE requests > 0 GROUP BY name;

-- Faults that met a locked folio, by way to reclaim, in percent of the pages that were batched.
CREATE VIEW path_wait AS
SELECT min(id) AS id, swap || ' ' || way AS name, sum(pages) AS pages, 100.0 * sum(rejected) / nullif(sum(pages), 0) AS rejected,
	100.0 * sum(waits) / nullif(sum(pages), 0) AS waits, 100.0 * sum(refaulted) / nullif(sum(pages), 0) AS refaulted,
	coalesce(1000 * sum(kinsns) / nullif(sum(waits), 0), 0) AS insns_each
FROM path GROUP BY swap, way;

-- Batches of one size, way to reclaim and reason to flush.
CREATE VIEW path_flush AS
SELECT id, json_extract('["' || replace(f2, '/', '","') || '"]', '$[2]') || ' ' || json_extract('["' || replace(f2, '/', '","') || '"]', '$[3]')
	|| iif(f6 = 'kswapd', ', by kswapd', '') AS name, f4 AS pages, f5 AS mms, f7 AS reason, f8 AS batches
FROM line WHERE f1 = 'flush';

-- Powers of two up to the largest batch
CREATE VIEW path_size AS
WITH RECURSIVE size (pages) AS (SELECT 1 UNION ALL SELECT 2 * pages FROM size WHERE pages < (SELECT max(pages) FROM path_flush))
SELECT pages FROM size WHERE (SELECT count(*) FROM path_flush);

CREATE VIEW path_batch AS
SELECT min(id) AS id, name, sum(batches) AS batches, 1.0 * sum(batches * pages) / sum(batches) AS pages_each,
	1.0 * sum(batches * mms) / sum(batches) AS mms_each
FROM path_flush GROUP BY name;

-- Percent of the batches that have a size, or ended for a reason.
CREATE VIEW path_share AS
SELECT b.id, b.name, s.pages AS rank, '<=' || s.pages AS of, coalesce((SELECT 100.0 * sum(f.batches) FROM path_flush f WHERE f.name = b.name
	AND f.pages <= s.pages AND 2 * f.pages > s.pages), 0) / b.batches AS share
FROM path_batch b JOIN path_size s
UNION ALL SELECT b.id, b.name, 1e9 + r.rank, r.of, coalesce((SELECT 100.0 * sum(f.batches) FROM path_flush f WHERE f.name = b.name
	AND f.reason = r.of), 0) / b.batches
FROM path_batch b JOIN (SELECT 1 AS rank, 'full' AS of UNION ALL SELECT 2, 'end' UNION ALL SELECT 3, 'wait') r;

-- ---- tests/meet.c ----
-- Writes to pages that reclaim has in hand, MEMORY/MAPPINGS/BATCH/PAGE/WRITES, with the
-- kernel whose folder has the file. rank: the order of the files.
CREATE VIEW meet_value AS
SELECT id, file, json_extract('["' || replace(file, '/', '","') || '"]', '$[#-2]') AS kernel, f1 AS name, f2 AS metric, f3 AS value
FROM line WHERE f3 IS NOT NULL AND f4 IS NULL;

CREATE VIEW meet_count AS
WITH named AS (SELECT file, row_number() OVER (ORDER BY min(id)) AS rank FROM meet_value GROUP BY file)
SELECT min(id) AS id, rank, kernel, name,
	max(value) FILTER (WHERE metric = 'writes') AS writes, max(value) FILTER (WHERE metric = 'held') AS held,
	max(value) FILTER (WHERE metric = 'samples') AS samples, max(value) FILTER (WHERE metric = 'waited') AS waited,
	max(value) FILTER (WHERE metric = 'waited_insns') AS waited_insns, max(value) FILTER (WHERE metric = 'waited_max') AS longest,
	max(value) FILTER (WHERE metric = 'copied') AS copied, max(value) FILTER (WHERE metric = 'swapped') AS swapped,
	max(value) FILTER (WHERE metric = 'write_insns') AS write_insns, max(value) FILTER (WHERE metric = 'quiet_insns') AS quiet_insns,
	max(value) FILTER (WHERE metric = 'quiet_pswpout') AS quiet_pages
FROM meet_value JOIN named USING (file) GROUP BY file, name;

-- In percent of the writes; a wait and a write in instructions; and those of a page if
-- nothing writes.
CREATE VIEW meet AS
SELECT *, json_extract('["' || replace(name, '/', '","') || '"]', '$[0]') AS memory, CAST(json_extract('["' || replace(name, '/', '","') || '"]', '$[2]') AS INTEGER) AS batch,
	json_extract('["' || replace(name, '/', '","') || '"]', '$[3]') AS page,
	1.0 * held / samples AS held_each, 100.0 * waited / writes AS waited_share, coalesce(1.0 * waited_insns / nullif(waited, 0), 0) AS wait_each,
	100.0 * copied / writes AS copied_share, 100.0 * swapped / writes AS swapped_share, 1.0 * write_insns / writes AS write_each,
	1.0 * quiet_insns / quiet_pages AS page_each
FROM meet_count WHERE writes > 0 AND quiet_pages > 0;

-- Bounds of the second kernel that do not hold. A write to private memory waits at most for
-- the work on one batch, and one to shared memory for that on 4 pages: for each page, a
-- quarter more instructions than the first kernel executes for a page if nothing writes. Of
-- writes to any page, no more copy it than find one being written, and one write to swap has
-- 32 of the 512 pages at most; they cost at most a quarter more than with the first kernel.
CREATE VIEW meet_broken AS
SELECT b.id, 1 AS rank, b.name, printf('a write waited for %.0f instructions, more than %.0f for the work on %d pages', b.longest,
	1.25 * iif(b.memory = 'shared', 4, b.batch) * a.page_each, iif(b.memory = 'shared', 4, b.batch)) AS broken
FROM meet a JOIN meet b ON b.name = a.name AND b.rank = 2 WHERE a.rank = 1 AND b.longest > 1.25 * iif(b.memory = 'shared', 4, b.batch) * a.page_each
UNION ALL SELECT id, 2, name, printf('%d of %d writes copied their page, more than 32 of 512', copied, writes)
FROM meet WHERE rank = 2 AND page = 'any' AND copied > writes * 32.0 / 512
UNION ALL SELECT b.id, 3, b.name, printf('a write costs more than %.0f instructions', 1.25 * a.write_each)
FROM meet a JOIN meet b ON b.name = a.name AND b.rank = 2 WHERE a.rank = 1 AND b.page = 'any' AND b.write_each > 1.25 * a.write_each
UNION ALL SELECT a.id, 0, a.name, 'there are no results of ' || k.kernel
FROM (SELECT name, min(id) AS id FROM meet_value GROUP BY name) a JOIN (SELECT DISTINCT kernel, file FROM meet_value) k
WHERE NOT EXISTS (SELECT 1 FROM meet m WHERE m.name = a.name AND m.kernel = k.kernel);
