// SPDX-License-Identifier: GPL-2.0
/* Test symbol files: valid and refused ones, and the function that contains a pc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "decode.h"

static const struct ledger_func funcs[] = {
	{ "flush", FUNC_INSN }, { "wait", FUNC_INSN }, { 0 },
};

static char path[] = "/tmp/ledger_sym_test.XXXXXX";
static struct ledger_syms syms;

static const char *load(const char *text)
{
	FILE *f;
	int fd;

	strcpy(path + sizeof(path) - 7, "XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	fputs(text, f);
	fclose(f);
	text = syms_load(&syms, path, funcs);
	unlink(path);
	return text;
}

static const char *name_at(uint64_t pc)
{
	const struct ledger_sym *s = syms_find(&syms, pc);

	return s ? s->name : "none";
}

static void finds_functions(void **state)
{
	(void)state;
	assert_null(load("ffff000000002000 T wait\n"
			 "ffff000000001000 t flush.constprop.0\n"
			 "ffff000000001800 D data\n"
			 "ffff000000003000 W weak\t[module]\n"
			 "ffff000000000800 ? marker\n"));
	assert_int_equal(syms.nr, 3);
	assert_string_equal(name_at(0xffff000000001000), "flush.constprop.0");
	assert_string_equal(name_at(0xffff000000001fff), "flush.constprop.0");
	assert_string_equal(name_at(0xffff000000002000), "wait");
	assert_string_equal(name_at(0xffffffffffffffff), "weak");
	assert_string_equal(name_at(0xffff000000000fff), "none");
	assert_int_equal(syms_find(&syms, 0xffff000000001004)->func, 0);
	assert_int_equal(syms_find(&syms, 0xffff000000003000)->func, -1);
	syms_free(&syms);
}

static void clones_are_the_function(void **state)
{
	(void)state;
	assert_null(load("1000 t flush.isra.0\n2000 t flush.part.1\n3000 t flush.cold\n"
			 "4000 t flushes\n5000 t flus\n"));
	assert_int_equal(syms_find(&syms, 0x1000)->func, 0);
	assert_int_equal(syms_find(&syms, 0x2000)->func, 0);
	assert_int_equal(syms_find(&syms, 0x3000)->func, -1);
	assert_int_equal(syms_find(&syms, 0x4000)->func, -1);
	assert_int_equal(syms_find(&syms, 0x5000)->func, -1);
	syms_free(&syms);
}

static void a_named_alias_wins(void **state)
{
	(void)state;
	assert_null(load("1000 T alias\n1000 t flush\n1000 T _text\n"));
	assert_string_equal(name_at(0x1000), "flush");
	assert_string_equal(name_at(0x1004), "flush");
	syms_free(&syms);
}

static void refuses(void **state)
{
	const char *problem;

	(void)state;
	problem = load("1000 T flush\nnot a symbol\n");
	assert_non_null(problem);
	assert_non_null(strstr(problem, ":2: want lines like"));
	assert_non_null(load("1000 T\n"));
	assert_non_null(load("1000 D data\n"));
	assert_non_null(load(""));
	assert_non_null(strstr(syms_load(&syms, "/nowhere/System.map", funcs), "cannot read"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_functions),
		cmocka_unit_test(clones_are_the_function),
		cmocka_unit_test(a_named_alias_wins),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests_name("ledger_sym", tests, NULL, NULL) ? 1 : 0;
}
