// SPDX-License-Identifier: GPL-2.0
/* Test that a path ends if its neighbour cannot be forked, or ends early. */
#include "test.h"
#include "ends.h"

static pid_t test_fork(void)
{
	errno = EAGAIN;
	return -1;
}

#define fork	test_fork
#define main	tlbpaths_main
#include "../../tlbpaths/main.c"
#undef fork
#undef main

static struct outcome outcome_;

static void fork_fails(void *arg)
{
	const struct path p = { .during = DURING_QUIET };
	struct region r = { 0 };

	(void)arg;
	start_neighbour(&p, &r, &outcome_);
}

static void walk_fails(void *arg)
{
	const struct path p = { .during = DURING_QUIET };

	(void)arg;
	exit(run(&p, &outcome_));
}

/* Start a neighbour that ends with a status, or by a signal if that is negative. */
static void neighbour_ends(void *arg)
{
	_Atomic unsigned int ready = 0;
	int status = *(int *)arg;
	pid_t pid = true_fork();

	if (pid == 0) {
		if (status < 0)
			raise(-status);
		_exit(status);
	}
	wait_until(&ready, 1, pid);
}

static void neighbours(void **state)
{
	int skips = EXIT_SKIP, passes = EXIT_PASS, killed = -SIGKILL;

	(void)state;
	assert_int_equal(end_of(fork_fails, NULL), EXIT_BROKEN);
	assert_non_null(strstr(messages, "cannot fork"));
	assert_int_equal(end_of(walk_fails, NULL), EXIT_BROKEN);
	assert_int_equal(end_of(neighbour_ends, &skips), EXIT_SKIP);
	assert_int_equal(end_of(neighbour_ends, &passes), EXIT_BROKEN);
	assert_non_null(strstr(messages, "ended before it ran"));
	assert_int_equal(end_of(neighbour_ends, &killed), EXIT_BROKEN);
}

static void weights(void **state)
{
	(void)state;
	assert_int_equal(verdict(W_EXITCODE(EXIT_PASS, 0), &outcome_), EXIT_PASS);
	assert_int_equal(verdict(W_EXITCODE(EXIT_SKIP, 0), &outcome_), EXIT_SKIP);
	assert_int_equal(verdict(W_EXITCODE(EXIT_BROKEN, 0), &outcome_), EXIT_BROKEN);
	assert_non_null(strstr(outcome_.why, "status 125"));
	*outcome_.why = '\0';
	assert_int_equal(verdict(W_EXITCODE(EXIT_FAIL, 0), &outcome_), EXIT_FAIL);
	assert_int_equal(verdict(W_EXITCODE(0, SIGKILL), &outcome_), EXIT_FAIL);
	*outcome_.why = '\0';

	assert_true(weight(EXIT_FAIL) > weight(EXIT_BROKEN));
	assert_true(weight(EXIT_BROKEN) > weight(EXIT_SKIP));
	assert_true(weight(EXIT_SKIP) > weight(EXIT_PASS));
}

static void traces(void **state)
{
	struct outcome *o = calloc(1, sizeof(*o));

	(void)state;
	trace_line(o, "# entries-in-buffer/entries-written: 7/9   #P:4");
	assert_int_equal(o->overrun, 2);
	trace_line(o, " kswapd0-42  [001] ..... 12.000345: mm_vmscan_batch_flush: nr_folios=3 nr_pages=18 "
		   "nr_mms=2 flush=1 reason=full");
	assert_int_equal(o->flushes, 1);
	assert_true(o->flush[0].kswapd);
	assert_int_equal(o->flush[0].pages, 18);
	assert_string_equal(o->flush[0].reason, "full");
	trace_line(o, " a [b] -9-77  [000] ..... 5.000001: wait: (__folio_lock_or_retry+0x0/0x1)");
	trace_line(o, " a [b] -9-77  [000] ..... 7.000002: waited: (f+0x0/0x1 <- __folio_lock_or_retry)");
	assert_int_equal(o->waits, 1);
	assert_int_equal(o->waited_us, 2000001);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours),
		cmocka_unit_test(weights),
		cmocka_unit_test(traces),
	};

	return cmocka_run_group_tests_name("paths_setup", tests, NULL, NULL);
}
