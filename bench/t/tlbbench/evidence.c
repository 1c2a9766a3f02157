// SPDX-License-Identifier: GPL-2.0
/*
 * Test the evidence grade and the name of the CPU, on machines made of files.
 *
 * usage: t-evidence-ARCH CASES    a table: machine, grade, CPU, path, text
 * Rows of one machine are its files; the text knows \n, \t, \0 and \xHH, and @N:
 * puts N zeros before it.
 */
#include "test.h"
#include "root.h"

#define COLUMNS	5

static const char *table;

static size_t unescape(char *out, const char *s)
{
	size_t n = 0;

	if (*s == '@') {
		n = strtoul(s + 1, (char **)&s, 10);
		memset(out, 0, n);
		s++;
	}
	for (; *s; s++) {
		if (*s != '\\') {
			out[n++] = *s;
			continue;
		}
		switch (*++s) {
		case 'n':
			out[n++] = '\n';
			break;
		case 't':
			out[n++] = '\t';
			break;
		case '0':
			out[n++] = '\0';
			break;
		case 'x':
			out[n++] = strtoul((char[]){ s[1], s[2], 0 }, NULL, 16);
			s += 2;
			break;
		default:
			fail_msg("unknown escape \\%c in %s", *s, table);
		}
	}
	return n;
}

static void make_file(const char *path, const char *text)
{
	char content[4096];
	size_t n = unescape(content, text);

	root_file(path, content, n);
}

static void check_machine(const char *name, const char *grade, const char *cpu)
{
	static struct text text;
	char path[64], found[128];
	const char *evidence = machine_evidence(root, "none");

	if (strcmp(evidence, grade))
		fail_msg("%s: evidence is %s, wanted %s", name, evidence, grade);
	snprintf(path, sizeof(path), "%s/proc/cpuinfo", root);
	text_file(&text, path);
	cpuinfo_names(text.s, (int[]){ 0, 1 }, 2, found, sizeof(found));
	if (strcmp(cpu, "-") && strcmp(found, cpu))
		fail_msg("%s: its CPU is \"%s\", wanted \"%s\"", name, found, cpu);
	root_remove();
	mkdir(root, 0700);
}

static void machines(void **state)
{
	char line[4096], name[64] = "", grade[16] = "", cpu[128] = "", *column[COLUMNS];
	unsigned int n = 0;
	FILE *f = fopen(table, "r");

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		char *s = line;

		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		for (unsigned int i = 0; i < COLUMNS; i++)
			column[i] = s ? strsep(&s, "\t") : NULL;
		if (!column[COLUMNS - 1])
			fail_msg("%s: not %d columns: %s", table, COLUMNS, line);
		if (*name && strcmp(name, column[0]))
			check_machine(name, grade, cpu);
		n += strcmp(name, column[0]) != 0;
		snprintf(name, sizeof(name), "%s", column[0]);
		snprintf(grade, sizeof(grade), "%s", column[1]);
		snprintf(cpu, sizeof(cpu), "%s", column[2]);
		if (*column[3] == '/')
			make_file(column[3], column[4]);
	}
	fclose(f);
	check_machine(name, grade, cpu);
	assert_in_range(n, 5, 100);
}

static void accelerators(void **state)
{
	(void)state;
	assert_string_equal(machine_evidence(root, "icount"), "count");
	assert_string_equal(machine_evidence(root, "tcg-mt"), "vm");
	assert_string_equal(machine_evidence(root, "kvm"), "vm");
	assert_string_equal(machine_evidence(root, "none"), "unknown");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines),
		cmocka_unit_test(accelerators),
	};
	int failed;

	if (argc != 2 || !root_make())
		return EXIT_BROKEN;
	table = argv[1];
	failed = cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
	root_remove();
	return failed;
}
