// SPDX-License-Identifier: GPL-2.0
/*
 * Test the rules of coverage, with made-up architectures; and what each instruction
 * of arch/<a>/bench/t/cover.S covers. usage: ledger_cover_test OBJECT...
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "elf_section.h"
#include "cover.h"

#define CPUS	3
#define PAGE(n)	((uint64_t)(n) << 12)

static bool is_half(struct ledger_space user, struct ledger_space kernel)
{
	return user.tag == (kernel.tag | 8) && user.tag != kernel.tag &&
	       user.root == kernel.root + 1;
}

static const struct ledger_arch broadcast = { .broadcasts = true, .is_half = is_half };
static const struct ledger_arch local = { .is_half = is_half };

static FILE *f;
static char *text;
static size_t len;

static void start(const struct ledger_arch *arch)
{
	f = open_memstream(&text, &len);
	cover_init(CPUS, arch, f);
}

static int start_broadcast(void **state)
{
	(void)state;
	start(&broadcast);
	return 0;
}

static int start_local(void **state)
{
	(void)state;
	start(&local);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	cover_free();
	fclose(f);
	free(text);
	return 0;
}

static void load(unsigned int cpu, uint64_t root, unsigned int tag, bool flush)
{
	cover_action(cpu, &(struct ledger_tlb_action){ .op = TLB_SWITCH, .root = root,
						       .space = tag, .flush = flush });
}

static void drop(unsigned int cpu, uint64_t first, uint64_t pages, unsigned int tag)
{
	cover_action(cpu, &(struct ledger_tlb_action){
		.op = TLB_PAGE, .first = first, .pages = pages, .space = tag,
		.broadcast = true });
}

static void expect(int pages, int missed, int late)
{
	struct cover_counts n = cover_take();

	assert_int_equal(n.pages, pages);
	assert_int_equal(n.missed, missed);
	assert_int_equal(n.late, late);
	fflush(f);
	assert_int_equal(*text != '\0', missed + late > 0);
}

/* ---- hardware that broadcasts ---- */

static void every_cpu_owes(void **state)
{
	(void)state;
	load(0, 100, 1, false);
	cover_add(0, PAGE(7) + 123);
	cover_end(0);
	expect(1, CPUS, 0);
	assert_non_null(strstr(text, "ledger: record 0: not covered: "));
	assert_non_null(strstr(text, "page 0x7000 of address space 1, table 0, on CPU 2, "
			       "by a call on CPU 0: the call has returned"));
	cover_end(0);		/* reported once */
	assert_int_equal(cover_take().missed, 0);
}

static void complete_behind_the_barrier(void **state)
{
	(void)state;
	load(0, 100, 1, false);
	cover_add(0, PAGE(7));
	drop(0, 7, 1, 1);
	assert_int_equal(cover_owed(2), 1);
	cover_wait(1);		/* a barrier of another CPU does not wait for this one */
	assert_int_equal(cover_owed(2), 1);
	cover_wait(0);
	assert_int_equal(cover_owed(2), 0);
	cover_end(0);
	expect(1, 0, 0);
}

static void too_early_is_for_nothing(void **state)
{
	(void)state;
	load(0, 100, 1, false);
	cover_add(0, PAGE(1));
	drop(0, 1, 2, 1);
	cover_add(0, PAGE(2));
	cover_wait(0);
	assert_int_equal(cover_owed(1), 1);
	cover_end(0);
	expect(2, CPUS, 0);
}

/* Check that a page added again has to be invalidated again. */
static void added_again(void **state)
{
	(void)state;
	load(0, 100, 1, false);
	cover_add(0, PAGE(1));
	drop(0, 1, 1, 1);
	cover_add(0, PAGE(1));
	cover_wait(0);
	cover_end(0);
	expect(2, CPUS, 0);
}

