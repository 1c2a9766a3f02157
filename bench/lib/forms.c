// SPDX-License-Identifier: GPL-2.0
/*
 * Write results as KTAP, as signals of LAVA or as JSON of kcidb: the only place that
 * does. A value has its evidence beside it in each form. Time of an emulator is no
 * latency, and is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "lib.h"

/* For the tool's own use, and not for others: its number of the cell. */
static bool is_internal(const char *metric)
{
	return !strcmp(metric, "tool.window");
}

static bool is_emulated(const char *accel)
{
	return !strcmp(accel, "icount") || !strncmp(accel, "tcg", 3);
}

bool form_find(const char *name, enum form *form)
{
	static const char *const names[] = {
		[FORM_KTAP] = "ktap", [FORM_LAVA] = "lava", [FORM_KCIDB] = "kcidb",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i])) {
			*form = i;
			return true;
		}
	}
	return false;
}

bool form_origin(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

/* ---- names ---- */
static void cell_name(FILE *f, const struct form_cell *c, const struct form_escape *e)
{
	form_escape(f, c->op, e);
	fputc('.', f);
	form_escape(f, c->pattern, e);
	fprintf(f, ".%upages.%ucpus", c->pages, c->cpus);
}

static char *group_name(const struct form_cell *c, const struct form_escape *e)
{
	const char *const words[] = { c->arch, c->cpu_model, c->accel, c->kernel, c->variant };
	char *name;
	size_t size;
	FILE *f = open_memstream(&name, &size);

	for (unsigned int i = 0; f && i < ARRAY_SIZE(words); i++) {
		if (i)
			fputc(e->mark == '_' ? '.' : '/', f);
		form_escape(f, words[i], e);
	}
	if (!f || fclose(f))
		abort();
	return name;
}

/* ---- begin and end ---- */
void form_begin(struct form_output *o, unsigned long groups, const struct form_build *b, unsigned int builds)
{
	o->groups = o->cells = o->values = 0;
	o->failed = false;
	o->group = NULL;
	if (o->form == FORM_KTAP)
		fprintf(o->f, "KTAP version 1\n1..%lu%s\n", groups, groups ? "" : " # SKIP no cell was measured");
	else if (o->form == FORM_KCIDB)
		kcidb_begin(o, b, builds);
}

void form_group(struct form_output *o, const struct form_cell *c, unsigned long cells)
{
	o->cells = 0;
	o->failed = false;
	free(o->group);
	o->group = group_name(c, o->form == FORM_LAVA ? &form_lava : &form_ktap);
	if (o->form == FORM_KTAP)
		fprintf(o->f, "  KTAP version 1\n  # Subtest: %s\n  1..%lu\n", o->group, cells);
	else if (o->form == FORM_LAVA)
		fprintf(o->f, "<LAVA_SIGNAL_TESTSET START %s>\n", o->group);
	o->groups++;
}

void form_group_end(struct form_output *o)
{
	if (o->form == FORM_KTAP)
		fprintf(o->f, "%s %lu %s\n", o->failed ? "not ok" : "ok", o->groups, o->group);
	else if (o->form == FORM_LAVA)
		fputs("<LAVA_SIGNAL_TESTSET STOP>\n", o->f);
}

void form_end(struct form_output *o)
{
	if (o->form == FORM_KCIDB)
		fputs("\n  ]\n}\n", o->f);
	free(o->group);
	o->group = NULL;
}

/* ---- cells ---- */
static void ktap_cell(struct form_output *o, const struct form_cell *c, bool failed)
{
	for (unsigned int i = 0; i < c->n; i++) {
		const struct form_unit *u = form_unit(c->v[i].unit);

		if (is_internal(c->v[i].metric))
			continue;
		fputs("  # ", o->f);
		form_escape(o->f, c->v[i].metric, &form_ktap);
		fprintf(o->f, ": %s%s%s (%s)\n", c->v[i].value, u->shown ? " " : "", u->shown ? u->shown : "",
			c->evidence);
	}
	if (c->why_void) {
		fputs("  # void: ", o->f);
		form_escape(o->f, c->why_void, &form_ktap);
		fputc('\n', o->f);
	}
	fprintf(o->f, "  %s %lu ", failed ? "not ok" : "ok", o->cells);
	cell_name(o->f, c, &form_ktap);
	fputc('\n', o->f);
}

static void lava_signal(struct form_output *o, const struct form_cell *c, const char *metric, bool failed)
{
	fputs("<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=", o->f);
	cell_name(o->f, c, &form_lava);
	fputc('.', o->f);
	form_escape(o->f, metric, &form_lava);
	fprintf(o->f, ".%s RESULT=%s", c->evidence, failed ? "fail" : "pass");
}

static void lava_cell(struct form_output *o, const struct form_cell *c, bool failed)
{
	if (c->why_void) {
		lava_signal(o, c, "void", true);
		fputs(">\n", o->f);
	}
	for (unsigned int i = 0; i < c->n; i++) {
		if (is_internal(c->v[i].metric))
			continue;
		lava_signal(o, c, c->v[i].metric, failed);
		fprintf(o->f, " UNITS=%s MEASUREMENT=%s>\n", form_unit(c->v[i].unit)->lava, c->v[i].value);
	}
}

const char *form_refuses(const struct form_cell *c)
{
	static char why[256];

	for (unsigned int i = 0; i < c->n; i++) {
		const struct form_unit *u = form_unit(c->v[i].unit);

		if (!u && !is_internal(c->v[i].metric))
			snprintf(why, sizeof(why), "%.80s is in \"%.40s\": this unit has no name outside: add it to units[] of bench/lib/form_words.c",
				 c->v[i].metric, c->v[i].unit);
		else if (u && u->time && is_emulated(c->accel))
			snprintf(why, sizeof(why), "%.80s is a time (%s) by accel %.20s: emulated time is no latency: leave such rows out",
				 c->v[i].metric, u->name, c->accel);
		else
			continue;
		return why;
	}
	return NULL;
}

const char *form_cell(struct form_output *o, const struct form_cell *c)
{
	const char *why = form_refuses(c);
	bool failed = c->why_void;

	if (why)
		return why;
	for (unsigned int i = 0; i < c->n; i++)
		failed |= !strcmp(c->v[i].metric, "tool.lost_writes") && strspn(c->v[i].value, "-0.") != strlen(c->v[i].value);
	o->cells++;
	o->failed |= failed;
	if (o->form == FORM_KTAP)
		ktap_cell(o, c, failed);
	else if (o->form == FORM_LAVA)
		lava_cell(o, c, failed);
	for (unsigned int i = 0; o->form == FORM_KCIDB && i < c->n; i++) {
		if (!is_internal(c->v[i].metric))
			kcidb_test(o, c, &c->v[i], failed);
	}
	return NULL;
}
