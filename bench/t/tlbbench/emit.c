// SPDX-License-Identifier: GPL-2.0
/* Test the formats: escaping, schema, and missing rows. */
#include <math.h>

#include "test.h"

static const struct identity identity = {
	.arch = "a", .cpu_model = "Model \"X\", 2 GHz", .accel = "none", .evidence = "hw",
	.kernel = "7.3.4", .variant = "stock", .pattern = "contiguous",
};
static const struct op operation = { .name = "pageout" };
static const struct cell cell = { &operation, 8, 32 };

static char *text;
static size_t size;

static char *render(enum format format, const struct values *v, enum table table)
{
	struct emitter e = { .format = format, .table = table, .header = true };

	free(text);
	e.f = open_memstream(&text, &size);
	emit_begin(&e, &identity);
	assert_true(emit_cell(&e, &identity, &cell, v));
	assert_true(emit_cell(&e, &identity, &cell, v));
	assert_true(emit_end(&e));
	fclose(e.f);
	return text;
}

static int release(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	return 0;
}

static const char *escaped(void (*escape)(FILE *, const char *), const char *s)
{
	FILE *f;

	free(text);
	f = open_memstream(&text, &size);
	escape(f, s);
	fclose(f);
	return text;
}

static void csv_escaping(void **state)
{
	(void)state;
	assert_string_equal(escaped(csv_field, "plain text"), "plain text");
	assert_string_equal(escaped(csv_field, ""), "");
	assert_string_equal(escaped(csv_field, "a,b"), "\"a,b\"");
	assert_string_equal(escaped(csv_field, "say \"no\""), "\"say \"\"no\"\"\"");
	assert_string_equal(escaped(csv_field, "two\nlines"), "\"two\nlines\"");
}

static void json_escaping(void **state)
{
	(void)state;
	assert_string_equal(escaped(json_string, "plain"), "\"plain\"");
	assert_string_equal(escaped(json_string, "a\"b\\c"), "\"a\\\"b\\\\c\"");
	assert_string_equal(escaped(json_string, "\t\n\x01"), "\"\\u0009\\u000a\\u0001\"");
	assert_string_equal(escaped(json_string, "\xc3\xa9"), "\"\xc3\xa9\"");
}

static void csv(void **state)
{
	struct values v = { 0 };

	(void)state;
	value_add(&v, "tool.pages", "pages", UINT64_MAX);
	value_add_real(&v, "tool.ratio_median", "1", 1.5);
	assert_string_equal(render(FORMAT_CSV, &v, TABLE_COUNTED),
		"arch,cpu_model,accel,evidence,kernel,variant,op,pattern,batch_pages,cpus,metric,value,unit\n"
		"a,\"Model \"\"X\"\", 2 GHz\",none,hw,7.3.4,stock,pageout,contiguous,32,8,"
		"tool.pages,18446744073709551615,pages\n"
		"a,\"Model \"\"X\"\", 2 GHz\",none,hw,7.3.4,stock,pageout,contiguous,32,8,"
		"tool.ratio_median,1.5000,1\n"
		"a,\"Model \"\"X\"\", 2 GHz\",none,hw,7.3.4,stock,pageout,contiguous,32,8,"
		"tool.pages,18446744073709551615,pages\n"
		"a,\"Model \"\"X\"\", 2 GHz\",none,hw,7.3.4,stock,pageout,contiguous,32,8,"
		"tool.ratio_median,1.5000,1\n");
}

static void json(void **state)
{
	static const char object[] =
		"{ \"arch\": \"a\", \"cpu_model\": \"Model \\\"X\\\", 2 GHz\", \"accel\": \"none\", "
		"\"evidence\": \"hw\", \"kernel\": \"7.3.4\", \"variant\": \"stock\", "
		"\"op\": \"pageout\", \"pattern\": \"contiguous\", "
		"\"batch_pages\": 32, \"cpus\": 8,\n  \"metrics\": {\n"
		"    \"tool.pages\": { \"value\": 3, \"unit\": \"pages\" }\n  } }";
	char expected[1024];
	struct values v = { 0 };

	(void)state;
	value_add(&v, "tool.pages", "pages", 3);
	snprintf(expected, sizeof(expected), "[\n%s,\n%s\n]\n", object, object);
	assert_string_equal(render(FORMAT_JSON, &v, TABLE_COUNTED), expected);
}

