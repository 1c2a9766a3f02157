// SPDX-License-Identifier: GPL-2.0
/* Test the verdicts of tlbrace: failures are reported, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "shadow.h"

#define ID	word_id(3, 7, 2)
#define STRANGER word_id(3, 8, 2)

static struct shadow stable(void)
{
	return (struct shadow){ .last = ID, .expect = ID };
}

static struct shadow emptied(void)
{
	return (struct shadow){ .last = ID };
}

static enum verdict look(struct shadow *s, uint64_t *word, epoch_t *epoch)
{
	uint64_t found;

	return shadow_check(s, word, epoch, ID, &found);
}

static void write_some(struct shadow *s, uint64_t *word, epoch_t *epoch, unsigned int n)
{
	while (n--) {
		assert_int_equal(look(s, word, epoch), VERDICT_OK);
		shadow_store(s, word, epoch);
	}
}

static void ids_differ(void **state)
{
	(void)state;
	assert_int_not_equal(word_id(0, 0, 0), 0);
	assert_int_not_equal(word_id(0, 1, 0), word_id(1, 0, 0));
	assert_int_not_equal(word_id(0, 0, WRITER_TAG), word_id(0, 0, WRITERS_MAX));
	assert_int_equal(word_id(ARENA_FOREIGN, 4095, WRITER_TAG) & COUNT_MASK, 0);
	assert_true(word_index(WRITERS_MAX - 1) < 4096 / sizeof(uint64_t));
	assert_int_not_equal(word_index(0), word_index(WRITER_TAG));
}

static void writes_count(void **state)
{
	struct shadow s = stable();
	uint64_t word = ID;

	(void)state;
	write_some(&s, &word, NULL, 1000);
	assert_int_equal(word, ID + 1000);
	assert_int_equal(look(&s, &word, NULL), VERDICT_OK);
}

static void lost_write_is_reported(void **state)
{
	struct shadow s = stable();
	uint64_t word = ID, found;

	(void)state;
	write_some(&s, &word, NULL, 10);
	word--;
	assert_int_equal(shadow_check(&s, &word, NULL, ID, &found), VERDICT_LOST);
	assert_int_equal(found, ID + 9);
	assert_int_equal(s.expect, ID + 10);
}

static void emptied_stable_page_is_reported(void **state)
{
	struct shadow s = stable();
	uint64_t word = ID;

	(void)state;
	write_some(&s, &word, NULL, 10);
	word = 0;
	assert_int_equal(look(&s, &word, NULL), VERDICT_LOST);
}

static void foreign_data_is_reported(void **state)
{
	struct shadow s = stable();
	uint64_t word = STRANGER + 5;

	(void)state;
	assert_int_equal(look(&s, &word, NULL), VERDICT_FOREIGN);
}

static void odd_epoch_gives_no_verdict(void **state)
{
	struct shadow s = emptied();
	uint64_t word = STRANGER;
	epoch_t epoch = 1;

	(void)state;
	assert_int_equal(look(&s, &word, &epoch), VERDICT_VOID);
}

static void emptied_page_starts_over(void **state)
{
	struct shadow s = emptied();
	uint64_t word = 0, last;
	epoch_t epoch = 0;

	(void)state;
	write_some(&s, &word, &epoch, 10);
	last = word;
	epoch = 2;
	word = 0;
	write_some(&s, &word, &epoch, 10);
	/* a count of the old page is never one of the new */
	assert_int_equal(word, last + 10);
}

static void stale_page_is_reported(void **state)
{
	struct shadow s = emptied();
	uint64_t word = 0;
	epoch_t epoch = 0;

	(void)state;
	write_some(&s, &word, &epoch, 10);
	epoch = 2;	/* the page was emptied, but this writer still sees the old one */
	assert_int_equal(look(&s, &word, &epoch), VERDICT_LOST);
}

static void stale_write_is_reported_later(void **state)
{
	struct shadow s = emptied();
	uint64_t old = 0, new = 0;
	epoch_t epoch = 0;

	(void)state;
	write_some(&s, &old, &epoch, 10);
	epoch = 2;
	old = 0;	/* now another writer's page, empty */
	write_some(&s, &old, &epoch, 3);
	assert_int_equal(look(&s, &new, &epoch), VERDICT_LOST);
}

