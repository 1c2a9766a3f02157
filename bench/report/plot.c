// SPDX-License-Identifier: GPL-2.0
/*
 * Draw plots with gnuplot, one question each, and put them into the page: with
 * ids that differ from plot to plot, and colours that follow the style sheet.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "page.h"

/* Placeholders for the style sheet's colours, as gnuplot prints them. */
static const struct {
	const char *hex, *printed, *style;
} colours[] = {
	{ "#010101", "rgb(  1,   1,   1)", "var(--ink)" },
	{ "#020202", "rgb(  2,   2,   2)", "var(--line)" },
	{ "#030303", "rgb(  3,   3,   3)", "var(--before)" },
	{ "#040404", "rgb(  4,   4,   4)", "var(--after)" },
	{ "#050505", "rgb(  5,   5,   5)", "var(--best)" },
};
#define INK	colours[0].hex
#define LINE	colours[1].hex

static void begin(FILE *g, const struct page *p, const struct subject *s, const char *kind, const char *x, const char *y)
{
	fprintf(g, "reset\nset terminal svg size 600,340 dynamic font 'sans-serif,15'\nset output '%s/%s.%s.svg'\n", p->out,
		s->arch, kind);
	fprintf(g, "set border 3 lc rgb '%s'\nset tics nomirror\nset grid ytics lt 1 lc rgb '%s'\n", INK, LINE);
	fprintf(g, "set xlabel \"%s\"\nset ylabel \"%s\"\nset key outside top left horizontal\n", x, y);
	fputs("set datafile missing '?'\n", g);
}

static void point(FILE *g, const struct page *p, const struct subject *s, const char *variant, int64_t pages, int64_t cpus,
		  bool positive)
{
	double x;

	if (count_of(p->db, s, variant, pages, cpus, &x) && (x > 0 || !positive))
		fprintf(g, " %.17g", x);
	else
		fputs(" ?", g);
}

static void lines(FILE *g)
{
	static const char *const names[] = { "stock", "series, batches of 32", "series, batches of up to the call" };

	fputs("plot", g);
	for (int i = 0; i < 3; i++)
		fprintf(g, "%s $d using 1:%d with linespoints lw %d pt %d ps 0.6 lc rgb '%s' title '%s'", i ? "," : "", i + 2,
			i == 1 ? 3 : 2, i == 2 ? 6 : 7, colours[i + 2].hex, names[i]);
	fputc('\n', g);
}

static void by_pages(FILE *g, const struct page *p, const struct subject *s)
{
	char y[128];

	snprintf(y, sizeof(y), "%s a page", s->words);
	begin(g, p, s, "pages", "pages a call", y);
	fputs("set logscale x 2\nset logscale y 10\nset format y '%g'\n$d << E\n", g);
	for (unsigned int i = 0; i < s->npages; i++) {
		fprintf(g, "%d", (int)s->pages[i]);
		point(g, p, s, "stock", s->pages[i], s->cpus, true);
		point(g, p, s, s->series, s->pages[i], s->cpus, true);
		point(g, p, s, s->best, s->pages[i], s->cpus, true);
		fputc('\n', g);
	}
	fputs("E\n", g);
	lines(g);
}

static void by_cpus(FILE *g, const struct page *p, const struct subject *s)
{
	char y[128];

	snprintf(y, sizeof(y), "%s a page", s->words);
	begin(g, p, s, "cpus", "CPUs that run the process", y);
	fputs("set yrange [0:*]\nset xtics 1\n$d << E\n", g);
	for (unsigned int i = 0; i < s->ncpus; i++) {
		fprintf(g, "%d", (int)s->cpu[i]);
		point(g, p, s, "stock", DEFAULT_BATCH, s->cpu[i], false);
		point(g, p, s, s->series, DEFAULT_BATCH, s->cpu[i], false);
		fputs(" ?\n", g);
	}
	fprintf(g, "E\nplot $d using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '%s' title 'stock',"
		" $d using 1:3 with linespoints lw 3 pt 7 ps 0.6 lc rgb '%s' title 'series'\n", colours[2].hex, colours[3].hex);
}

