// SPDX-License-Identifier: GPL-2.0
/*
 * Results as KernelCI takes them: version 5.0 of the JSON of kcidb. A value is a test with
 * a number. Each kernel is a build, of a checkout whose commit is not known: its tree is
 * that of the base and patches.
 */
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "lib.h"

/* The names of a path have letters, digits, "_" and "-", with one "." between them. */
static void path(FILE *f, const char *s)
{
	for (char before = '.'; *s; before = *s++) {
		bool between = *s == '.' && before != '.' && s[1] && s[1] != '.';

		fputc(form_alnum(*s) || *s == '_' || between ? *s : '-', f);
	}
}

/* Print a decimal as JSON has it: without zeros in front. */
static void json_number(FILE *f, const char *s)
{
	if (*s == '-')
		fputc(*s++, f);
	while (s[0] == '0' && s[1] >= '0' && s[1] <= '9')
		s++;
	fputs(s, f);
}

static void member(FILE *f, const char *before, const char *name, const char *value)
{
	fprintf(f, "%s\"%s\": ", before, name);
	json_string(f, value);
}

/* Print an id, which begins with the origin and has one line. */
static void build_id(const struct form_output *o, const struct form_build *b)
{
	const char *const words[] = { b->arch, b->variant, b->kernel };

	fprintf(o->f, "\"%s:%s", o->source.origin, o->source.id);
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		fputc('-', o->f);
		form_escape(o->f, words[i], &form_lava);
	}
	fputc('"', o->f);
}

static void known(FILE *f, const char *name, const char *value)
{
	if (*value)
		member(f, ", ", name, value);
}

static void checkout(struct form_output *o, const struct form_build *b, const char *before)
{
	fprintf(o->f, "%s\n    { \"id\": ", before);
	build_id(o, b);
	member(o->f, ", ", "origin", o->source.origin);
	member(o->f, ", \"misc\": { ", "kernel", b->kernel);
	member(o->f, ", ", "variant", b->variant);
	known(o->f, "kernel_tree", b->tree);
	known(o->f, "results_date", o->source.date);
	fputs(" } }", o->f);
}

static void build(struct form_output *o, const struct form_build *b, const char *before)
{
	fprintf(o->f, "%s\n    { \"id\": ", before);
	build_id(o, b);
	fputs(", \"checkout_id\": ", o->f);
	build_id(o, b);
	member(o->f, ", ", "origin", o->source.origin);
	member(o->f, ", ", "architecture", b->arch);
	known(o->f, "compiler", b->compiler);
	member(o->f, ", \"misc\": { ", "variant", b->variant);
	known(o->f, "kernel_image_sha256", b->image_sha256);
	fputs(" } }", o->f);
}

void kcidb_begin(struct form_output *o, const struct form_build *b, unsigned int builds)
{
	fputs("{\n  \"version\": { \"major\": 5, \"minor\": 0 },\n  \"checkouts\": [", o->f);
	for (unsigned int i = 0; i < builds; i++)
		checkout(o, b + i, i ? "," : "");
	fputs("\n  ],\n  \"builds\": [", o->f);
	for (unsigned int i = 0; i < builds; i++)
		build(o, b + i, i ? "," : "");
	fputs("\n  ],\n  \"tests\": [", o->f);
}

/* Print a test. Its build is the variant without its switches. */
void kcidb_test(struct form_output *o, const struct form_cell *c, const struct form_value *v, bool failed)
{
	const struct form_unit *u = form_unit(v->unit);
	char *variant = strndup(c->variant, strcspn(c->variant, ":"));
	const struct form_build b = { c->arch, variant, c->kernel, "", "", "" };

	if (!variant)
		abort();
	o->values++;
	fprintf(o->f, "%s\n    { \"id\": \"%s:%s-%lu\", \"build_id\": ", o->values > 1 ? "," : "", o->source.origin,
		o->source.id, o->values);
	build_id(o, &b);
	free(variant);
	member(o->f, ", ", "origin", o->source.origin);
	fputs(",\n      \"path\": \"tlbbatch.", o->f);
	path(o->f, c->op);
	fputc('.', o->f);
	path(o->f, c->pattern);
	fprintf(o->f, ".%upages.%ucpus.", c->pages, c->cpus);
	path(o->f, v->metric);
	fprintf(o->f, "\", \"status\": \"%s\", \"number\": { \"value\": ", failed ? "FAIL" : "DONE");
	json_number(o->f, v->value);
	if (u->shown)
		member(o->f, ", ", "unit", u->shown);
	fputs(" }", o->f);
	member(o->f, ",\n      \"environment\": { ", "comment", c->cpu_model);
	member(o->f, ", \"misc\": { ", "accel", c->accel);
	member(o->f, " } },\n      \"misc\": { ", "evidence", c->evidence);
	member(o->f, ", ", "variant", c->variant);
	member(o->f, ", ", "op", c->op);
	member(o->f, ", ", "pattern", c->pattern);
	fprintf(o->f, ", \"batch_pages\": %u, \"cpus\": %u", c->pages, c->cpus);
	member(o->f, ", ", "metric", v->metric);
	fputs(" } }", o->f);
}

