// SPDX-License-Identifier: GPL-2.0
/*
 * Name what is wrong with text before any of it is used: bytes that are not UTF-8, characters
 * that a page or a terminal would obey rather than show, and numbers that a double would not
 * hold as they are written.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report.h"
#include "utf8.h"

/* 2^53: a double counts no further one by one. */
#define EXACT	9007199254740992ULL
#define MESSAGE	400	/* bytes */

/* The character at s and the length of its sequence; 0: the bytes are none. */
static unsigned int decode(const unsigned char *s, uint32_t *character)
{
	unsigned int n = utf8_length(s);

	*character = n > 1 ? *s & (0x7f >> n) : *s;
	for (unsigned int i = 1; i < n; i++)
		*character = *character << 6 | (s[i] & 0x3f);
	return n;
}

/* Check for invisible characters, which make two names look alike: soft hyphen, joiners, fillers, selectors, tags. */
static bool is_hidden(uint32_t c)
{
	return c == 0xad || c == 0x34f || c == 0x61c || c == 0x115f || c == 0x1160 || (c >= 0x17b4 && c <= 0x17b5) ||
	       (c >= 0x180b && c <= 0x180f) || (c >= 0x200b && c <= 0x200d) || (c >= 0x2060 && c <= 0x2065) || c == 0x3164 ||
	       (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0 || (c >= 0xfff0 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

/* Check for control characters of ASCII and Latin 1, marks that change the direction of writing, BOM. */
static bool is_control(uint32_t c)
{
	return is_hidden(c) || c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

const char *text_fault(const char *s, const char *except)
{
	static char fault[64];
	uint32_t c;

	while (*s) {
		unsigned int n = decode((const unsigned char *)s, &c);

		if (!n) {
			snprintf(fault, sizeof(fault), "a byte 0x%02x that is not UTF-8", (unsigned char)*s);
			return fault;
		}
		if (is_control(c) && !(c < 0x80 && strchr(except, c))) {
			snprintf(fault, sizeof(fault), "the control character U+%04X", c);
			return fault;
		}
		s += n;
	}
	return NULL;
}

/* Quote text of a file in a message: it must neither reach the terminal unescaped nor fill it. */
void text_quote(FILE *f, char *s)
{
	char *cut = strlen(s) > MESSAGE ? s + MESSAGE : NULL;

	if (cut)
		*cut = 0;
	for (char *at = s; *at; at++) {
		uint32_t c;
		unsigned int n = decode((unsigned char *)at, &c);

		if (!n || is_control(c))
			memset(at, '?', n ? n : 1);
		at += n > 1 ? n - 1 : 0;
	}
	fprintf(f, "%s%s", s, cut ? "..." : "");
}

char *plain_file(const char *path)
{
	struct stat is;
	size_t n;
	char *all;

	if (!stat(path, &is) && !S_ISREG(is.st_mode))
		die(EXIT_HARNESS, "%s is no regular file: copy it into one", path);
	all = whole_file(path, &n);
	if (strlen(all) != n)
		die(EXIT_HARNESS, "%s: there is a NUL after %zu bytes: this is no text; copy the file again", path, strlen(all));
	if (!strncmp(all, "\xef\xbb\xbf", 3))
		die(EXIT_HARNESS, "%s: it begins with a byte order mark: save it as UTF-8 without one", path);
	return all;
}

/* Check for a number as in csv.awk, without leading zeros; strtod() also accepts nan, 0x1, 1e3 and blanks. */
bool is_decimal(const char *s)
{
	static const char digits[] = "0123456789";
	size_t n;

	s += *s == '-';
	n = strspn(s, digits);
	if (!n || (n > 1 && *s == '0'))
		return false;
	s += n;
	if (!*s)
		return true;
	n = *s == '.' ? strspn(s + 1, digits) : 0;
	return n && !s[1 + n];
}

/* Check that a double has this decimal: each whole number up to 2^53, and the nearest to a fraction. */
bool is_exact(const char *s)
{
	unsigned long long n = 0;

	for (s += *s == '-'; *s >= '0' && *s <= '9' && n <= EXACT; s++)
		n = 10 * n + *s - '0';
	return n < EXACT || (n == EXACT && strspn(s, ".0") == strlen(s));
}
