// SPDX-License-Identifier: GPL-2.0
/* The page: one HTML file that needs nothing else, and mail.txt beside it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "page.h"

static void head(const struct page *p)
{
	char path[4096], *style;

	snprintf(path, sizeof(path), "%s/style.css", p->data);
	style = whole_file(path, NULL);
	html(p, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	     "<link rel=\"icon\" href=\"data:,\">\n"
	     "<title>tlbbatch: what batching TLB flushes saves</title>\n<style>\n");
	fputs(style, p->f);
	html(p, "</style></head>\n<body>\n<header><h1>What batching TLB flushes in reclaim "
		"saves</h1>\n"
		"<p>Stock Linux flushes the TLB for each dirty page that reclaim unmaps; the "
		"series flushes once for a batch.</p>\n");
	free(style);
}

static void contents(const struct page *p)
{
	html(p, "<nav aria-label=\"Sections\"><a href=\"#experiments\">Experiments</a><a href=\"#sweep\">Sweep</a>"
	     "<a href=\"#machines\">Priced machines</a><a href=\"#measured\">Measured</a>"
	     "<a href=\"#validation\">Validation</a><a href=\"#claims\">Published results</a>"
	     "<a href=\"#made\">How it was made</a></nav>\n"
	     "</header>\n<main>\n");
}

/* Name what is not there, with the command that brings it. */
static void missing(const struct page *p)
{
	int64_t arches = store_number(p->db, "SELECT count(DISTINCT arch) FROM flush", "");

	if (p->nsubjects == arches)
		return;
	html(p, "<p class=\"card\"><b>Missing:</b> ");
	if (!p->nsubjects)
		html(p, "the store has no exact counts of stock and series for any architecture. ");
	else
		html(p, "%d of %d architectures have exact counts of stock and series. ",
		     (int)p->nsubjects, (int)arches);
	html(p, "<code>make bench</code> counts them.</p>\n");
}

static FILE *create(char *path, size_t room, const char *out, const char *name)
{
	FILE *f;

	if (snprintf(path, room, "%s/%s.tmp", out, name) >= (int)room)
		fatal(EXIT_USAGE, "%s: the path is too long", out);
	f = fopen(path, "w");
	if (!f)
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	unfinished(path);
	return f;
}

static void finish(FILE *f, const char *path)
{
	char to[4096];

	snprintf(to, sizeof(to), "%.*s", (int)(strlen(path) - strlen(".tmp")), path);
	if (ferror(f) | fclose(f) || rename(path, to))
		fatal(EXIT_BROKEN, "%s: %s", to, strerror(errno));
	finished(path);
}

void page_write(sqlite3 *db, const char *out, const char *data, const char *claims)
{
	struct page p = { .db = db, .out = out, .data = data, .claims = claims };
	char path[4096];

	p.nsubjects = subjects(db, p.subject, ARCHES);
	plots_draw(&p);
	p.f = create(path, sizeof(path), out, "index.html");
	head(&p);
	contents(&p);
	missing(&p);
	page_answer(&p);
	page_experiments(&p);
	page_sweep(&p);
	page_machines(&p);
	page_measured(&p);
	page_claims(&p);
	page_made(&p);
	html(&p, "</main>\n</body></html>\n");
	finish(p.f, path);
	p.f = create(path, sizeof(path), out, "mail.txt");
	mail_print(p.f, db);
	finish(p.f, path);
}
