/* SPDX-License-Identifier: GPL-2.0 */
/* Run tlbreport on files of a temporary folder. */
#ifndef RUN_H
#define RUN_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "report.h"

static char folder[] = "/tmp/arch.XXXXXX";
static char output[1 << 20];

#define HEADER	"arch,cpu_model,accel,evidence,kernel,variant,op,pattern,batch_pages,cpus,metric,value,unit\n"

static int __attribute__((unused)) make_folder(void **state)
{
	(void)state;
	return !mkdtemp(folder);
}

static int __attribute__((unused)) remove_folder(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static void __attribute__((unused)) write_file(const char *name, const char *bytes, size_t n)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static __attribute__((unused)) char *read_file(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return whole_file(path, NULL);
}

/* Run tlbreport. $D in the arguments is the folder; the output goes to output[]. */
static int __attribute__((unused)) run(const char *arguments)
{
	char command[8192];
	size_t n;
	FILE *f;

	snprintf(command, sizeof(command), "D='%s'; '%s' %s 2>&1", folder, getenv("TLBREPORT"), arguments);
	f = popen(command, "r");
	assert_non_null(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = 0;
	return WEXITSTATUS(pclose(f));
}

static void __attribute__((unused)) expect(int status, const char *message, const char *arguments)
{
	int got = run(arguments);

	if (got != status || !strstr(output, message))
		fail_msg("%s: status %d, wanted %d; wanted \"%s\"; output: %s", arguments, got, status, message, output);
}

/* Write an envelope whose runs left exactly these rows, one run for each variant. */
static void __attribute__((unused)) write_envelope(const char *name, const char *rows, const char *arch, const char *image)
{
	char json[8192] = "{\"date\": \"d\", \"host\": \"h\", \"runs\": [", hex[65];
	const char *line = strchr(rows, '\n') + 1, *sep = "";

	while (*line) {
		char block[65536] = HEADER, variant[128];
		const char *at = line;

		for (int comma = 0; comma < 5; comma++)
			at = strchr(at, ',') + 1;
		snprintf(variant, sizeof(variant), "%.*s", (int)strcspn(at, ","), at);
		while (*line) {
			const char *next = strchr(line, '\n') + 1, *same = line;

			for (int comma = 0; comma < 5; comma++)
				same = strchr(same, ',') + 1;
			if (strncmp(same, variant, strlen(variant)) || same[strlen(variant)] != ',')
				break;
			strncat(block, line, next - line);
			line = next;
		}
		hash_memory(block, strlen(block), hex);
		snprintf(json + strlen(json), sizeof(json) - strlen(json), "%s{\"run\": \"%s-%s\", \"job\": \"/tlbbench --arch=%s "
			 "--variant=%s x\", \"kernel_image_sha256\": \"%s-%.*s\", \"rows_sha256\": \"%s\"}", sep, variant, arch, arch,
			 variant, image, (int)strcspn(variant, ":"), variant, hex);
		sep = ", ";
	}
	strcat(json, "]}");
	write_file(name, json, strlen(json));
}

/* Return the answer of a query of one value; NAN if it has none. */
static double __attribute__((unused)) ask(const char *sql)
{
	char path[512];
	double x = NAN;
	sqlite3_stmt *s;
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/db", folder);
	db = store_open(path);
	s = store_query(db, sql, "");
	if (store_step(s)) {
		x = sqlite3_column_type(s, 0) == SQLITE_NULL ? NAN : sqlite3_column_double(s, 0);
		assert_false(store_step(s));
	}
	sqlite3_close(db);
	return x;
}

struct answer {
	const char *sql;
	double want;
};

static void __attribute__((unused)) check_answers(const struct answer *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double got = ask(a[i].sql);

		if (!(fabs(got - a[i].want) < 1e-9))
			fail_msg("%s: %g, wanted %g", a[i].sql, got, a[i].want);
	}
}

#define MAKE	"make --store=$D/db --data=bench/report --flushes='z80=kernel.ipi' "

#endif
