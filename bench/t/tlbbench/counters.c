// SPDX-License-Identifier: GPL-2.0
/* Test counters with files in place of the kernel's: large, changing, hidden. */
#include <fcntl.h>
#include <unistd.h>

#include "test.h"
#include "arch.h"

static const char *const rows[][2] = ARCH_INTERRUPT_ROWS;

static char dir[] = "/tmp/tlbbench-counters-XXXXXX", interrupts[64], vmstat[64];

static void put(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0 && write(fd, text, len) == (ssize_t)len);
	close(fd);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(interrupts, sizeof(interrupts), "%s/interrupts", dir);
	snprintf(vmstat, sizeof(vmstat), "%s/vmstat", dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(interrupts);
	unlink(vmstat);
	return rmdir(dir);
}

/*
 * As a kernel with that many CPUs and lines prints it: those of our rows last,
 * under a label or a description, each CPU with the number given.
 */
static void put_interrupts(unsigned int cpus, unsigned int lines, unsigned int count)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (unsigned int c = 0; c < cpus; c++)
		fprintf(f, "       CPU%u", c);
	for (unsigned int l = 0; l < lines; l++) {
		bool ours = l + ARRAY_SIZE(rows) >= lines;

		fprintf(f, "\n%4u%s:", l, ours ? "x" : "");
		for (unsigned int c = 0; c < cpus; c++)
			fprintf(f, " %10u", ours ? count : 0);
		fprintf(f, "   %s", ours ? rows[l + ARRAY_SIZE(rows) - lines][0] :
			"PCI-MSIX-0000:00:02.0   1-edge      a device with blanks");
	}
	fputc('\n', f);
	fclose(f);
	put(interrupts, text, size);
	free(text);
}

/* Check that skipped rows are named on standard error. */
static void open_files(const char *interrupts_path, const char *vmstat_path)
{
	int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	counters_open_files(interrupts_path, vmstat_path);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(null);
}

static void put_vmstat(const char *text)
{
	put(vmstat, text, strlen(text));
}

static void large_files_are_read_whole(void **state)
{
	static const unsigned int sizes[][2] = { { 128, 370 }, { 256, 500 }, { 512, 900 } };

	(void)state;
	put_vmstat("pswpout 1\n");
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct result r = { 0 };

		put_interrupts(sizes[i][0], sizes[i][1], 1000);
		open_files(interrupts, vmstat);
		assert_int_equal(counters_count, ARRAY_SIZE(rows) + 1);
		counters_before();
		put_interrupts(sizes[i][0], sizes[i][1], 1003);
		counters_after();
		counters_add(&r);
		assert_string_equal(r.why_void, "");
		for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
			assert_string_equal(counters[k].metric, rows[k][1]);
			assert_int_equal(r.counter[k], 3 * sizes[i][0]);
		}
	}
}

/* Check a file that grows from a page to megabytes between the two readings. */
static void files_may_grow(void **state)
{
	struct result r = { 0 };

	(void)state;
	put_vmstat("pswpout 1\n");
	put_interrupts(64, 5, 7);
	open_files(interrupts, vmstat);
	counters_before();
	put_interrupts(64, 9000, 8);
	counters_after();
	counters_add(&r);
	assert_false(r.counter_lost[0]);
	assert_int_equal(r.counter[0], 64);
}

static void gone_cpu_voids_the_cell(void **state)
{
	struct result r = { 0 };

	(void)state;
	put_vmstat("pswpout 1\n");
	put_interrupts(4, 5, 7);
	open_files(interrupts, vmstat);
	counters_before();
	put_interrupts(3, 5, 9);
	counters_after();
	counters_add(&r);
	assert_non_null(strstr(r.why_void, "online were 0-3, then 0-2"));
	assert_true(r.counter_lost[0]);
	assert_int_equal(r.counter[0], 0);
}

static void lost_row_has_no_part(void **state)
{
	struct result r = { 0 };

	(void)state;
	put_vmstat("pgsteal_anon 1\npswpin 9\npswpout 5\n");
	put_interrupts(4, 5, 7);
	open_files(interrupts, vmstat);
	assert_int_equal(counters_count, ARRAY_SIZE(rows) + 3);
	counters_before();
	put_vmstat("new 1\npswpin 9\npgsteal_anon 4\n");
	put(interrupts, "", 0);
	counters_after();
	counters_add(&r);
	assert_string_equal(r.why_void, "");
	for (size_t k = 0; k < ARRAY_SIZE(rows); k++)
		assert_true(r.counter_lost[k]);
	assert_int_equal(r.counter[ARRAY_SIZE(rows)], 3);
	assert_int_equal(r.counter[ARRAY_SIZE(rows) + 1], 0);
	assert_false(r.counter_lost[ARRAY_SIZE(rows) + 1]);
	assert_true(r.counter_lost[ARRAY_SIZE(rows) + 2]);
}

static void hidden_files_have_no_counters(void **state)
{
	(void)state;
	open_files("/dev/null", "/dev/null");
	assert_int_equal(counters_count, 0);
	open_files("/nonexistent/interrupts", "/nonexistent/vmstat");
	assert_int_equal(counters_count, 0);
}

/* Check more of the wanted names than there is room for, and longer ones. */
static void names_beyond_the_room(void **state)
{
	static char text[1 << 16];
	size_t n = 0;

	(void)state;
	for (unsigned int i = 0; i < 2 * COUNTERS_MAX; i++)
		n += snprintf(text + n, sizeof(text) - n, "pgscan_%u 1\n", i);
	put_vmstat(text);
	open_files("/dev/null", vmstat);
	assert_int_equal(counters_count, COUNTERS_MAX);
	memset(text, 'x', 1000);
	memcpy(text, "pgscan", 6);
	strcpy(text + 1000, " 5\npswpin 3\n");
	put_vmstat(text);
	open_files("/dev/null", vmstat);
	assert_int_equal(counters_count, 1);
	assert_string_equal(counters[0].metric, "kernel.pswpin");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_files_are_read_whole),
		cmocka_unit_test(files_may_grow),
		cmocka_unit_test(gone_cpu_voids_the_cell),
		cmocka_unit_test(lost_row_has_no_part),
		cmocka_unit_test(hidden_files_have_no_counters),
		cmocka_unit_test(names_beyond_the_room),
	};

	return cmocka_run_group_tests_name("counters", tests, setup, teardown);
}