/* Check that the table divides totals by pages, and has a dash for missing values. */
static void table(void **state)
{
	struct values v = { 0 };

	(void)state;
	value_add(&v, "tool.pages", "pages", 1024);
	value_add(&v, "kernel.ipi_received", "interrupts", 7168);
	render(FORMAT_TABLE, &v, TABLE_COUNTED);
	assert_non_null(strstr(text, "IPIs/page"));
	assert_non_null(strstr(text, "   7.000"));
	assert_non_null(strstr(text, " -"));
}

/* Check that test systems get void cells, and those that lost writes. */
static void forms(void **state)
{
	struct emitter e = { .format = FORMAT_KTAP, .planned = 3 };
	struct values good = { 0 }, bad = { 0 };

	(void)state;
	value_add(&good, "tool.lost_writes", "writes", 0);
	value_add(&good, "tool.window", "index", 7);
	value_add_real(&bad, "tool.ratio_median", "1", 1.5);
	value_add(&bad, "tool.lost_writes", "writes", 10);
	free(text);
	e.f = open_memstream(&text, &size);
	emit_begin(&e, &identity);
	assert_true(emit_cell(&e, &identity, &cell, &good));
	assert_true(emit_cell(&e, &identity, &cell, &bad));
	assert_true(emit_void(&e, &identity, &cell, "a CPU #1\nleft"));
	assert_true(emit_end(&e));
	fclose(e.f);
	assert_string_equal(text,
		"KTAP version 1\n1..1\n"
		"  KTAP version 1\n  # Subtest: a/Model %22X%22, 2 GHz/none/7.3.4/stock\n  1..3\n"
		"  # tool.lost_writes: 0 writes (hw)\n"
		"  ok 1 pageout.contiguous.32pages.8cpus\n"
		"  # tool.ratio_median: 1.5000 (hw)\n"
		"  # tool.lost_writes: 10 writes (hw)\n"
		"  not ok 2 pageout.contiguous.32pages.8cpus\n"
		"  # void: a CPU %231%0Aleft\n"
		"  not ok 3 pageout.contiguous.32pages.8cpus\n"
		"not ok 1 a/Model %22X%22, 2 GHz/none/7.3.4/stock\n");
}

static void unmeasured(void **state)
{
	struct values v = { 0 };

	(void)state;
	value_add_real(&v, "tool.x", "1", NAN);
	value_add_real(&v, "tool.x", "1", INFINITY);
	assert_int_equal(v.n, 0);
}

static const struct value *find(const struct values *v, const char *metric)
{
	for (unsigned int i = 0; i < v->n; i++) {
		if (!strcmp(v->v[i].metric, metric))
			return &v->v[i];
	}
	return NULL;
}

/* Check that emulated time, and events of CPUs that could not be read, have no row. */
static void no_row(void **state)
{
	struct result r = { .calls = 1, .pages = 32, .elapsed_ns = 5, .event = { 4 } };
	struct config c = { .emulated = true, .victims = VICTIM_IDLE };
	struct values v;

	(void)state;
	strcpy(events[0].metric, "perf.e");
	events[0].unit = "events";
	events_count = 1;
	result_values(&v, &r, &c, &cell);
	assert_null(find(&v, "tool.elapsed"));
	assert_null(find(&v, "tool.paged_out"));
	assert_null(find(&v, "perf.e"));
	assert_non_null(find(&v, "perf.e.initiator"));
	assert_int_equal(find(&v, "tool.lost_writes")->u, 0);
	c = (struct config){ .emulated = false };
	result_values(&v, &r, &c, &cell);
	assert_int_equal(find(&v, "tool.elapsed")->u, 5);
	assert_int_equal(find(&v, "perf.e")->u, 4);
	r.event_void[0] = true;
	result_values(&v, &r, &c, &cell);
	assert_null(find(&v, "perf.e"));
	events_count = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(csv_escaping, release),
		cmocka_unit_test_teardown(json_escaping, release),
		cmocka_unit_test_teardown(csv, release),
		cmocka_unit_test_teardown(json, release),
		cmocka_unit_test_teardown(table, release),
		cmocka_unit_test_teardown(forms, release),
		cmocka_unit_test(unmeasured),
		cmocka_unit_test(no_row),
	};

	return cmocka_run_group_tests_name("emit", tests, NULL, NULL);
}
