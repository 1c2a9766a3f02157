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

-- ---- scripts/oom.sh ----
-- Pair, limit in MiB, seed, variant and kills; the two runs of a pair follow one another.
CREATE VIEW oom_pair AS
SELECT a.id, a.f2 AS limit_mib, a.f3 AS seed, a.f4 AS first, a.f5 AS before, b.f4 AS second, b.f5 AS after
FROM line a JOIN line b ON b.id = a.id + 1 AND b.f1 = a.f1 AND b.f4 <> a.f4 AND b.f5 IS NOT NULL;

-- Limits of the mean difference, one-sided, by Student's t. The study looks at its results
-- four times at most, so each look has a quarter of 5 %: a limit is wrong at any look in at
-- most 5 % of all studies. The quantile is the first three terms of its expansion in 1/df
-- (Abramowitz and Stegun 26.7.5), 0.6 % too small with the 7 degrees of the first look. If all
-- differences are equal, t gives no limits: take those of a Poisson mean of which no event
-- was seen, -ln(0.0125) / pairs. The bound has a separate line.
CREATE VIEW oom AS
WITH z (z) AS (SELECT 2.241403),
seen AS (SELECT count(*) AS pairs, min(first) AS first, sum(before) AS before, min(second) AS second, sum(after) AS after,
	avg(after - before) AS mean, count(*) - 1 AS df, total((after - before) * (after - before)) AS squares FROM oom_pair HAVING count(*) > 1),
spread AS (SELECT *, (squares - pairs * mean * mean) / df AS variance,
	z + (z * z * z + z) / (4 * df) + (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / (96 * df * df) AS t FROM seen JOIN z),
wide AS (SELECT *, iif(variance > 0, t * sqrt(variance / pairs), 4.382027 / pairs) AS half FROM spread)
SELECT w.*, mean - half AS low, mean + half AS high, l.f2 AS bound,
	CASE WHEN mean + half <= l.f2 THEN 'at most the bound of ' WHEN mean - half > l.f2 THEN 'above the bound of ' ELSE 'not decided, bound ' END AS verdict
FROM wide w JOIN line l ON l.f1 = 'bound';

-- ---- scripts/pressure.sh ----
-- Variant, seed, name and value. rank: the first variant is the one to compare with.
CREATE VIEW pressure_kernel AS
SELECT f1 AS kernel, row_number() OVER (ORDER BY min(id)) AS rank FROM line WHERE f4 IS NOT NULL AND f5 IS NULL GROUP BY f1;

CREATE VIEW pressure_run AS
SELECT k.rank AS kernel, l.f2 AS seed, iif(l.f3 GLOB 'allocstall_*', 'allocstall', l.f3) AS name, sum(iif(l.f3 = 'ns', l.f4 / 1e6, l.f4)) AS value
FROM line l JOIN pressure_kernel k ON k.kernel = l.f1 WHERE l.f4 IS NOT NULL AND l.f5 IS NULL GROUP BY 1, 2, 3;

-- worse: the sign of what is worse, 0 if it is printed only. always: a run that an OOM kill
-- ended has this count, too.
CREATE VIEW pressure_name AS
WITH name (rank, name, worse, always, title) AS (VALUES (1, 'least_free', -1, 0, 'least free pages'), (2, 'alloc_failures', 1, 1, 'failed allocations'),
	(3, 'failed_writes', 1, 0, 'failed writes to zram'), (4, 'oom_kill', 1, 1, 'OOM kills'), (5, 'allocstall', 1, 0, 'allocations that reclaim'),
	(6, 'pswpout', 1, 0, 'pages swapped out'), (7, 'pswpin', 1, 0, 'pages swapped in'), (8, 'pgscan_kswapd', 0, 0, 'pages scanned by kswapd'),
	(9, 'pgscan_direct', 0, 0, 'pages scanned by tasks'), (10, 'ns', 1, 0, 'million instructions, all CPUs'))
SELECT * FROM name;

CREATE VIEW pressure_missing AS
WITH seed AS (SELECT count(DISTINCT seed) AS n FROM pressure_run)
SELECT 0 AS rank, printf('there are %d variants and %d seeds: two and at least two are needed', count(*), max(n)) AS missing
FROM pressure_kernel JOIN seed HAVING count(*) <> 2 OR max(n) < 2
UNION ALL SELECT n.rank, n.name || ' is missing for some seeds of ' || k.kernel
FROM pressure_name n JOIN pressure_kernel k JOIN seed
WHERE (SELECT count(*) FROM pressure_run r WHERE r.kernel = k.rank AND r.name = n.name)
	< max(2, seed.n - iif(n.always, 0, (SELECT count(*) FROM pressure_run r WHERE r.kernel = k.rank AND r.name = 'oom_kill' AND r.value > 0)));

-- Medians and ranges of both kernels; the shift from the first one to the second, and how
-- probable such a shift is by chance (bench/report/rank.c). With so many counts one may be
-- worse by chance, so bad is that the test rejects at 5 % divided by their number.
CREATE VIEW pressure AS
WITH test AS (SELECT n.rank, n.title, n.worse,
	median(r.value) FILTER (WHERE r.kernel = 1) AS before, min(r.value) FILTER (WHERE r.kernel = 1) AS before_low, max(r.value) FILTER (WHERE r.kernel = 1) AS before_high,
	median(r.value) FILTER (WHERE r.kernel = 2) AS after, min(r.value) FILTER (WHERE r.kernel = 2) AS after_low, max(r.value) FILTER (WHERE r.kernel = 2) AS after_high,
	rank_shift(r.value, r.kernel = 2) AS shift, rank_low(r.value, r.kernel = 2) AS low, rank_high(r.value, r.kernel = 2) AS high, rank_p(r.value, r.kernel = 2) AS p
	FROM pressure_name n JOIN pressure_run r ON r.name = n.name GROUP BY n.rank)
SELECT *, worse * shift > 0 AND p < 0.05 / (SELECT count(*) FROM pressure_name WHERE worse <> 0) AS bad FROM test;
