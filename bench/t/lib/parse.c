// SPDX-License-Identifier: GPL-2.0
/* Test parsing option values: valid and invalid numbers, lists, sizes and patterns. */
#include "test.h"

static void numbers(void **state)
{
	static const char *const wrong[] = {
		"", "x", "0", "513", "-1", "+1", " 1", "1 ", "1x", "0x10", "1.5",
		"99999999999999999999999",
	};
	uint64_t v = 7;

	(void)state;
	assert_true(parse_u64("1", 1, 512, &v));
	assert_int_equal(v, 1);
	assert_true(parse_u64("512", 1, 512, &v));
	assert_int_equal(v, 512);
	assert_true(parse_u64("18446744073709551615", 0, UINT64_MAX, &v));
	assert_true(v == UINT64_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		v = 7;
		assert_false(parse_u64(wrong[i], 1, 512, &v));
		assert_int_equal(v, 7);
	}
}

static void lists(void **state)
{
	unsigned int out[LIST_MAX], n;
	char many[3 * LIST_MAX + 8] = "1";

	(void)state;
	assert_null(parse_list("1,31,512", 1, 512, out, &n));
	assert_int_equal(n, 3);
	assert_int_equal(out[1], 31);
	assert_string_equal(parse_list("1,513,2", 1, 512, out, &n), "513");
	assert_string_equal(parse_list("", 1, 512, out, &n), "");
	assert_string_equal(parse_list("1,", 1, 512, out, &n), "");
	assert_string_equal(parse_list("1,,2", 1, 512, out, &n), "");
	assert_string_equal(parse_list("x", 1, 512, out, &n), "x");
	for (int i = 1; i < LIST_MAX; i++)
		strcat(many, ",2");
	assert_null(parse_list(many, 1, 512, out, &n));
	assert_int_equal(n, LIST_MAX);
	strcat(many, ",3");
	assert_string_equal(parse_list(many, 1, 512, out, &n), "3");
}

static void sizes(void **state)
{
	static const char *const wrong[] = { "", "M", "0M", "256", "256m", "-1M", "1MM", "1.5G",
					     "99999999999999999999999G" };
	uint64_t v;

	(void)state;
	assert_true(parse_size("4K", &v));
	assert_int_equal(v, 4096);
	assert_true(parse_size("256M", &v));
	assert_int_equal(v, 256 << 20);
	assert_true(parse_size("2G", &v));
	assert_true(v == 2ull << 30);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(parse_size(wrong[i], &v));
}

static void patterns(void **state)
{
	static const char *const wrong[] = { "", "strided", "strided:", "strided:1", "strided:513",
					     "strided:x", "Contiguous", "random:2" };
	unsigned int stride = 0;
	bool random = true;

	(void)state;
	assert_true(parse_pattern("contiguous", &stride, &random));
	assert_int_equal(stride, 1);
	assert_false(random);
	assert_true(parse_pattern("strided:8", &stride, &random));
	assert_int_equal(stride, 8);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(parse_pattern(wrong[i], &stride, &random));
	assert_true(parse_pattern("random", &stride, &random));
	assert_true(random);
	assert_int_equal(stride, RANDOM_SPREAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(lists),
		cmocka_unit_test(sizes),
		cmocka_unit_test(patterns),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
