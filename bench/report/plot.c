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

/* Placeholders for the style sheet's colours, #010101 to #050505, as gnuplot prints them. */
static const struct {
	const char *printed, *style;
} colours[] = {
	{ "rgb(  1,   1,   1)", "var(--ink)" },
	{ "rgb(  2,   2,   2)", "var(--line)" },
	{ "rgb(  3,   3,   3)", "var(--before)" },
	{ "rgb(  4,   4,   4)", "var(--after)" },
	{ "rgb(  5,   5,   5)", "var(--best)" },
};
#define INK	"#010101"
#define LINE	"#020202"

/* Plots that there is something in */
static struct {
	const struct subject *s;
	const char *kind;
} drawn[3 * ARCHES];
static unsigned int ndrawn;

static void name_of(char *path, size_t room, const struct page *p, const struct subject *s, const char *kind)
{
	if (snprintf(path, room, "%s/%s.%s.svg.tmp", p->out, s->arch, kind) >= (int)room)
		fatal(EXIT_USAGE, "%s: the path is too long", p->out);
}

static void begin(FILE *g, const struct page *p, const struct subject *s, const char *kind,
		  const char *x, const char *y)
{
	char path[4096];

	name_of(path, sizeof(path), p, s, kind);
	unfinished(path);
	fprintf(g, "reset\nset terminal svg size 480,320 dynamic font 'sans-serif,14'\nset output '%s'\n", path);
	fprintf(g, "set border 3 lc rgb '%s'\nset tics nomirror\nset grid ytics lt 1 lc rgb '%s'\n", INK, LINE);
	fprintf(g,
		"set xlabel \"%s\"\nset ylabel \"%s\"\nset key tmargin left vertical Left reverse "
		"samplen 2\n",
		x, y);
	fputs("set datafile missing '?'\n", g);
}

/* Pass a point to gnuplot, and return whether there is one. */
static bool point(FILE *g, const struct page *p, const struct subject *s, const char *variant,
		  int64_t pages, int64_t cpus, bool positive)
{
	double x;
	bool is = count_of(p->db, s, variant, pages, cpus, &x) && (x > 0 || !positive);

	if (is)
		fprintf(g, " %.17g", x);
	else
		fputs(" ?", g);
	return is;
}

/* End the data, and draw them if there are any: gnuplot fails without. */
static void plot(FILE *g, const struct subject *s, const char *kind, bool any, const char *what)
{
	fputs("E\n", g);
	if (!any)
		return;
	fputs(what, g);
	drawn[ndrawn].s = s;
	drawn[ndrawn++].kind = kind;
}

static void by_pages(FILE *g, const struct page *p, const struct subject *s)
{
	bool any = false;
	char y[128];

	snprintf(y, sizeof(y), "%s per page", s->words);
	begin(g, p, s, "pages", "pages/call", y);
	fputs("set logscale x 2\nset logscale y 10\nset format y '%g'\n$d << E\n", g);
	for (unsigned int i = 0; i < s->npages; i++) {
		fprintf(g, "%d", (int)s->pages[i]);
		any |= point(g, p, s, "stock", s->pages[i], s->cpus, true);
		any |= point(g, p, s, s->series, s->pages[i], s->cpus, true);
		any |= point(g, p, s, s->best, s->pages[i], s->cpus, true);
		fputc('\n', g);
	}
	plot(g, s, "pages", any,
	     "plot $d using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '#030303' title 'stock', "
	     "$d using 1:3 with linespoints lw 3 pt 7 ps 0.6 lc rgb '#040404' title 'series, "
	     "batches of 32', $d using 1:4 with linespoints lw 2 pt 6 ps 0.6 lc rgb '#050505' "
	     "title 'series, batches of up to the call'\n");
}

static void by_cpus(FILE *g, const struct page *p, const struct subject *s)
{
	bool any = false;
	char y[128];

	snprintf(y, sizeof(y), "%s per page", s->words);
	begin(g, p, s, "cpus", "CPUs that run the process", y);
	fprintf(g, "set yrange [0:*]\n%s$d << E\n", s->most_cpus > 16 ? "" : "set xtics 1\n");
	for (unsigned int i = 0; i < s->ncpus; i++) {
		fprintf(g, "%d", (int)s->cpu[i]);
		any |= point(g, p, s, "stock", DEFAULT_BATCH, s->cpu[i], false);
		any |= point(g, p, s, s->series, DEFAULT_BATCH, s->cpu[i], false);
		fputc('\n', g);
	}
	plot(g, s, "cpus", any, "plot $d using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '#030303' title 'stock',"
	     " $d using 1:3 with linespoints lw 3 pt 7 ps 0.6 lc rgb '#040404' title 'series'\n");
}

