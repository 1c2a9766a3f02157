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
		default:
			if ((unsigned char)*s >= ' ' || *s == '\n')
				fputc(*s, f);
			else
				fputc('?', f);
		}
}

/* Conversions one by one: the text between them is HTML. */
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

void table_end(const struct page *p)
{
	html(p, "</tbody></table></div>\n");
}
