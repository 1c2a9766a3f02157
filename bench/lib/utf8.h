/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_UTF8_H
#define BENCH_UTF8_H

#include <stdbool.h>
#include <stdint.h>

/* Return the length of the UTF-8 sequence at s; 0 if it is none (RFC 3629). */
static inline unsigned int utf8_length(const unsigned char *s)
{
	unsigned int n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 :
			 s[0] < 0xf5 ? 4 : 0;

	/* overlong forms, surrogates, and values beyond Unicode */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	for (unsigned int i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	return n;
}

/* Decode the character at s, and return the length of its sequence; 0 if it is none. */
static inline unsigned int utf8_decode(const unsigned char *s, uint32_t *character)
{
	unsigned int n = utf8_length(s);

	*character = n > 1 ? *s & (0x7f >> n) : *s;
	for (unsigned int i = 1; i < n; i++)
		*character = *character << 6 | (s[i] & 0x3f);
	return n;
}

/*
 * Check for invisible characters, which make two names look alike: soft hyphen, joiners,
 * fillers, selectors, tags.
 */
static inline bool utf8_is_hidden(uint32_t c)
{
	return c == 0xad || c == 0x34f || c == 0x61c || c == 0x115f || c == 0x1160 ||
	       (c >= 0x17b4 && c <= 0x17b5) || (c >= 0x180b && c <= 0x180f) ||
	       (c >= 0x200b && c <= 0x200d) || (c >= 0x2060 && c <= 0x2065) || c == 0x3164 ||
	       (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0 || (c >= 0xfff0 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}

/*
 * Check for characters that a terminal would obey rather than show: control characters of
 * ASCII and Latin 1, marks that change the direction of writing, BOM, hidden ones.
 */
static inline bool utf8_is_control(uint32_t c)
{
	return utf8_is_hidden(c) || c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e ||
	       c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

#endif