/* Check an actor that begins between check and store: both outcomes are right. */
static void racing_write(bool survives, bool other_value, enum verdict expected)
{
	struct shadow s = emptied();
	uint64_t word = 0;
	epoch_t epoch = 0;

	write_some(&s, &word, &epoch, 10);
	assert_int_equal(look(&s, &word, &epoch), VERDICT_OK);
	epoch = 1;
	shadow_store(&s, &word, &epoch);
	assert_int_equal(look(&s, &word, &epoch), VERDICT_VOID);
	epoch = 2;
	if (other_value)
		word--;
	else if (!survives)
		word = 0;
	assert_int_equal(look(&s, &word, &epoch), expected);
	if (expected == VERDICT_OK)
		write_some(&s, &word, &epoch, 10);
}

static void racing_writes(void **state)
{
	(void)state;
	racing_write(true, false, VERDICT_OK);
	racing_write(false, false, VERDICT_OK);
	racing_write(true, true, VERDICT_LOST);
}

/* Check that a write may survive once, but must be gone when emptied again. */
static void racing_write_survives_once(void **state)
{
	struct shadow s = emptied();
	uint64_t word = 0;
	epoch_t epoch = 0;

	(void)state;
	assert_int_equal(look(&s, &word, &epoch), VERDICT_OK);
	epoch = 1;
	shadow_store(&s, &word, &epoch);
	epoch = 2;
	assert_int_equal(look(&s, &word, &epoch), VERDICT_OK);
	epoch = 4;
	assert_int_equal(look(&s, &word, &epoch), VERDICT_LOST);
}

static void readers(void **state)
{
	uint64_t seen = 0;

	(void)state;
	assert_int_equal(reader_check(ID + 5, ID, &seen), VERDICT_OK);
	assert_int_equal(reader_check(ID + 5, ID, &seen), VERDICT_OK);
	assert_int_equal(reader_check(ID + 6, ID, &seen), VERDICT_OK);
	assert_int_equal(reader_check(ID + 5, ID, &seen), VERDICT_LOST);
	assert_int_equal(reader_check(0, ID, &seen), VERDICT_LOST);
	assert_int_equal(reader_check(STRANGER + 6, ID, &seen), VERDICT_FOREIGN);
	assert_int_equal(reader_check(0, ID, NULL), VERDICT_OK);
	assert_int_equal(reader_check(ID + 1, ID, NULL), VERDICT_OK);
	assert_int_equal(reader_check(STRANGER, ID, NULL), VERDICT_FOREIGN);
}

static void copies_lie_between(void **state)
{
	(void)state;
	assert_true(word_between(ID, ID, ID));
	assert_true(word_between(ID + 1, ID + 2, ID + 3));
	assert_false(word_between(ID + 2, ID + 1, ID + 3));
	assert_false(word_between(ID, STRANGER, ID + 3));
	assert_false(word_between(ID, 0, ID + 3));
}

static void frozen_pages(void **state)
{
	uint64_t now[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, snapshot[8];

	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		snapshot[i] = now[i];
	assert_int_equal(frozen_diff(snapshot, now, 8), -1);
	now[7]++;
	assert_int_equal(frozen_diff(snapshot, now, 8), 7);
	assert_int_equal(frozen_diff(snapshot, now, 7), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_differ),
		cmocka_unit_test(writes_count),
		cmocka_unit_test(lost_write_is_reported),
		cmocka_unit_test(emptied_stable_page_is_reported),
		cmocka_unit_test(foreign_data_is_reported),
		cmocka_unit_test(odd_epoch_gives_no_verdict),
		cmocka_unit_test(emptied_page_starts_over),
		cmocka_unit_test(stale_page_is_reported),
		cmocka_unit_test(stale_write_is_reported_later),
		cmocka_unit_test(racing_writes),
		cmocka_unit_test(racing_write_survives_once),
		cmocka_unit_test(readers),
		cmocka_unit_test(copies_lie_between),
		cmocka_unit_test(frozen_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
