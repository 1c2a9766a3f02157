// SPDX-License-Identifier: GPL-2.0
/* Test that the data-integrity check finds the damage of a kernel that loses data. */
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

static struct region region = { .pages = 8, .stride = 2, .seed = 5 };

static int map(void **state)
{
	(void)state;
	region.page_size = sysconf(_SC_PAGESIZE);
	region.base = mmap(NULL, 16 * region.page_size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return region.base == MAP_FAILED;
}

static int reset(void **state)
{
	(void)state;
	region.writers = 0;
	region.round = 0;
	return madvise(region.base, 16 * region.page_size, MADV_DONTNEED);
}

static void keeps(void **state)
{
	struct sentinel s = { 0 };

	(void)state;
	sentinel_fill(&region);
	sentinel_check(&region, &s);
	assert_int_equal(s.bad, 0);
	/* pages between those in use stay untouched */
	assert_int_equal(*(uint64_t *)(region.base + region.page_size), 0);
}

static void one_word(void **state)
{
	size_t last = region.page_size / sizeof(uint64_t) - 1;
	uint64_t *word = (uint64_t *)region_page(&region, 7) + last;
	struct sentinel s = { 0 };
	uint64_t expected;

	(void)state;
	sentinel_fill(&region);
	expected = *word;
	*word = expected ^ 1;
	sentinel_check(&region, &s);
	assert_int_equal(s.bad, 1);
	assert_int_equal(s.addr, (uintptr_t)word);
	assert_int_equal(s.expected, expected);
	assert_int_equal(s.found, expected ^ 1);
}

static void lost_page(void **state)
{
	struct sentinel s = { 0 };

	(void)state;
	sentinel_fill(&region);
	madvise(region_page(&region, 3), region.page_size, MADV_DONTNEED);
	sentinel_check(&region, &s);
	assert_int_equal(s.bad, region.page_size / sizeof(uint64_t));
	assert_int_equal(s.addr, (uintptr_t)region_page(&region, 3));
	assert_int_equal(s.found, 0);
}

/* Check a page of another address, and the page of an earlier round. */
static void wrong_page(void **state)
{
	struct sentinel s = { 0 }, t = { 0 };

	(void)state;
	sentinel_fill(&region);
	memcpy(region_page(&region, 1), region_page(&region, 2), region.page_size);
	sentinel_check(&region, &s);
	assert_int_equal(s.bad, region.page_size / sizeof(uint64_t));
	region.round = 1;
	sentinel_check(&region, &t);
	assert_int_equal(t.bad, region.pages * region.page_size / sizeof(uint64_t));
}

static void zero(void **state)
{
	struct sentinel s = { 0 };

	(void)state;
	sentinel_check_zero(&region, &s);
	assert_int_equal(s.bad, 0);
	*((uint64_t *)region_page(&region, 4) + 9) = 3;
	sentinel_check_zero(&region, &s);
	assert_int_equal(s.bad, 1);
	assert_int_equal(s.expected, 0);
	assert_int_equal(s.found, 3);
}

/* Check a write to a page that is gone: the word is one behind. */
static void lost_write(void **state)
{
	uint64_t shadow[2][8] = { 0 };
	struct sentinel s = { 0 };
	uint64_t *word;

	(void)state;
	region.writers = 2;
	sentinel_fill(&region);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(writer_pass(&region, 0, shadow[0], &s), 8);
		writer_pass(&region, 1, shadow[1], &s);
	}
	sentinel_check(&region, &s);
	assert_int_equal(s.bad, 0);
	word = (uint64_t *)region_page(&region, 6) + 1;
	assert_int_equal(*word, 3);
	*word = 2;
	writer_pass(&region, 0, shadow[0], &s);
	assert_int_equal(s.bad, 0);
	writer_pass(&region, 1, shadow[1], &s);
	assert_int_equal(s.bad, 1);
	assert_int_equal(s.addr, (uintptr_t)word);
	assert_int_equal(s.expected, 3);
	assert_int_equal(s.found, 2);
	writer_pass(&region, 1, shadow[1], &s);		/* counted once */
	assert_int_equal(s.bad, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(keeps, reset),
		cmocka_unit_test_setup(one_word, reset),
		cmocka_unit_test_setup(lost_page, reset),
		cmocka_unit_test_setup(wrong_page, reset),
		cmocka_unit_test_setup(zero, reset),
		cmocka_unit_test_setup(lost_write, reset),
	};

	return cmocka_run_group_tests_name("sentinel", tests, map, NULL);
}
