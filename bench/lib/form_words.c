// SPDX-License-Identifier: GPL-2.0
/* What units are called in the forms of test systems, and how names are escaped there. */
#include <string.h>

#include "form.h"
#include "lib.h"

/*
 * The units of the columns `unit', and what they are called outside: in KTAP and kcidb
 * (NULL: without dimension), and in LAVA, which splits at blanks and "=". time: also what
 * is derived from times only.
 */
static const struct form_unit units[] = {
	{ "calls", "calls", "calls", false },
	{ "pages", "pages", "pages", false },
	{ "folios", "folios", "folios", false },
	{ "mms", "mms", "mms", false },
	{ "flushes", "flushes", "flushes", false },
	{ "writes", "writes", "writes", false },
	{ "words", "words", "words", false },
	{ "interrupts", "interrupts", "interrupts", false },
	{ "count", "count", "count", false },
	{ "events", "events", "events", false },
	{ "insn", "instructions", "instructions", false },
	{ "instructions", "instructions", "instructions", false },
	{ "ops", "operations", "operations", false },
	{ "requests", "requests", "requests", false },
	{ "repeats", "repeats", "repeats", false },
	{ "cycles", "cycles", "cycles", true },
	{ "ns", "ns", "ns", true },
	{ "ns/page", "ns/page", "ns/page", true },
	{ "%", "%", "percent", true },
	{ "1", NULL, "ratio", true },
	{ "bool", NULL, "bool", true },
};

const struct form_unit *form_unit(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strcmp(units[i].name, name))
			return &units[i];
	}
	return NULL;
}

/*
 * The escaping of each form: bytes other than letters, digits and those of `kept' become
 * XX with a mark in front. KTAP: a "#" would begin a directive. LAVA: blanks, "=" and ">"
 * delimit signals, and addresses of its pages have no other characters. JSON has the
 * escapes of its strings.
 */
const struct form_escape form_ktap = { '%', " _.:+-=,/()@" }, form_lava = { '_', ".-" };

bool form_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Check for a character that needs no escape: a mark that cannot be that of an escape is one, too. */
static bool is_plain(const char *s, const struct form_escape *e)
{
	static const char hex[] = "0123456789ABCDEF";

	if (form_alnum(*s) || (*s != e->mark && strchr(e->kept, *s)))
		return true;
	return *s == '_' && e->mark == '_' && !(s[1] && s[2] && strchr(hex, s[1]) && strchr(hex, s[2]));
}

void form_escape(FILE *f, const char *s, const struct form_escape *e)
{
	for (; *s; s++) {
		if (is_plain(s, e))
			fputc(*s, f);
		else
			fprintf(f, "%c%02X", e->mark, (unsigned char)*s);
	}
}