static void both_halves_owe(void **state)
{
	(void)state;
	load(0, 100, 2, false);
	load(0, 101, 10, false);
	cover_add(0, PAGE(7));
	drop(0, 7, 1, 2);
	cover_wait(0);
	assert_int_equal(cover_owed(1), 1);
	cover_end(0);
	expect(1, CPUS, 0);
	cover_add(0, PAGE(7));
	drop(0, 7, 1, 2);
	drop(0, 7, 1, 10);
	cover_wait(0);
	cover_end(0);
	assert_int_equal(cover_take().missed, 0);
	load(0, 200, 3, false);		/* another mm, which is not a half of the first */
	cover_add(0, PAGE(7));
	assert_int_equal(cover_owed(1), 1);
}

/* ---- hardware that does not broadcast ---- */

/* Let CPU 0 and 1 run the mm of table 100, and CPU 2 another one. */
static void run_all(void)
{
	unsigned int i;

	for (i = 0; i < CPUS; i++) {
		load(i, i < 2 ? 100 : 200, 0, true);
		cover_user(i);
	}
}

static void cpus_of_the_mm_owe(void **state)
{
	(void)state;
	run_all();
	cover_add(0, PAGE(7));
	assert_int_equal(cover_owed(0) + cover_owed(1), 2);
	assert_int_equal(cover_owed(2), 0);
	load(0, 100, 0, true);
	cover_end(0);
	expect(1, 1, 0);
	assert_non_null(strstr(text, "table 0x64, on CPU 1,"));
}

static void complete_at_once(void **state)
{
	const struct ledger_tlb_action page = {
		.op = TLB_PAGE, .local = true, .first = 7, .pages = 1 };

	(void)state;
	run_all();
	cover_add(0, PAGE(7));
	cover_action(0, &page);
	cover_action(1, &page);
	cover_end(0);
	expect(1, 0, 0);
}

/* Check a CPU that switched tasks and may be lazy: it owes until it uses the mm again. */
static void lazy_pays_before_use(void **state)
{
	(void)state;
	run_all();
	cover_task(1);
	cover_add(0, PAGE(7));
	load(0, 100, 0, true);
	cover_end(0);
	expect(1, 0, 0);
	assert_int_equal(cover_owed(1), 1);
	load(1, 100, 0, true);
	cover_user(1);
	expect(0, 0, 0);
}

static void lazy_that_does_not_pay(void **state)
{
	(void)state;
	run_all();
	cover_task(1);
	cover_add(0, PAGE(7));
	load(0, 100, 0, true);
	cover_end(0);
	cover_user(1);
	expect(1, 0, 1);
	assert_non_null(strstr(text, "on CPU 1, by a call on CPU 0: it runs user code"));
}

/* Check that entries of a CPU that left the mm stay under their tag. */
static void left_and_comes_back(bool flush)
{
	load(0, 100, 1, true);
	load(1, 100, 3, true);
	load(1, 200, 4, true);
	cover_user(1);
	cover_add(0, PAGE(7));
	assert_int_equal(cover_owed(1), 1);
	load(0, 100, 1, true);
	cover_end(0);
	expect(1, 0, 0);
	load(1, 100, 3, flush);
	expect(0, 0, !flush);
	cover_user(1);
	assert_int_equal(cover_take().late, 0);		/* reported once */
}

static void comes_back_flushed(void **state)
{
	(void)state;
	left_and_comes_back(true);
}

static void comes_back_stale(void **state)
{
	(void)state;
	left_and_comes_back(false);
}

/* Check that loading another mm under the same tag drops the entries. */
static void number_reused(void **state)
{
	(void)state;
	load(0, 100, 1, true);
	load(1, 100, 3, true);
	load(1, 200, 3, true);
	cover_add(0, PAGE(7));
	assert_int_equal(cover_owed(1), 0);
}

/* Check that the user half is flushed at the latest on return to user mode. */
static void user_half(bool flush)
{
	load(0, 100, 1, true);
	load(0, 101, 9, true);
	cover_user(0);
	cover_add(0, PAGE(7));
	assert_int_equal(cover_owed(0), 2);
	load(0, 100, 1, false);
	cover_action(0, &(struct ledger_tlb_action){ .op = TLB_PAGE, .local = true, .first = 7,
						     .pages = 1 });
	load(0, 101, 9, flush);
	cover_user(0);
	cover_end(0);
	expect(1, !flush, 0);
}

