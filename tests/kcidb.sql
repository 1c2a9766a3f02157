-- SPDX-License-Identifier: GPL-2.0
-- What version 5.0 of kcidb's schema asks of the objects that form-kcidb writes, each
-- violation a row: top level, checkouts, builds, tests, numbers and references.
-- :file is the JSON. Written from the facts of the schema (kcidb-io, v05_00).
CREATE TEMP TABLE doc (j TEXT NOT NULL);
INSERT INTO doc VALUES (CAST(readfile(:file) AS TEXT));
CREATE TEMP TABLE known (object TEXT, property TEXT, type TEXT, required INTEGER);
INSERT INTO known VALUES
	('top', 'version', 'object', 1), ('top', 'checkouts', 'array', 0), ('top', 'builds', 'array', 0), ('top', 'tests', 'array', 0),
	('version', 'major', 'integer', 1), ('version', 'minor', 'integer', 1),
	('checkouts', 'id', 'text', 1), ('checkouts', 'origin', 'text', 1), ('checkouts', 'misc', 'object', 0),
	('builds', 'id', 'text', 1), ('builds', 'checkout_id', 'text', 1), ('builds', 'origin', 'text', 1), ('builds', 'architecture', 'text', 0),
	('builds', 'compiler', 'text', 0), ('builds', 'misc', 'object', 0),
	('tests', 'id', 'text', 1), ('tests', 'build_id', 'text', 1), ('tests', 'origin', 'text', 1), ('tests', 'path', 'text', 0),
	('tests', 'status', 'text', 0), ('tests', 'number', 'object', 0), ('tests', 'environment', 'object', 0), ('tests', 'misc', 'object', 0),
	('number', 'value', 'number', 1), ('number', 'unit', 'text', 0), ('number', 'prefix', 'text', 0),
	('environment', 'comment', 'text', 0), ('environment', 'compatible', 'array', 0), ('environment', 'misc', 'object', 0);
CREATE TEMP TABLE object (kind TEXT, at TEXT, j TEXT);
INSERT INTO object SELECT 'top', '$', j FROM doc WHERE json_valid(j);
INSERT INTO object SELECT 'version', '$.version', json_extract(j, '$.version') FROM doc WHERE json_valid(j) AND json_type(j, '$.version') = 'object';
INSERT INTO object SELECT k.value, e.fullkey, e.value FROM doc, (SELECT 'checkouts' AS value UNION SELECT 'builds' UNION SELECT 'tests') k, json_each(j, '$.' || k.value) e
	WHERE json_valid(j);
INSERT INTO object SELECT k.value, o.at || '.' || k.value, json_extract(o.j, '$.' || k.value)
	FROM object o, (SELECT 'number' AS value UNION SELECT 'environment') k WHERE o.kind = 'tests' AND json_type(o.j, '$.' || k.value) = 'object';

SELECT 'this is no JSON' FROM doc WHERE NOT json_valid(j);
SELECT o.at || ' has no ' || k.property FROM object o JOIN known k ON k.object = o.kind WHERE k.required AND json_type(o.j, '$.' || k.property) IS NULL;
SELECT o.at || '.' || e.key || ' is not known' FROM object o, json_each(o.j) e WHERE e.key NOT IN (SELECT property FROM known WHERE object = o.kind);
SELECT o.at || '.' || e.key || ' is of type ' || e.type || ', not ' || k.type FROM object o, json_each(o.j) e JOIN known k ON k.object = o.kind AND k.property = e.key
	WHERE e.type <> k.type AND NOT (k.type = 'number' AND e.type IN ('integer', 'real'));
SELECT 'version is not 5.0' FROM object WHERE kind = 'version' AND (json_extract(j, '$.major') IS NOT 5 OR json_extract(j, '$.minor') IS NOT 0);
-- ^[a-z0-9_]+$ and ^[a-z0-9_]+:.*$, where . is no newline
SELECT o.at || '.origin is ' || json_extract(o.j, '$.origin') FROM object o WHERE o.kind IN ('checkouts', 'builds', 'tests')
	AND (json_extract(o.j, '$.origin') = '' OR json_extract(o.j, '$.origin') GLOB '*[^a-z0-9_]*');
SELECT o.at || '.' || e.key || ' is ' || e.value FROM object o, json_each(o.j) e WHERE e.key IN ('id', 'build_id', 'checkout_id')
	AND (instr(e.value, ':') < 2 OR substr(e.value, 1, instr(e.value, ':') - 1) GLOB '*[^a-z0-9_]*' OR instr(e.value, char(10)));
SELECT o.at || ': the id is not of the origin' FROM object o WHERE o.kind IN ('checkouts', 'builds', 'tests')
	AND substr(json_extract(o.j, '$.id'), 1, instr(json_extract(o.j, '$.id'), ':') - 1) <> json_extract(o.j, '$.origin');
SELECT o.kind || ': two have the id ' || json_extract(o.j, '$.id') FROM object o WHERE o.kind IN ('checkouts', 'builds', 'tests') GROUP BY o.kind, json_extract(o.j, '$.id')
	HAVING count(*) > 1;
SELECT o.at || '.architecture is ' || json_extract(o.j, '$.architecture') FROM object o WHERE o.kind = 'builds' AND json_extract(o.j, '$.architecture') GLOB '*[^a-z0-9_]*';
SELECT o.at || '.status is ' || json_extract(o.j, '$.status') FROM object o WHERE o.kind = 'tests'
	AND json_extract(o.j, '$.status') NOT IN ('FAIL', 'ERROR', 'MISS', 'PASS', 'DONE', 'SKIP');
SELECT o.at || '.path is ' || json_extract(o.j, '$.path') FROM object o WHERE o.kind = 'tests' AND (json_extract(o.j, '$.path') GLOB '*[^a-zA-Z0-9_.-]*'
	OR json_extract(o.j, '$.path') GLOB '.*' OR json_extract(o.j, '$.path') GLOB '*.' OR instr(json_extract(o.j, '$.path'), '..'));
SELECT o.at || '.prefix is ' || json_extract(o.j, '$.prefix') FROM object o WHERE o.kind = 'number' AND json_extract(o.j, '$.prefix') NOT IN ('metric', 'binary');
-- Not the schema's, but without these a test is in no report
SELECT o.at || ': no build has the id ' || json_extract(o.j, '$.build_id') FROM object o WHERE o.kind = 'tests'
	AND json_extract(o.j, '$.build_id') NOT IN (SELECT json_extract(j, '$.id') FROM object WHERE kind = 'builds');
SELECT o.at || ': no checkout has the id ' || json_extract(o.j, '$.checkout_id') FROM object o WHERE o.kind = 'builds'
	AND json_extract(o.j, '$.checkout_id') NOT IN (SELECT json_extract(j, '$.id') FROM object WHERE kind = 'checkouts');
SELECT o.at || ' has no evidence' FROM object o WHERE o.kind = 'tests' AND json_extract(o.j, '$.misc.evidence') IS NULL;
