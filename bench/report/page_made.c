// SPDX-License-Identifier: GPL-2.0
/* Published results, and how this report was made. */
#include <string.h>

#include "page.h"
#include "shelf.h"

struct row {
	const struct page *p;
	char title[512], words[512];
};

static void claim_row(void *to, const struct claim *c)
{
	struct row *r = to;

	if (*c->title)
		snprintf(r->title, sizeof(r->title), "%s", c->title);
	if (*c->words)
		snprintf(r->words, sizeof(r->words), "%s", c->words);
	html(r->p, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s%s%s</td></tr>\n", r->title, r->words, c->arch,
	     *c->arch ? ": " : "not measured: ", c->counted);
}

void page_claims(const struct page *p)
{
	struct row r = { .p = p };

	html(p, "<section id=\"claims\"><h2>Published results</h2>\n");
	if (!p->claims) {
		html(p, "<p>There is no table of published results: --claims= names one.</p></section>\n");
		return;
	}
	table_begin(p, "Each claim beside what is counted here");
	table_head(p, "Series|Claim|Counted here");
	claims_each(p->db, p->claims, claim_row, &r);
	table_end(p);
	html(p, "</section>\n");
}

static void runs(const struct page *p, int64_t source)
{
	sqlite3_stmt *q = store_query(p->db,
				      "SELECT json_extract(r.value, '$.run'), "
				      "json_extract(r.value, '$.kernel_release'), "
				      "substr(json_extract(r.value, '$.kernel_image_sha256'), 1, "
				      "16), substr(json_extract(r.value, '$.kernel_tree'), 1, 12), "
				      "json_extract(r.value, '$.compiler'), json_extract(r.value, "
				      "'$.qemu'), substr(json_extract(r.value, '$.rows_sha256'), "
				      "1, 16), json_extract(r.value, '$.command') FROM source s, "
				      "json_each(s.envelope, '$.runs') r WHERE s.id = ?1",
				      "i", source);
	bool any = false;

	while (store_step(q)) {
		if (!any) {
			table_begin(p, "Runs");
			table_head(p, "Run|Kernel|Image, SHA-256|Tree|Compiler|Emulator|Rows, SHA-256");
		}
		any = true;
		html(p, "<tr><th scope=\"row\">%s</th>", column_text(q, 0));
		for (int i = 1; i < 7; i++)
			html(p,
			     i == 2 || i == 3 || i == 6 ? "<td><code>%s</code></td>" :
							  "<td>%s</td>",
			     column_text(q, i));
		html(p, "</tr>\n");
	}
	if (any)
		table_end(p);
	q = store_query(p->db,
			"SELECT json_extract(r.value, '$.run'), json_extract(r.value, '$.command') "
			"FROM source s, json_each(s.envelope, '$.runs') r WHERE s.id = ?1",
			"i", source);
	if (any)
		html(p, "<details><summary>The command line of each run</summary>\n");
	while (store_step(q))
		html(p, "<p>%s: <code>%s</code></p>\n", column_text(q, 0), column_text(q, 1));
	if (any)
		html(p, "</details>\n");
}

void page_made(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT id, name, sha256, json_extract(envelope, '$.date'),"
		" json_extract(envelope, '$.host'), json_extract(envelope, '$.project') FROM source ORDER BY id", "");

	html(p, "<section id=\"made\"><h2>How it was made</h2>\n"
		"<p><code>make bench</code> builds, boots, sweeps and reports; <code>make "
		"report</code> makes this page again. Prices: "
		"<code>arch/&lt;arch&gt;/bench/costs/</code>. Method: <code>docs/method.md</code>, "
		"<code>docs/report.md</code>.</p>\n");
	while (store_step(q)) {
		const char *name = strrchr(column_text(q, 1), '/');

		html(p, "<h3>%s</h3>\n<p>SHA-256 <code>%s</code></p>\n<p>%s, %s%s%s</p>\n",
		     name ? name + 1 : column_text(q, 1), column_text(q, 2), column_text(q, 3),
		     column_text(q, 4), *column_text(q, 5) ? ", project " : "", column_text(q, 5));
		runs(p, sqlite3_column_int64(q, 0));
	}
	html(p, "</section>\n");
}