static void user_half_flushed(void **state)
{
	(void)state;
	user_half(true);
}

static void user_half_missed(void **state)
{
	(void)state;
	user_half(false);
}

static void unread_is_counted(void **state)
{
	(void)state;
	run_all();
	cover_unread(0);
	assert_int_equal(cover_take().unread, 1);
	assert_int_equal(cover_take().unread, 0);
}

/* ---- instructions ---- */

struct record {
	uint64_t page, pages, tag, reg, mode, mem[2];
	uint32_t own, others, nr, len;
	uint8_t code[];
};

static const char *target;

static void check_record(const struct ledger_arch *arch, const struct record *r)
{
	struct ledger_insn insn = { .mark = LEDGER_NO_MARK };
	const struct ledger_operands o = { r->reg, r->mode, { r->mem[0], r->mem[1] } };
	struct ledger_tlb_action a;
	uint64_t i;

	start(arch);
	load(0, 0x1234000, r->tag, true);
	load(1, 0x1234000, r->tag, true);
	for (i = 0; i < r->pages; i++)
		cover_add(0, PAGE(r->page + i));
	arch->decode(r->code, r->len, &insn);
	if (insn.tlb != TLB_NONE) {
		a = arch->tlb_action(&insn, &o);
		cover_action(0, &a);
		if (arch->broadcasts)
			cover_wait(0);
	}
	if (cover_owed(0) != r->own || cover_owed(1) != r->others)
		fail_msg("%s, record %u: want %u and %u owed, got %zu and %zu", target, r->nr,
			 r->own, r->others, cover_owed(0), cover_owed(1));
	stop(NULL);
}

static void check_object(void **state)
{
	const struct ledger_arch *arch;
	struct elf_section s = elf_section(*state, ".cover");
	const char *at = s.start;
	unsigned int checked = 0;

	target = at;
	arch = ledger_find_arch(target);
	if (!arch)
		fail_msg("%s: no decoder for %s", (char *)*state, target);
	for (at += 16; at < s.end; checked++) {
		const struct record *r = (const struct record *)at;

		check_record(arch, r);
		at += (sizeof(*r) + r->len + 7) & ~7u;
	}
	printf("%s: %u records\n", (char *)*state, checked);
	assert_true(checked > 1);
	free(s.file);
}

#define BROADCAST(t) cmocka_unit_test_setup_teardown(t, start_broadcast, stop)
#define LOCAL(t) cmocka_unit_test_setup_teardown(t, start_local, stop)

int main(int argc, char **argv)
{
	const struct CMUnitTest rules[] = {
		BROADCAST(every_cpu_owes), BROADCAST(complete_behind_the_barrier),
		BROADCAST(too_early_is_for_nothing), BROADCAST(added_again),
		BROADCAST(both_halves_owe), LOCAL(cpus_of_the_mm_owe), LOCAL(complete_at_once),
		LOCAL(lazy_pays_before_use), LOCAL(lazy_that_does_not_pay),
		LOCAL(comes_back_flushed), LOCAL(comes_back_stale), LOCAL(number_reused),
		LOCAL(user_half_flushed), LOCAL(user_half_missed), LOCAL(unread_is_counted),
	};
	struct CMUnitTest object[8];
	int i;

	if (argc < 2 || argc > 9) {
		fprintf(stderr, "usage: ledger_cover_test OBJECT... (1 to 8)\n");
		return 2;
	}
	for (i = 1; i < argc; i++)
		object[i - 1] = (struct CMUnitTest){ argv[i], check_object, NULL, NULL, argv[i] };
	i = cmocka_run_group_tests_name("ledger_cover", rules, NULL, NULL);
	return _cmocka_run_group_tests("ledger_cover_insns", object, argc - 1, NULL, NULL) || i;
}
