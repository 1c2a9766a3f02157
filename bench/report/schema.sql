-- SPDX-License-Identifier: GPL-2.0
-- The store: rows of the CSV contract, the prices of events, what made them.
-- Nothing in here is derived; that is what the views are for.

-- A file of rows. own: the sweep of this project's kernels, which defines what the
-- names of variants stand for. envelope: the JSON beside it, whole.
CREATE TABLE source (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	sha256 TEXT NOT NULL UNIQUE,
	own INTEGER NOT NULL,
	envelope TEXT NOT NULL CHECK (json_valid(envelope))
);

-- The image of a variant, as the envelope of an own source names it.
CREATE TABLE kernel (
	arch TEXT NOT NULL,
	variant TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	PRIMARY KEY (arch, variant, sha256)
) WITHOUT ROWID;

-- What can be compared: all but the variant, the call and its size.
CREATE TABLE setting (
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source,
	arch TEXT NOT NULL,
	cpu_model TEXT NOT NULL,
	accel TEXT NOT NULL,
	evidence TEXT NOT NULL,
	kernel TEXT NOT NULL,
	pattern TEXT NOT NULL,
	UNIQUE (source, arch, cpu_model, accel, evidence, kernel, pattern)
);

-- What was measured together: ids are in the order of the file.
-- pages, calls: tool.pages and tool.calls, by which others are divided.
-- control: the same call that invalidates nothing.
CREATE TABLE cell (
	id INTEGER PRIMARY KEY,
	setting INTEGER NOT NULL REFERENCES setting,
	variant TEXT NOT NULL,
	op TEXT NOT NULL,
	batch_pages INTEGER NOT NULL,
	cpus INTEGER NOT NULL,
	pages REAL,
	calls REAL,
	control INTEGER REFERENCES cell,
	UNIQUE (setting, op, batch_pages, cpus, variant)
);

-- total: over all rounds of a cell, so that it can be divided by pages; a median
-- or a ratio cannot.
CREATE TABLE metric (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	unit TEXT NOT NULL,
	total INTEGER NOT NULL
);

CREATE TABLE value (
	cell INTEGER NOT NULL REFERENCES cell,
	metric INTEGER NOT NULL REFERENCES metric,
	value REAL NOT NULL,
	PRIMARY KEY (cell, metric)
) WITHOUT ROWID;

-- What one event takes, from arch/<arch>/bench/costs/<machine>.tsv, in ns.
-- role: whose time it is (initiator, victims, machine), or crossover.
-- The events are those of metric `counted' less those of `less', if any.
CREATE TABLE cost (
	id INTEGER PRIMARY KEY,
	arch TEXT NOT NULL,
	machine TEXT NOT NULL,
	role TEXT NOT NULL,
	event TEXT NOT NULL,
	counted TEXT NOT NULL,
	less TEXT NOT NULL,
	low REAL NOT NULL,
	typical REAL NOT NULL,
	high REAL NOT NULL,
	grade TEXT NOT NULL,
	source TEXT NOT NULL,
	UNIQUE (arch, machine, role, event)
);

-- About a machine: what it is, and the CPU model by which its rows are known. rank: in the
-- order in which tables were read.
CREATE TABLE machine (
	rank INTEGER NOT NULL,
	arch TEXT NOT NULL,
	name TEXT NOT NULL,
	title TEXT NOT NULL,
	cpu_model TEXT NOT NULL,
	calibrated TEXT NOT NULL,
	PRIMARY KEY (arch, name)
) WITHOUT ROWID;

-- What a metric counts, in words: arch/<arch>/bench/names.tsv, or bench/report/names.tsv for
-- those of every architecture (arch is empty). shown: tables that have it, by commas.
-- posted: its change in percent that the source of stress reports.
CREATE TABLE name (
	rank INTEGER PRIMARY KEY,
	arch TEXT NOT NULL,
	metric TEXT NOT NULL,
	words TEXT NOT NULL,
	shown TEXT NOT NULL,
	posted REAL,
	UNIQUE (arch, metric)
);

-- Which metric is the flush that the report is about: FLUSHES of toolchains.mk.
-- Columns of the key come first: else quick_check of SQLite 3.40 sees no metric.
CREATE TABLE flush (
	arch TEXT NOT NULL,
	rank INTEGER NOT NULL,
	metric TEXT NOT NULL,
	PRIMARY KEY (arch, rank)
) WITHOUT ROWID;

-- A file of rows that `ab run' left: one boot of one of two kernels on a machine. image: the
-- hash of its image, or none where that could not be read.
CREATE TABLE boot (
	source INTEGER PRIMARY KEY REFERENCES source,
	machine TEXT NOT NULL,
	id TEXT NOT NULL,
	kernel TEXT NOT NULL CHECK (kernel IN ('stock', 'series')),
	image TEXT NOT NULL,
	left_out TEXT NOT NULL,
	UNIQUE (machine, id)
);
