// SPDX-License-Identifier: GPL-2.0
/* Test splitting a guest's job into words, as scripts/words.sh writes them. */
#include "test.h"

#define main	init_main
#include "../../guest/init.c"
#undef main

static void words(void **state)
{
	char line[] = "/tool  --cpu-model=a\\040b\\134c\t x\\012y \\04 \\400 \\999z\\\n", none[] = " # /tool\n";
	char *argv[ARGS_MAX + 1];

	(void)state;
	assert_int_equal(split(line, argv), 6);
	assert_string_equal(argv[0], "/tool");
	assert_string_equal(argv[1], "--cpu-model=a b\\c");
	assert_string_equal(argv[2], "x\ny");
	assert_string_equal(argv[3], "\\04");
	assert_string_equal(argv[4], "\\400");
	assert_string_equal(argv[5], "\\999z\\");
	assert_null(argv[6]);
	assert_int_equal(split(none, argv), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(words) };

	return cmocka_run_group_tests_name("init_words", tests, NULL, NULL);
}
