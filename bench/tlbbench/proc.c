// SPDX-License-Identifier: GPL-2.0
/* Parse /proc/interrupts and /proc/vmstat: rows, and differences of two readings. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tlbbench.h"

/* Find the next "CPUn" in a first line; NULL at its end. */
static const char *next_cpu(const char *s, unsigned long *cpu)
{
	char *end;

	s += strspn(s, " ");
	if (strncmp(s, "CPU", 3) || !isdigit((unsigned char)s[3]))
		return NULL;
	*cpu = strtoul(s + 3, &end, 10);
	return end;
}

/* Return the number of CPUs in the first line. */
unsigned int interrupts_cpus(const char *s)
{
	unsigned long cpu;
	unsigned int n = 0;

	while ((s = next_cpu(s, &cpu)))
		n++;
	return n;
}

/* Check for a number that is a whole word: "5-edge" is not one. */
static bool is_number(const char *s)
{
	size_t len = strspn(s, "0123456789");

	return len && (!s[len] || s[len] == ' ' || s[len] == '\n');
}

/*
 * Find a row "LABEL: count per CPU ... description" by its label or its description;
 * labels are numbers in some kernels and names in others.
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

/* Print the CPUs in a first line, as ranges. */
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

/* Describe (static) how the CPUs in two first lines differ; NULL if they do not. */
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
 * Compute a difference. Most kernels count interrupts in 32 bits, some in 64: compute
 * modulo 2^32 if neither count needs more. No cell has half of that range.
 */
static bool difference(uint64_t before, uint64_t after, uint64_t *d)
{
	bool narrow = before <= UINT32_MAX && after <= UINT32_MAX;

	*d = narrow ? (uint32_t)(after - before) : after - before;
	return *d <= (narrow ? INT32_MAX : INT64_MAX);
}

/* Add up, per CPU, the differences of two readings of a row. */
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

/* Parse a line "name value"; return the next one, or NULL. The name is empty if it is none. */
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

/* Compute a difference; counts have the kernel's word size, for all CPUs, even offline ones. */
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