/* Draw one interval for each machine, from the lowest to the highest price, on an axis that has all of each. */
static void by_machine(FILE *g, const struct page *p, const struct subject *s)
{
	sqlite3_stmt *q = store_query(
		p->db, "SELECT name FROM machine WHERE arch = ?1 ORDER BY name DESC", "s", s->arch);
	char *rows = NULL, *tics = NULL;
	size_t nrows, ntics;
	FILE *r = open_memstream(&rows, &nrows), *t = open_memstream(&tics, &ntics);
	bool positive = true;
	struct saving v;
	int n = 0, longest = 0;

	if (!r || !t)
		fatal(EXIT_BROKEN, "out of memory");
	while (store_step(q)) {
		if (!saving_of(p->db, s, column_text(q, 0), "initiator", s->cpus, &v))
			continue;
		positive &= v.ns.low > 0;
		fprintf(r, "%.17g %d %.17g %.17g\n", v.ns.typical, n, v.ns.low, v.ns.high);
		fprintf(t, "%s'%s' %d", n ? "," : "", column_text(q, 0), n);
		longest = strlen(column_text(q, 0)) > (size_t)longest ? (int)strlen(column_text(q, 0)) : longest;
		n++;
	}
	fclose(r);
	fclose(t);
	begin(g, p, s, "machines", "ns saved per page, lowest to highest price", "");
	fprintf(g,
		"set ytics (%s)\nset yrange [-0.6:%d.6]\nset xrange [*:*]\nset format x "
		"'%%g'\n%s\n",
		tics, n ? n - 1 : 0,
		positive ? "set logscale x 10" :
			   "set arrow from 0, graph 0 to 0, graph 1 nohead lt 1 lc rgb '" INK "'");
	/* By itself gnuplot leaves the names half of the plot. */
	fprintf(g,
		"set lmargin %d\nset grid xtics noytics lt 1 lc rgb '%s'\nunset key\n$d << E\n%s",
		longest + 1, LINE, rows);
	plot(g, s, "machines", n, "plot $d using 1:2:3:4 with xerrorbars lw 3 pt 7 ps 0.7 lc rgb '#040404'\n");
	free(rows);
	free(tics);
}

/* Draw all plots. Gnuplot warns of single points and of axes that it widens, which is expected. */
void plots_draw(const struct page *p)
{
	FILE *g = popen("gnuplot 2>/dev/null", "w");

	if (!g)
		fatal(EXIT_BROKEN, "gnuplot: %s", strerror(errno));
	for (unsigned int i = 0; i < p->nsubjects; i++) {
		by_pages(g, p, p->subject + i);
		by_cpus(g, p, p->subject + i);
		by_machine(g, p, p->subject + i);
	}
	if (pclose(g))
		fatal(EXIT_BROKEN,
		      "gnuplot has drawn no plots: is it installed (Debian: gnuplot-nox), and is "
		      "there room in %s?",
		      p->out);
}

static char *replaced(char *s, const char *what, const char *by)
{
	size_t nwhat = strlen(what), nby = strlen(by), n = 0;
	char *to, *end, *at;

	for (at = s; (at = strstr(at, what)); at += nwhat)
		n++;
	to = end = malloc(strlen(s) + n * nby + 1);
	if (!to)
		fatal(EXIT_BROKEN, "out of memory");
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

	bool is = false;

	for (unsigned int i = 0; i < ndrawn; i++)
		is |= drawn[i].s == s && !strcmp(drawn[i].kind, kind);
	name_of(path, sizeof(path), p, s, kind);
	if (!is) {
		html(p, "<p>Nothing to draw: no such call was counted, all counts are 0, or no "
			"machine has the prices.</p>\n");
		return;
	}
	svg = whole_file(path, NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(ids); i++) {
		snprintf(by, sizeof(by), "%s%s-%s-", ids[i], s->arch, kind);
		svg = replaced(svg, ids[i], by);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(colours); i++)
		svg = replaced(svg, colours[i].printed, colours[i].style);
	svg = replaced(svg, " xmlns:xlink=\"http://www.w3.org/1999/xlink\"", "");
	svg = replaced(svg, " xmlns=\"http://www.w3.org/2000/svg\"", "");
	svg = replaced(svg, "xlink:href", "href");
	svg = replaced(svg, "<title>Gnuplot</title>", "");
	svg = replaced(svg, "color=\"black\"", "");
	svg = replaced(svg, "color=\"white\"", "");
	at = strstr(svg, "<svg");
	if (!at || !strstr(at, "</svg>"))
		fatal(EXIT_BROKEN,
		      "gnuplot has left no plot, or half of one, of %s, %s: is there room in %s?",
		      s->arch, kind, p->out);
	html(p, "<figure><svg role=\"img\" aria-label=\"%s\"", describes);
	fputs(at + 4, p->f);
	html(p, "</figure>\n");
	free(svg);
}
