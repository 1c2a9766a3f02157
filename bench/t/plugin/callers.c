// SPDX-License-Identifier: GPL-2.0
/* Test callers: through functions that pass a request on, up to an exception. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "callers.h"

enum { DROP = EVENT_ARCH };

static const struct ledger_event events[] = { { .name = "drop" }, { 0 } };
static const char *const via[] = { "flush", "send", NULL };
static const struct ledger_arch arch = {
	.target = "none", .events = events, .via = via, .thunk = "thunk_",
};
static struct ledger_sym sym[] = {
	{ 0x1000, "reclaim.part.0", -1 }, { 0x2000, "flush.isra.0", -1 }, { 0x3000, "send", -1 },
	{ 0x4000, "walk", -1 }, { 0x5000, "reclaim", -1 }, { 0x6000, "zap", -1 },
	{ 0x7000, "__thunk_a", -1 }, { 0x8000, "flush_all", -1 },
};
static const struct ledger_syms syms = { .sym = sym, .nr = sizeof(sym) / sizeof(*sym) };

/* Count at pc, with these return addresses from the innermost on, 0: an exception. */
static void count(uint64_t pc, unsigned int event, const uint64_t *from)
{
	static struct track t;
	unsigned int n = 0;

	while (from[n] != UINT64_MAX)
		n++;
	for (unsigned int i = 0; i < n; i++)
		t.stack[n - 1 - i].addr = from[i];
	t.depth = n;
	callers_count(&t, pc, event);
}

#define COUNT(pc, event, ...) count(pc, event, (const uint64_t[]){ __VA_ARGS__, UINT64_MAX })

static void expect(const char *want)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	callers_write(f, 7);
	fclose(f);
	assert_string_equal(text, want);
	free(text);
}

static void who_asks(void **state)
{
	(void)state;
	callers_init(&arch, &syms);
	COUNT(0x3004, EVENT_IPI_SENT, 0x2010, 0x6010);		/* zap, flush, send */
	COUNT(0x3004, EVENT_IPI_SENT, 0x2010, 0x1010);		/* a clone of reclaim */
	COUNT(0x3004, EVENT_IPI_SENT, 0x2010, 0x5010, 0x6010);	/* reclaim itself */
	COUNT(0x4004, DROP, 0x6010);				/* walk asks for itself */
	COUNT(0x8004, DROP, 0x6010);				/* flush_all is not flush */
	COUNT(0x3004, DROP, 0x2010, 0x7010, 0x6010, 0x7010, 0x4010);	/* through thunks */
	COUNT(0x3004, DROP, 0x6000);		/* the last instruction of reclaim is the call */
	expect("7,ledger.ipi_sent_by.reclaim,2,count\n"
	       "7,ledger.ipi_sent_by.zap,1,count\n"
	       "7,ledger.drop_by.flush_all,1,count\n"
	       "7,ledger.drop_by.reclaim,1,count\n"
	       "7,ledger.drop_by.walk,1,count\n"
	       "7,ledger.drop_by.zap,1,count\n");
	expect("");	/* the next record begins with nothing */
}

/* The outermost one counts: flush calls walk, which calls send. */
static void outermost(void **state)
{
	(void)state;
	callers_init(&arch, &syms);
	COUNT(0x3004, DROP, 0x4010, 0x2010, 0x6010);
	expect("7,ledger.drop_by.zap,1,count\n");
}

/* What an interrupt interrupted has not asked. */
static void up_to_an_exception(void **state)
{
	(void)state;
	callers_init(&arch, &syms);
	COUNT(0x3004, DROP, 0x4010, 0, 0x2010, 0x6010);
	COUNT(0x3004, DROP, 0);
	expect("7,ledger.drop_by.send,1,count\n7,ledger.drop_by.walk,1,count\n");
}

/* Before the first function there is none; with many callers, none is lost. */
static void nowhere_and_many(void **state)
{
	static struct ledger_sym many[200];
	const struct ledger_syms all = { .sym = many, .nr = 200 };
	static char name[200][8];

	(void)state;
	for (unsigned int i = 0; i < 200; i++) {
		snprintf(name[i], sizeof(name[i]), "f%u", 999 - i);
		many[i] = (struct ledger_sym){ 0x1000 + 16 * i, name[i], -1 };
	}
	callers_init(&arch, &all);
	COUNT(0x10, DROP, 0);
	expect("");
	for (unsigned int i = 0; i < 400; i++)
		COUNT(0x1000 + 16 * (i % 200), DROP, 0);
	for (unsigned int i = 0; i < 200; i++)
		assert_int_equal(many[i].func, -1);
	char *text, *line;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	callers_write(f, 0);
	fclose(f);
	line = text;
	for (unsigned int i = 800; i <= 999; i++) {
		char want[64];
		int n = snprintf(want, sizeof(want), "0,ledger.drop_by.f%u,2,count\n", i);

		assert_memory_equal(line, want, n);
		line += n;
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks),
		cmocka_unit_test(outermost),
		cmocka_unit_test(up_to_an_exception),
		cmocka_unit_test(nowhere_and_many),
	};

	return cmocka_run_group_tests_name("ledger_callers", tests, NULL, NULL) ? 1 : 0;
}
