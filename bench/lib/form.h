/* SPDX-License-Identifier: GPL-2.0 */
/* What forms.c and kcidb.c share */
#ifndef BENCH_FORM_H
#define BENCH_FORM_H

#include "forms.h"

/* form_words.c */
struct form_unit {
	const char *name, *shown, *lava;
	bool time;
};
const struct form_unit *form_unit(const char *name);
bool form_alnum(char c);
struct form_escape {
	char mark;
	const char *kept;
};
extern const struct form_escape form_ktap, form_lava;
void form_escape(FILE *f, const char *s, const struct form_escape *e);

/* kcidb.c */
void kcidb_begin(struct form_output *o, const struct form_build *b, unsigned int builds);
void kcidb_test(struct form_output *o, const struct form_cell *c, const struct form_value *v, bool failed);

#endif
