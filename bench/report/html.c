// SPDX-License-Identifier: GPL-2.0
/* Write HTML: every argument of a format is text, and escaped. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

static void escaped(FILE *f, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '&':
			fputs("&amp;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		case '\'':
			fputs("&#39;", f);
			break;
		case ' ':
			/* A percent sign stays with its number. */
			fputs(s[1] == '%' ? "&nbsp;" : " ", f);
			break;
		default:
			if ((unsigned char)*s >= ' ' || *s == '\n')
				fputc(*s, f);
			else
				fputc('?', f);
		}
}

/* Print conversions one by one: the text between them is HTML. */
void html(const struct page *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	while (*format) {
		char spec[16], to[64];
		size_t n = strcspn(format, "%");

		fwrite(format, 1, n, p->f);
		format += n;
		if (!*format)
			break;
		if (format[1] == '%') {
			fputc('%', p->f);
			format += 2;
			continue;
		}
		n = strcspn(format, "sdfg") + 1;
		snprintf(spec, sizeof(spec), "%.*s", (int)n, format);
		format += n;
		switch (spec[strlen(spec) - 1]) {
		case 's':
			escaped(p->f, va_arg(args, const char *));
			break;
		case 'd':
			fprintf(p->f, "%d", va_arg(args, int));
			break;
		default:
			snprintf(to, sizeof(to), spec, va_arg(args, double));
			fputs(to, p->f);
		}
	}
	va_end(args);
}

void grade(const struct page *p, const char *name)
{
	html(p, "<span class=\"g %s\">%s</span>", name, name);
}

void table_begin(const struct page *p, const char *caption)
{
	html(p, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table><caption>%s</caption>\n",
	     caption, caption);
}

void table_head(const struct page *p, const char *columns)
{
	char *all = strdup(columns), *save, *name = strtok_r(all, "|", &save);

	html(p, "<thead><tr>");
	for (; name; name = strtok_r(NULL, "|", &save)) {
		size_t n = strlen(name);
		bool right = n > 2 && !strcmp(name + n - 2, ":n");

		if (right)
			name[n - 2] = 0;
		if (right)
			html(p, "<th scope=\"col\" class=\"n\">%s</th>", name);
		else
			html(p, "<th scope=\"col\">%s</th>", name);
	}
	html(p, "</tr></thead>\n<tbody>\n");
	free(all);
}

/* Print a heading; the part that stands above others is repeated in each. */
static void grid_head(const struct page *p, const struct grid *g, unsigned int k)
{
	const char *bar = strchr(g->head[k], '|');

	html(p, grid_words(g, k) ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
	if (bar) {
		char *above = strndup(g->head[k], bar - g->head[k]);

		html(p, "%s, ", above);
		free(above);
	}
	html(p, "%s</th>", bar ? bar + 1 : g->head[k]);
}

/* Return the class of a column's cells: numbers, words that stay in a line, or others. */
static const char *class_of(const struct grid *g, unsigned int column)
{
	if (!grid_words(g, column))
		return " class=\"n\"";
	for (unsigned int i = 0; i < g->nrows; i++)
		if (g->row[i][column] && strlen(g->row[i][column]) > 24)
			return "";
	return " class=\"s\"";
}

void grid_html(void *page, const struct grid *g)
{
	const struct page *p = page;

	table_begin(p, g->title ? g->title : "");
	html(p, "<thead><tr>");
	for (unsigned int k = 0; k < g->ncolumns; k++)
		grid_head(p, g, k);
	html(p, "</tr></thead>\n<tbody>\n");
	for (unsigned int i = 0; i < g->nrows; i++) {
		fprintf(p->f, "<tr><th scope=\"row\"%s>", class_of(g, 0));
		html(p, "%s</th>", g->row[i][0] ? g->row[i][0] : "-");
		for (unsigned int k = 1; k < g->ncolumns; k++) {
			fprintf(p->f, "<td%s>", class_of(g, k));
			html(p, "%s</td>", g->row[i][k] ? g->row[i][k] : "-");
		}
		html(p, "</tr>\n");
	}
	table_end(p);
}

void table_end(const struct page *p)
{
	html(p, "</tbody></table></div>\n");
}
