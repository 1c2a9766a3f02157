// SPDX-License-Identifier: GPL-2.0
/* Read the kernel's trace: flushes of batches, and faults that waited for a folio. */
#include <ctype.h>
#include <string.h>

#include "tlbpaths.h"

#define FLUSH_EVENT	"mm_vmscan_batch_flush: "

static void add_flush(struct outcome *o, const struct flush *f)
{
	for (unsigned int i = 0; i < o->flushes; i++) {
		struct flush *have = &o->flush[i];

		if (have->folios == f->folios && have->pages == f->pages && have->mms == f->mms &&
		    have->kswapd == f->kswapd && !strcmp(have->reason, f->reason)) {
			have->times++;
			return;
		}
	}
	if (o->flushes == FLUSHES_MAX)
		fatal(EXIT_BROKEN, "more than %u kinds of flushes", FLUSHES_MAX);
	o->flush[o->flushes] = *f;
	o->flush[o->flushes++].times = 1;
}

/* Parse "  task-pid  [cpu] flags seconds.micros: event: ...". */
static bool parse_line(const char *line, const char *event, unsigned int *pid, uint64_t *us)
{
	const char *cpu = NULL, *at = event;
	unsigned long long s, micros;

	/* the last match: the name of a task may have others */
	for (const char *next = line; (next = strstr(next, " [")) && next < event; next++)
		cpu = isdigit((unsigned char)next[2]) ? next : cpu;
	while (cpu && cpu > line && cpu[-1] == ' ')
		cpu--;
	while (cpu && cpu > line && cpu[-1] != '-')
		cpu--;
	while (at > line && at[-1] != ' ')
		at--;
	while (at > line && at[-1] == ' ')
		at--;
	while (at > line && at[-1] != ' ')
		at--;
	if (!cpu || sscanf(cpu, "%u", pid) != 1 || sscanf(at, "%llu.%llu", &s, &micros) != 2)
		return false;
	*us = s * 1000000 + micros;
	return true;
}

static void add_wait(struct outcome *o, const char *line)
{
	static struct {
		unsigned int pid;
		uint64_t since;
	} waiting[16];
	const char *begin = strstr(line, " wait: "), *end = strstr(line, " waited: ");
	unsigned int pid, i;
	uint64_t us;

	if ((!begin && !end) || !parse_line(line, (begin ? begin : end) + 1, &pid, &us))
		return;
	for (i = 0; i < ARRAY_SIZE(waiting) - 1 && waiting[i].pid && waiting[i].pid != pid; i++)
		;
	if (end && waiting[i].pid == pid && waiting[i].since) {
		o->waits++;
		o->waited_us += us - waiting[i].since;
	}
	waiting[i].pid = pid;
	waiting[i].since = begin ? us : 0;
}

void trace_line(struct outcome *o, const char *line)
{
	const char *event = strstr(line, FLUSH_EVENT);
	unsigned long long kept, written;
	struct flush f = { .times = 1 };

	if (sscanf(line, "# entries-in-buffer/entries-written: %llu/%llu", &kept, &written) == 2)
		o->overrun += written - kept;
	add_wait(o, line);
	if (!event || sscanf(event + strlen(FLUSH_EVENT),
			     "nr_folios=%u nr_pages=%u nr_mms=%u flush=%*d reason=%7s",
			     &f.folios, &f.pages, &f.mms, f.reason) != 4)
		return;
	f.kswapd = !strncmp(line + strspn(line, " "), "kswapd", 6);
	o->traced++;
	add_flush(o, &f);
}
