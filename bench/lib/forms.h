/* SPDX-License-Identifier: GPL-2.0 */
/* Results in the forms that test systems read: docs/fleets.md. */
#ifndef BENCH_FORMS_H
#define BENCH_FORMS_H

#include <stdbool.h>
#include <stdio.h>

enum form { FORM_KTAP, FORM_LAVA, FORM_KCIDB };

struct form_value {
	const char *metric, *value, *unit;	/* value: a decimal number */
};

/* A cell, with its columns as docs/method.md names them. */
struct form_cell {
	const char *arch, *cpu_model, *accel, *evidence, *kernel, *variant, *op, *pattern;
	unsigned int pages, cpus;
	const char *why_void;			/* NULL: the values count */
	const struct form_value *v;
	unsigned int n;
};

/* What made the results, for kcidb: who submits them, and a name of this file of rows. */
struct form_source {
	const char *origin, *id, *date;		/* date: of the results, or "" */
};

/* A kernel that was measured, for kcidb. Texts that are not known are "". */
struct form_build {
	const char *arch, *variant, *kernel, *compiler, *image_sha256, *tree;
};

struct form_output {
	FILE *f;
	enum form form;
	struct form_source source;
	unsigned long groups, cells, values;	/* so far; cells: of the group */
	bool failed;					/* a cell of the group */
	char *group;					/* its name */
};

bool form_find(const char *name, enum form *form);
bool form_origin(const char *name);		/* may a CI system have this name? */

/*
 * In this order: begin, with the builds that kcidb lists; then groups, whose cells share
 * arch, cpu_model, accel, kernel and variant. KTAP needs their numbers before. form_cell()
 * returns NULL, or why a cell has no place in the form; the text is valid until the next
 * call.
 */
void form_begin(struct form_output *o, unsigned long groups, const struct form_build *b, unsigned int builds);
void form_group(struct form_output *o, const struct form_cell *c, unsigned long cells);
const char *form_refuses(const struct form_cell *c);
const char *form_cell(struct form_output *o, const struct form_cell *c);
void form_group_end(struct form_output *o);
void form_end(struct form_output *o);

#endif
