/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_UTF8_H
#define BENCH_UTF8_H

/* Return the length of the UTF-8 sequence at s; 0 if it is none (RFC 3629). */
unsigned int utf8_length(const unsigned char *s);

#endif
