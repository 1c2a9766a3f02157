// SPDX-License-Identifier: GPL-2.0
/* Pass results on to the forms of test systems, bench/lib/forms.c. */
#include "tlbbench.h"

bool is_form(enum format format)
{
	return format == FORMAT_KTAP || format == FORMAT_LAVA;
}

static struct form_cell form_of(const struct identity *id, const struct cell *cell)
{
	return (struct form_cell){
		id->arch, id->cpu_model, id->accel, id->evidence, id->kernel, id->variant,
		cell->op->name, id->pattern, cell->pages, cell->cpus, .why_void = NULL,
	};
}

/* Begin with the cells that are planned; without an identity there are none. */
void form_open(struct emitter *e, const struct identity *id)
{
	const struct op none = { .name = "" };
	const struct cell cell = { .op = &none };
	struct form_cell c;

	e->form = (struct form_output){
		.f = e->f, .form = e->format == FORMAT_KTAP ? FORM_KTAP : FORM_LAVA,
	};
	form_begin(&e->form, id ? 1 : 0, NULL, 0);
	if (!id)
		return;
	c = form_of(id, &cell);
	form_group(&e->form, &c, e->planned);
}

void form_values(struct emitter *e, const struct identity *id, const struct cell *cell,
		 const struct values *v, const char *why_void)
{
	static struct form_value values[ARRAY_SIZE(v->v)];
	static char text[ARRAY_SIZE(v->v)][32];
	struct form_cell c = form_of(id, cell);
	const char *why;

	for (unsigned int i = 0; i < v->n; i++) {
		const struct value *x = &v->v[i];

		if (x->real)
			snprintf(text[i], sizeof(text[i]), "%.4f", x->d);
		else
			snprintf(text[i], sizeof(text[i]), "%llu", (unsigned long long)x->u);
		values[i] = (struct form_value){ x->metric, text[i], x->unit };
	}
	c.v = values;
	c.n = v->n;
	c.why_void = why_void;
	why = form_cell(&e->form, &c);
	if (why)
		fatal(EXIT_BROKEN, "%s", why);
}
