// SPDX-License-Identifier: GPL-2.0
/*
 * Read rows by RFC 4180, and refuse what is damaged by file and line: another
 * header, a field too many or too few, an open quote, CR, NUL, a last line
 * without its end, a record that is longer than all of its fields can be.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define RECORD	8192

const char csv_header[] =
	"arch,cpu_model,accel,evidence,kernel,variant,op,pattern,batch_pages,cpus,metric,value,unit";

void csv_refuse(const struct csv *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse_at(c->name, c->line, format, args, c->undone ? c->undone : "nothing of the file was imported");
}

static void add(struct csv *c, int ch)
{
	if (c->length + 1 >= c->room) {
		c->room = c->room ? 2 * c->room : 512;
		c->raw = realloc(c->raw, c->room);
		if (!c->raw)
			fatal(EXIT_BROKEN, "out of memory");
	}
	c->raw[c->length++] = ch;
	c->raw[c->length] = 0;
}

/* Read a record: a line, or more where quotes are open at the line's end. */
static bool take(struct csv *c)
{
	bool quoted = false;
	int ch;

	c->length = 0;
	c->line = c->next;
	while ((ch = getc_unlocked(c->file)) != EOF) {
		if (!ch)
			csv_refuse(c, "there is a NUL: this is not CSV");
		if (ch == '\r' && !quoted)
			csv_refuse(c, "there is a CR: end the lines with LF alone");
		if (ch == '\n') {
			c->next++;
			if (!quoted)
				break;
		}
		if (ch == '"')
			quoted = !quoted;
		if (c->length == RECORD)
			csv_refuse(c,
				   quoted ? "a quote is open after %d bytes: close it" :
					    "the line has more than %d bytes: this is not a row",
				   RECORD);
		add(c, ch);
	}
	if (ferror(c->file))
		fatal(EXIT_BROKEN, "%s: %s", c->name, strerror(errno));
	if (ch == EOF && !c->length)
		return false;
	if (ch == EOF)
		csv_refuse(c, "the file ends within a record: copy it again");
	if (!c->length)
		csv_refuse(c, "the line is empty");
	return true;
}

/* Copy a field without its quotes to *to, and return the character after it. */
static const char *field(struct csv *c, const char *s, char **to)
{
	if (*s != '"') {
		for (; *s && *s != ','; s++) {
			if (*s == '"')
				csv_refuse(c, "a quote within a field that does not begin with one");
			*(*to)++ = *s;
		}
	} else {
		for (s++; *s != '"' || s[1] == '"'; s++) {
			if (*s == '"')
				s++;
			*(*to)++ = *s;
		}
		s++;
		if (*s && *s != ',')
			csv_refuse(c, "there is more after a closing quote");
	}
	*(*to)++ = 0;
	return s;
}

bool csv_read(struct csv *c)
{
	const char *s;
	unsigned int n = 0;
	char *to;

	if (!take(c))
		return false;
	if (c->text_room < c->room) {
		c->text_room = c->room;
		free(c->text);
		c->text = malloc(c->text_room + CSV_COLUMNS);
		if (!c->text)
			fatal(EXIT_BROKEN, "out of memory");
	}
	to = c->text;
	for (s = c->raw;; s++) {
		if (n == CSV_COLUMNS)
			csv_refuse(c, "there are more than %d fields", CSV_COLUMNS);
		c->field[n++] = to;
		s = field(c, s, &to);
		if (!*s)
			break;
	}
	if (n != CSV_COLUMNS)
		csv_refuse(c, "there are %u fields, not %d", n, CSV_COLUMNS);
	return true;
}

void csv_open(struct csv *c, const char *path)
{
	*c = (struct csv){ .name = path, .next = 1, .file = fopen(path, "r") };
	if (!c->file)
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	if (!take(c))
		csv_refuse(c, "the file is empty");
	if (!strncmp(c->raw, "\xef\xbb\xbf", 3))
		csv_refuse(c, "it begins with a byte order mark: save it as UTF-8 without one");
	if (strcmp(c->raw, csv_header))
		csv_refuse(c, "the columns are not %s", csv_header);
}

void csv_close(struct csv *c)
{
	fclose(c->file);
	free(c->raw);
	free(c->text);
}
