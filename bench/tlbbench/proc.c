// SPDX-License-Identifier: GPL-2.0
/* The text of /proc/interrupts and /proc/vmstat: rows, and what two readings differ by. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tlbbench.h"

/* The next "CPUn" of a first line, or NULL at its end. */
static const char *next_cpu(const char *s, unsigned long *cpu)
{
	char *end;

	s += strspn(s, " ");
	if (strncmp(s, "CPU", 3) || !isdigit((unsigned char)s[3]))
		return NULL;
	*cpu = strtoul(s + 3, &end, 10);
	return end;
}

/* The number of CPUs that the first line names. */
unsigned int interrupts_cpus(const char *s)
{
	unsigned long cpu;
	unsigned int n = 0;

	while ((s = next_cpu(s, &cpu)))
		n++;
	return n;
}

/* A number that is a word: "5-edge" is not one. */
static bool is_number(const char *s)
{
	size_t len = strspn(s, "0123456789");

	return len && (!s[len] || s[len] == ' ' || s[len] == '\n');
}

/*
 * "LABEL: count per CPU ... description". A row is the one of that label, or
 * of that description; some kernels number what others name.
 */
bool interrupts_find(const char *s, const char *name, struct interrupts_row *row)
{
	size_t len = strlen(name);

	while (*s) {
		const char *line = s, *end = strchrnul(s, '\n'), *p;
		const char *colon = memchr(line, ':', end - line);
		bool label;

		s = *end ? end + 1 : end;
		if (!colon)
			continue;
		line += strspn(line, " ");
		label = (size_t)(colon - line) == len && !strncmp(line, name, len);
		row->counts = colon + 1;
		row->n = 0;
		for (p = colon + 1; p += strspn(p, " "), is_number(p); row->n++)
			p += strspn(p, "0123456789");
		while (end > p && isspace((unsigned char)end[-1]))
			end--;
		if (label || (end > p && (size_t)(end - p) == len && !strncmp(p, name, len)))
			return true;
	}
	return false;
}

/* Print the CPUs that a first line names, as ranges. */
static size_t name_cpus(char *out, size_t size, const char *s)
{
	unsigned long first = 0, last = 0, cpu;
	bool open = false;
	size_t n = 0;

	for (;;) {
		s = next_cpu(s, &cpu);
		if (s && open && cpu == last + 1) {
			last = cpu;
			continue;
		}
		if (open && n < size)
			n += snprintf(out + n, size - n, first == last ? "%s%lu" : "%s%lu-%lu",
				      n ? "," : "", first, last);
		if (!s)
			break;
		first = last = cpu;
		open = true;
	}
	return n < size ? n : size - 1;
}

/* NULL, or in words (static) by what CPUs the first lines of two readings differ. */
const char *interrupts_cpus_changed(const char *before, const char *after)
{
	const char *a = before, *b = after;
	static char words[128];
	unsigned long x, y;
	size_t n;

	do {
		x = y = 0;
		a = next_cpu(a, &x);
		b = next_cpu(b, &y);
	} while (a && b && x == y);
	if (!a && !b)
		return NULL;
	n = snprintf(words, sizeof(words), "online were ");
	n += name_cpus(words + n, 40, before);
	n += snprintf(words + n, sizeof(words) - n, ", then ");
	name_cpus(words + n, 40, after);
	return words;
}

/*
 * Most kernels count interrupts in 32 bits, some in 64: a difference is modulo
 * 2^32 where neither count needs more. No cell takes half of such a range.
 */
static bool difference(uint64_t before, uint64_t after, uint64_t *d)
{
	bool narrow = before <= UINT32_MAX && after <= UINT32_MAX;

	*d = narrow ? (uint32_t)(after - before) : after - before;
	return *d <= (narrow ? INT32_MAX : INT64_MAX);
}

/* Add by CPU what the later reading of a row has more than the earlier one. */
enum counted interrupts_count(const char *before, const char *after, const char *name,
			      uint64_t *sum)
{
	struct interrupts_row a, b;
	uint64_t total = 0, d;

	if (!interrupts_find(before, name, &a) || !interrupts_find(after, name, &b) ||
	    a.n != interrupts_cpus(before) || b.n != interrupts_cpus(after) || a.n != b.n)
		return COUNTED_LOST;
	for (unsigned int i = 0; i < a.n; i++) {
		char *a_end, *b_end;
		uint64_t x = strtoull(a.counts, &a_end, 10), y = strtoull(b.counts, &b_end, 10);

		if (!difference(x, y, &d))
			return COUNTED_BACKWARDS;
		total += d;
		a.counts = a_end;
		b.counts = b_end;
	}
	*sum += total;
	return COUNTED;
}

/* The line after this "name value" one; NULL at the end. A name of length 0: no such line. */
const char *vmstat_next(const char *s, size_t *len, uint64_t *value)
{
	const char *end = strchrnul(s, '\n');

	if (!*s)
		return NULL;
	*len = strcspn(s, " \n");
	if (s[*len] != ' ' || !isdigit((unsigned char)s[*len + 1]))
		*len = 0;
	else
		*value = strtoull(s + *len, NULL, 10);
	return *end ? end + 1 : end;
}

static bool vmstat_find(const char *s, const char *name, uint64_t *value)
{
	size_t len, wanted = strlen(name);

	for (const char *next; (next = vmstat_next(s, &len, value)); s = next) {
		if (len == wanted && !strncmp(s, name, len))
			return true;
	}
	return false;
}

/* These are of the kernel's word size, and of all CPUs together, those gone included. */
enum counted vmstat_count(const char *before, const char *after, const char *name, uint64_t *sum)
{
	uint64_t x, y;

	if (!vmstat_find(before, name, &x) || !vmstat_find(after, name, &y))
		return COUNTED_LOST;
	if (y - x > INT64_MAX)
		return COUNTED_BACKWARDS;
	*sum += y - x;
	return COUNTED;
}
