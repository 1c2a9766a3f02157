// SPDX-License-Identifier: GPL-2.0
/* Parse option values: numbers, lists, sizes, patterns. Nothing is guessed or rounded. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib.h"

bool parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	unsigned long long v;
	char *end;

	/* strtoull() accepts blanks and signs: "-1" would be huge instead of wrong */
	if (!isdigit((unsigned char)s[0]))
		return false;
	errno = 0;
	v = strtoull(s, &end, 10);
	if (errno || *end || v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool parse_size(const char *s, uint64_t *out)
{
	static const char units[] = "KMG";
	size_t len = strlen(s);
	const char *unit;
	char digits[24];
	uint64_t v;

	unit = len ? strchr(units, s[len - 1]) : NULL;
	if (!unit || len >= sizeof(digits))
		return false;
	memcpy(digits, s, len - 1);
	digits[len - 1] = '\0';
	if (!parse_u64(digits, 1, UINT64_MAX >> 40, &v))
		return false;
	*out = v << (10 * (unit - units + 1));
	return true;
}

bool parse_pattern(const char *s, unsigned int *stride, bool *random)
{
	static const char strided[] = "strided:";
	uint64_t v;

	*random = !strcmp(s, "random");
	if (*random || !strcmp(s, "contiguous")) {
		*stride = *random ? RANDOM_SPREAD : 1;
		return true;
	}
	if (strncmp(s, strided, strlen(strided)) ||
	    !parse_u64(s + strlen(strided), 2, PAGES_MAX, &v))
		return false;
	*stride = v;
	return true;
}

/* Parse a list; return NULL, or the item that is not a number in the range (static). */
const char *parse_list(const char *s, unsigned int min, unsigned int max,
		       unsigned int *out, unsigned int *n)
{
	static char item[32];
	uint64_t v;
	size_t len;

	for (*n = 0;; s += len + 1) {
		len = strcspn(s, ",");
		snprintf(item, sizeof(item), "%.*s", (int)len, s);
		if (*n == LIST_MAX || !parse_u64(item, min, max, &v))
			return item;
		out[(*n)++] = v;
		if (!s[len])
			return NULL;
	}
}
