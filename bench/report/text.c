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

const char *text_fault(const char *s, const char *except)
{
	static char fault[64];
	uint32_t c;

	while (*s) {
		unsigned int n = utf8_decode((const unsigned char *)s, &c);

		if (!n) {
			snprintf(fault, sizeof(fault), "a byte 0x%02x that is not UTF-8", (unsigned char)*s);
			return fault;
		}
		if (utf8_is_control(c) && !(c < 0x80 && strchr(except, c))) {
			snprintf(fault, sizeof(fault), "the control character U+%04X", c);
			return fault;
		}
		s += n;
	}
	return NULL;
}

char *plain_file(const char *path)
{
	struct stat is;
	size_t n;
	char *all;

	if (!stat(path, &is) && !S_ISREG(is.st_mode))
		fatal(EXIT_BROKEN, "%s is not a regular file: copy it into one", path);
	all = whole_file(path, &n);
	if (strlen(all) != n)
		fatal(EXIT_BROKEN,
		      "%s: there is a NUL after %zu bytes: this is not text; copy the file again",
		      path, strlen(all));
	if (!strncmp(all, "\xef\xbb\xbf", 3))
		fatal(EXIT_BROKEN, "%s: it begins with a byte order mark: save it as UTF-8 without one", path);
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
