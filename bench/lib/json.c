// SPDX-License-Identifier: GPL-2.0
/* Print strings of JSON. */
#include "lib.h"
#include "utf8.h"

/* Print a string, with U+FFFD for bytes that are not UTF-8: names may have any bytes. */
void json_string(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	fputc('"', f);
	while (*s) {
		unsigned int n = utf8_length(s);

		if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if (*s < 0x20)
			fprintf(f, "\\u%04x", *s);
		else if (n)
			fwrite(s, 1, n, f);
		else
			fputs("\\ufffd", f);
		s += n ? n : 1;
	}
	fputc('"', f);
}
