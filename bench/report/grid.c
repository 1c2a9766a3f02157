// SPDX-License-Identifier: GPL-2.0
/* Collect the rows of a query to tables, and print these as text. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "shelf.h"

#define NONE	(-1)

/* Where a query has its columns of a special meaning */
struct query {
	sqlite3_stmt *s;
	int title, across, value, columns;
};

/* Copy a value. SQLite writes 15 digits of a real number, and a count may have 16. */
static char *copy(sqlite3_stmt *s, int column)
{
	double x = sqlite3_column_double(s, column);
	char *to;

	if (sqlite3_column_type(s, column) == SQLITE_FLOAT && (x >= 1e15 || x <= -1e15)) {
		if (asprintf(&to, "%.0f", x) < 0)
			fatal(EXIT_BROKEN, "out of memory");
		return to;
	}
	return sqlite3_column_type(s, column) == SQLITE_NULL ? NULL : shown(column_text(s, column));
}

static bool is_label(const struct query *q, int column)
{
	return column != q->title && column != q->across && column != q->value;
}

static void add_column(struct grid *g, const char *head)
{
	if (g->ncolumns == GRID_COLUMNS)
		fatal(EXIT_BROKEN, "a table has more than %d columns", GRID_COLUMNS);
	g->head[g->ncolumns++] = strdup(head);
}

static void grid_begin(struct grid *g, const struct query *q)
{
	g->title = q->title == NONE ? NULL : strdup(column_text(q->s, q->title));	/* may have lines */
	for (int i = 0; i < q->columns; i++)
		if (is_label(q, i))
			add_column(g, sqlite3_column_name(q->s, i));
	g->nlabels = g->ncolumns;
}