/* One interval a machine, from the lowest to the highest price. */
static void by_machine(FILE *g, const struct page *p, const struct subject *s)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT name FROM machine WHERE arch = ?1 ORDER BY name DESC", "s", s->arch);
	char rows[8192] = "", tics[8192] = "";
	struct events a, b;
	int n = 0;

	begin(g, p, s, "machines", "ns a page saved, from the lowest to the highest price", "");
	while (store_step(q)) {
		struct span d;

		if (!events_of(p->db, s, cell_of(p->db, s, "stock", DEFAULT_BATCH, s->cpus), text(q, 0), "initiator", &a) ||
		    !events_of(p->db, s, cell_of(p->db, s, s->series, DEFAULT_BATCH, s->cpus), text(q, 0), "initiator", &b))
			continue;
		d = saved(&a, &b);
		snprintf(rows + strlen(rows), sizeof(rows) - strlen(rows), "%.17g %d %.17g %.17g\n", d.typical, n, d.low, d.high);
		snprintf(tics + strlen(tics), sizeof(tics) - strlen(tics), "%s'%s' %d", n ? "," : "", text(q, 0), n);
		n++;
	}
	fprintf(g, "set ytics (%s)\nset yrange [-0.6:%d.6]\nset xrange [*:*]\nset format x '%%g'\nset logscale x 10\n", tics,
		n ? n - 1 : 0);
	fprintf(g, "set grid xtics noytics lt 1 lc rgb '%s'\nunset key\n$d << E\n%sE\n", LINE, n ? rows : "1 0 1 1\n");
	fprintf(g, "plot $d using 1:2:3:4 with xerrorbars lw 3 pt 7 ps 0.7 lc rgb '%s'\n", colours[3].hex);
}

void plots_draw(const struct page *p)
{
	FILE *g = popen("gnuplot", "w");

	if (!g)
		die(EXIT_HARNESS, "gnuplot: %s", strerror(errno));
	for (unsigned int i = 0; i < p->nsubjects; i++) {
		by_pages(g, p, p->subject + i);
		by_cpus(g, p, p->subject + i);
		by_machine(g, p, p->subject + i);
	}
	if (pclose(g))
		die(EXIT_HARNESS, "gnuplot has drawn no plots: is it installed? (Debian: gnuplot-nox)");
}

static char *replaced(char *s, const char *what, const char *by)
{
	size_t nwhat = strlen(what), nby = strlen(by), n = 0;
	char *to, *end, *at;

	for (at = s; (at = strstr(at, what)); at += nwhat)
		n++;
	to = end = malloc(strlen(s) + n * nby + 1);
	if (!to)
		die(EXIT_HARNESS, "out of memory");
	for (at = s; *at;)
		if (!strncmp(at, what, nwhat)) {
			memcpy(end, by, nby);
			end += nby;
			at += nwhat;
		} else {
			*end++ = *at++;
		}
	*end = 0;
	free(s);
	return to;
}

/* Write only the element: a document inside another has no prolog, and separate ids. */
void plot_show(const struct page *p, const struct subject *s, const char *kind, const char *describes)
{
	static const char *const ids[] = { "id='", "id=\"", "href='#", "url(#" };
	char path[4096], by[256], *svg, *at;

	if (snprintf(path, sizeof(path), "%s/%s.%s.svg", p->out, s->arch, kind) >= (int)sizeof(path))
		die(EXIT_USAGE, "%s: the path is too long", p->out);
	svg = whole_file(path, NULL);
	unlink(path);
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		snprintf(by, sizeof(by), "%s%s-%s-", ids[i], s->arch, kind);
		svg = replaced(svg, ids[i], by);
	}
	for (size_t i = 0; i < sizeof(colours) / sizeof(*colours); i++)
		svg = replaced(svg, colours[i].printed, colours[i].style);
	svg = replaced(svg, " xmlns:xlink=\"http://www.w3.org/1999/xlink\"", "");
	svg = replaced(svg, " xmlns=\"http://www.w3.org/2000/svg\"", "");
	svg = replaced(svg, "xlink:href", "href");
	svg = replaced(svg, "<title>Gnuplot</title>", "");
	svg = replaced(svg, "color=\"black\"", "");
	svg = replaced(svg, "color=\"white\"", "");
	at = strstr(svg, "<svg");
	if (!at || !strstr(at, "</svg>"))
		die(EXIT_HARNESS, "gnuplot has left no plot, or half of one, of %s, %s: is there room in %s?", s->arch, kind, p->out);
	html(p, "<figure><svg role=\"img\" aria-label=\"%s\"", describes);
	fputs(at + 4, p->f);
	html(p, "</figure>\n");
	free(svg);
}
