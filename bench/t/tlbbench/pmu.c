// SPDX-License-Identifier: GPL-2.0
/* Test finding the PMU of a CPU, on machines made of /sys files. */
#include "test.h"
#include "root.h"

static void make_file(const char *path, const char *text)
{
	root_file(path, text, strlen(text));
}

static int setup(void **state)
{
	(void)state;
	return !root_make();
}

static int teardown(void **state)
{
	(void)state;
	root_remove();
	return 0;
}

static void machine_without(void **state)
{
	struct pmu pmu;

	(void)state;
	make_file("software/type", "1\n");
	assert_false(pmu_of_cpu(root, 0, &pmu));
	assert_string_equal(pmu.name, "");
	assert_false(pmu.several);
	assert_false(pmu_of_cpu("/nonexistent", 0, &pmu));
}

static void cpus_alike(void **state)
{
	struct pmu pmu;

	(void)state;
	make_file("cpu/type", "4\n");
	make_file("cpu/events/some_event", "event=0x05\n");
	make_file("uncore/type", "20\n");
	make_file("uncore/cpumask", "0\n");
	assert_true(pmu_of_cpu(root, 7, &pmu));
	assert_string_equal(pmu.name, "cpu");
	assert_int_equal(pmu.type, 4);
	assert_false(pmu.several);
	assert_true(pmu_lists(root, &pmu, "some_event"));
	assert_false(pmu_lists(root, &pmu, "other_event"));
}

static void cpus_that_differ(void **state)
{
	struct pmu pmu;
	char name[64];

	(void)state;
	make_file("big/type", "8\n");
	make_file("big/cpus", "0-3,8\n");
	make_file("big/events/some_event", "event=0x05\n");
	make_file("little/type", "10\n");
	make_file("little/cpus", "4-7\n");
	assert_true(pmu_of_cpu(root, 8, &pmu));
	assert_string_equal(pmu.name, "big");
	assert_true(pmu.several && pmu.type == 8 && pmu_lists(root, &pmu, "some_event"));
	assert_true(pmu_of_cpu(root, 5, &pmu));
	assert_string_equal(pmu.name, "little");
	assert_true(pmu.several && pmu.type == 10 && !pmu_lists(root, &pmu, "some_event"));
	strcpy(name, "Model");
	name_pmus(root, (int[]){ 0, 1, 8 }, 3, name, sizeof(name));
	assert_string_equal(name, "Model");
	name_pmus(root, (int[]){ 0, 5 }, 2, name, sizeof(name));
	assert_string_equal(name, "Model (big + little)");
	/* names that differ by themselves need no more */
	strcpy(name, "A + B");
	name_pmus(root, (int[]){ 0, 5 }, 2, name, sizeof(name));
	assert_string_equal(name, "A + B");
	/* a CPU of none of the PMUs has no PMU, not the first one */
	assert_false(pmu_of_cpu(root, 9, &pmu));
	assert_string_equal(pmu.name, "");
}

/* Check the whole text: JSON members that each end with a comma. */
static void state_of_the_machine(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	make_file("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
	make_file("sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled", "[always] never\n");
	make_file("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "powersave\n");
	make_file("sys/devices/system/cpu/cpufreq/policy1/scaling_governor", "powersave\n");
	make_file("sys/devices/system/cpu/isolated", "\n");
	make_file("proc/swaps", "Filename\tType\n/dev/a\"b\tpartition\n");
	make_file("proc/cmdline", "root=/dev/x secret=1 isolcpus=2-3 mitigations=off\n");
	machine_state(f, root);
	fclose(f);
	assert_non_null(strstr(text, "\"page_size\": "));
	assert_non_null(strstr(text, "\"transparent_hugepage\": \"always [madvise] never\",\n"));
	assert_non_null(strstr(text, "\"transparent_hugepage_sizes\": \"hugepages-64kB: "
			       "[always] never\",\n"));
	assert_non_null(strstr(text, "\"governors\": \"powersave\",\n"));
	assert_non_null(strstr(text, "\"cpus_isolated\": \"\",\n"));
	assert_non_null(strstr(text, "\"swaps\": \"Filename Type; /dev/a\\\"b partition\",\n"));
	assert_non_null(strstr(text, "\"kernel_parameters\": \"isolcpus=2-3 mitigations=off\",\n"));
	assert_null(strstr(text, "secret"));
	assert_null(strstr(text, "zswap"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(machine_without, setup, teardown),
		cmocka_unit_test_setup_teardown(cpus_alike, setup, teardown),
		cmocka_unit_test_setup_teardown(cpus_that_differ, setup, teardown),
		cmocka_unit_test_setup_teardown(state_of_the_machine, setup, teardown),
	};

	return cmocka_run_group_tests_name("pmu", tests, NULL, NULL);
}
