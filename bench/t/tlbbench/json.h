/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a text is one JSON value, by RFC 8259 and in UTF-8. */
#ifndef BENCH_T_JSON_H
#define BENCH_T_JSON_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static const char *json_value(const char *s);

static const char *json_blank(const char *s)
{
	return s + strspn(s, " \t\n\r");
}

/* The rest after a sequence of bytes that begin with 10; NULL where it is not UTF-8. */
static const char *json_utf8(const char *s)
{
	unsigned char c = *s++;
	int more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 :
		   c >= 0xf0 && c < 0xf5 ? 3 : -1;
	unsigned char next = *s;

	if (more < 0 || (c == 0xe0 && next < 0xa0) || (c == 0xed && next > 0x9f) ||
	    (c == 0xf0 && next < 0x90) || (c == 0xf4 && next > 0x8f))
		return NULL;
	for (; more; more--, s++) {
		if (((unsigned char)*s & 0xc0) != 0x80)
			return NULL;
	}
	return s;
}

static const char *json_text(const char *s)
{
	if (*s++ != '"')
		return NULL;
	while (s && *s != '"') {
		if ((unsigned char)*s < 0x20)
			return NULL;
		if (*s != '\\') {
			s = json_utf8(s);
			continue;
		}
		if (*++s == 'u') {
			for (int i = 0; i < 4; i++) {
				if (!isxdigit((unsigned char)*++s))
					return NULL;
			}
		} else if (!*s || !strchr("\"\\/bfnrt", *s)) {
			return NULL;
		}
		s++;
	}
	return s ? s + 1 : NULL;
}

static const char *json_number(const char *s)
{
	size_t n;

	s += *s == '-';
	n = strspn(s, "0123456789");
	if (!n || (n > 1 && *s == '0'))
		return NULL;
	s += n;
	if (*s == '.') {
		n = strspn(++s, "0123456789");
		s += n;
	}
	if (n && (*s == 'e' || *s == 'E')) {
		s += 1 + (s[1] == '-' || s[1] == '+');
		n = strspn(s, "0123456789");
		s += n;
	}
	return n ? s : NULL;
}

/* Members of an object, or elements of an array, up to the closing bracket. */
static const char *json_list(const char *s, bool object)
{
	const char end = object ? '}' : ']';

	s = json_blank(s + 1);
	if (*s == end)
		return s + 1;
	for (;; s++) {
		if (object) {
			s = json_text(json_blank(s));
			if (!s || *(s = json_blank(s)) != ':')
				return NULL;
			s++;
		}
		s = json_value(s);
		if (!s || *s == end)
			return s ? s + 1 : NULL;
		if (*s != ',')
			return NULL;
	}
}

/* What follows the value and blanks; NULL where there is none. */
static const char *json_value(const char *s)
{
	static const char *const words[] = { "true", "false", "null" };

	s = json_blank(s);
	if (*s == '{' || *s == '[')
		s = json_list(s, *s == '{');
	else if (*s == '"')
		s = json_text(s);
	else if (*s == '-' || isdigit((unsigned char)*s))
		s = json_number(s);
	else {
		for (size_t i = 0; i < 3; i++) {
			if (!strncmp(s, words[i], strlen(words[i])))
				return json_blank(s + strlen(words[i]));
		}
		return NULL;
	}
	return s ? json_blank(s) : NULL;
}

static inline bool json_valid(const char *s)
{
	s = json_value(s);
	return s && !*s;
}

#endif