static void grid_free(struct grid *g)
{
	for (unsigned int i = 0; i < g->nrows; i++)
		for (unsigned int k = 0; k < g->ncolumns; k++)
			free(g->row[i][k]);
	for (unsigned int k = 0; k < g->ncolumns; k++)
		free(g->head[k]);
	free(g->row);
	free(g->title);
	memset(g, 0, sizeof(*g));
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Check whether the query's row is in the same line as the last one. */
static bool continues(const struct grid *g, const struct query *q)
{
	unsigned int k = 0;

	if (!g->nrows || q->across == NONE)
		return false;
	for (int i = 0; i < q->columns; i++)
		if (is_label(q, i)) {
			char *now = copy(q->s, i);
			bool equal = same(g->row[g->nrows - 1][k++], now);

			free(now);
			if (!equal)
				return false;
		}
	return true;
}

static void new_row(struct grid *g, const struct query *q)
{
	unsigned int k = 0;

	if (g->nrows == g->room) {
		g->room = g->room ? 2 * g->room : 32;
		g->row = realloc(g->row, g->room * sizeof(*g->row));
		if (!g->row)
			fatal(EXIT_BROKEN, "out of memory");
	}
	memset(g->row[g->nrows], 0, sizeof(*g->row));
	for (int i = 0; i < q->columns; i++)
		if (is_label(q, i))
			g->row[g->nrows][k++] = copy(q->s, i);
	g->nrows++;
}

static void add_row(struct grid *g, const struct query *q)
{
	unsigned int k = g->nlabels;

	if (!continues(g, q))
		new_row(g, q);
	if (q->across == NONE)
		return;
	while (k < g->ncolumns && strcmp(g->head[k], column_text(q->s, q->across)))
		k++;
	if (k == g->ncolumns)
		add_column(g, column_text(q->s, q->across));
	free(g->row[g->nrows - 1][k]);
	g->row[g->nrows - 1][k] = copy(q->s, q->value);
}

static void query_open(struct query *q, const struct wanted *w)
{
	int arch = sqlite3_bind_parameter_index(q->s, ":arch"), least = sqlite3_bind_parameter_index(q->s, ":least");

	if (arch)
		sqlite3_bind_text(q->s, arch, w->arch ? w->arch : "%", -1, SQLITE_STATIC);
	if (least)
		sqlite3_bind_double(q->s, least, w->least);
	q->title = q->across = q->value = NONE;
	q->columns = sqlite3_column_count(q->s);
	for (int i = 0; i < q->columns; i++)
		if (!strcmp(sqlite3_column_name(q->s, i), "title"))
			q->title = i;
		else if (!strcmp(sqlite3_column_name(q->s, i), "across"))
			q->across = i;
		else if (!strcmp(sqlite3_column_name(q->s, i), "value"))
			q->value = i;
	if (q->across == NONE)
		q->value = NONE;
	else if (q->value == NONE)
		fatal(EXIT_BROKEN, "%s: the query has across, but no value", sqlite3_sql(q->s));
}

unsigned int grids_each(sqlite3 *db, const char *path, const struct wanted *w,
			void (*do_grid)(void *to, const struct grid *g), void *to)
{
	char *all = whole_file(path, NULL);
	const char *at = all;
	unsigned int n = 0;
	struct query q;

	while ((q.s = store_next(db, path, &at))) {
		struct grid g = { 0 };

		query_open(&q, w);
		while (store_step(q.s)) {
			if (g.nrows && q.title != NONE &&
			    !same(g.title, (const char *)sqlite3_column_text(q.s, q.title))) {
				do_grid(to, &g);
				grid_free(&g);
				n++;
			}
			if (!g.nrows)
				grid_begin(&g, &q);
			add_row(&g, &q);
		}
		if (g.nrows) {
			do_grid(to, &g);
			n++;
		}
		grid_free(&g);
	}
	free(all);
	return n;
}

bool grid_words(const struct grid *g, unsigned int column)
{
	for (unsigned int i = 0; i < g->nrows; i++)
		for (const char *c = g->row[i][column]; c && *c; c++)
			if (isalpha((unsigned char)*c))
				return true;
	return false;
}

/* Return the length of the part of a heading that stands above others. */
static int upper(const char *head)
{
	const char *bar = strchr(head, '|');

	return bar ? bar - head : 0;
}

static const char *lower(const char *head)
{
	return strchr(head, '|') ? strchr(head, '|') + 1 : head;
}

/* Return the last column that has the same words above it. */
static unsigned int shares(const struct grid *g, unsigned int k)
{
	int n = upper(g->head[k]);

	while (n && k + 1 < g->ncolumns && upper(g->head[k + 1]) == n && !strncmp(g->head[k], g->head[k + 1], n))
		k++;
	return k;
}

/* Compute the width of each column from its values; a heading above several widens the last of them. */
static void widths(const struct grid *g, int *width)
{
	for (unsigned int k = 0; k < g->ncolumns; k++) {
		width[k] = strlen(lower(g->head[k]));
		for (unsigned int i = 0; i < g->nrows; i++)
			if (g->row[i][k] && (int)strlen(g->row[i][k]) > width[k])
				width[k] = strlen(g->row[i][k]);
	}
	for (unsigned int k = 0; k < g->ncolumns; k++) {
		unsigned int last = shares(g, k);
		int room = 2 * (int)(last - k);

		for (unsigned int j = k; j <= last; j++)
			room += width[j];
		if (room < upper(g->head[k]))
			width[last] += upper(g->head[k]) - room;
		k = last;
	}
}

/* Collect a line, so that it can be printed without blanks at its end. */
struct line {
	char s[4096];
	size_t n;
};

static void put(struct line *l, const char *s, int n, int width, bool left)
{
	int got;

	if (l->n && l->n + 2 < sizeof(l->s))
		l->n += sprintf(l->s + l->n, "  ");
	got = snprintf(l->s + l->n, sizeof(l->s) - l->n, left ? "%-*.*s" : "%*.*s", width, n, s);
	l->n += got < (int)(sizeof(l->s) - l->n) ? got : (int)(sizeof(l->s) - l->n - 1);
}

static void line_end(FILE *f, struct line *l)
{
	while (l->n && l->s[l->n - 1] == ' ')
		l->n--;
	fprintf(f, "%.*s\n", (int)l->n, l->s);
	l->n = 0;
}

static void print_upper(FILE *f, const struct grid *g, const int *width)
{
	struct line l = { .n = 0 };
	bool any = false;

	for (unsigned int k = 0; k < g->ncolumns; k++) {
		unsigned int last = shares(g, k);
		int room = 2 * (int)(last - k);

		for (unsigned int j = k; j <= last; j++)
			room += width[j];
		put(&l, g->head[k], upper(g->head[k]), room, false);
		any |= upper(g->head[k]);
		k = last;
	}
	if (any)
		line_end(f, &l);
}

void grid_print(void *file, const struct grid *g)
{
	int width[GRID_COLUMNS];
	struct line l = { .n = 0 };
	FILE *f = file;

	widths(g, width);
	if (g->title)
		fprintf(f, "\n%s\n\n", g->title);
	print_upper(f, g, width);
	for (unsigned int k = 0; k < g->ncolumns; k++)
		put(&l, lower(g->head[k]), -1, width[k], grid_words(g, k));
	line_end(f, &l);
	for (unsigned int i = 0; i < g->nrows; i++) {
		for (unsigned int k = 0; k < g->ncolumns; k++)
			put(&l, g->row[i][k] ? g->row[i][k] : "-", -1, width[k], grid_words(g, k));
		line_end(f, &l);
	}
}

static void put_csv(FILE *f, const char *s, bool last)
{
	bool quoted = s && (strpbrk(s, "\",\r\n") || *s == '#');

	if (quoted)
		putc('"', f);
	for (; s && *s; s++) {
		if (*s == '"')
			putc('"', f);
		putc(*s, f);
	}
	if (quoted)
		putc('"', f);
	putc(last ? '\n' : ',', f);
}

void grid_csv(void *file, const struct grid *g)
{
	for (unsigned int k = 0; k < g->ncolumns; k++)
		put_csv(file, g->head[k], k + 1 == g->ncolumns);
	for (unsigned int i = 0; i < g->nrows; i++)
		for (unsigned int k = 0; k < g->ncolumns; k++)
			put_csv(file, g->row[i][k], k + 1 == g->ncolumns);
}
