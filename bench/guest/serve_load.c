// SPDX-License-Identifier: GPL-2.0
/*
 * What asks the server: a process that has a CPU to itself, with one connection for each CPU
 * of the server. On each it sends bursts of requests and reads the answers of one while
 * the server works on the next, so that the server always has something to do. Most
 * requests get small values, and look for many that are not there, which costs the
 * server more than it costs to ask; the last one of a burst sets a value. Connections
 * share no value, and every byte of every answer is compared.
 */
#include <errno.h>
#include <linux/futex.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib.h"
#include "serve.h"

#define HOT_BYTES	64u
#define AT_ONCE		16u	/* values of a request */
#define MISSES		200u	/* keys of a request that have no value */
#define BURST		16u	/* requests */
#define AHEAD		2u	/* bursts that a connection has on the way */
#define TICK_NS		100000u
#define TEXT		4096u	/* of a request or an answer */

/* Memory of both processes. A count only grows; a process that waits for it sleeps. */
struct load {
	_Atomic uint32_t done, until;	/* requests: answered, to ask for */
	_Atomic uint32_t wanted, bell;	/* ring the bell when so many are answered */
	pid_t pid;
	unsigned int connections;
	uint32_t base;		/* answered before this pass */
};

/* A connection, how its values are asked for, and the whole answer to that */
struct connection {
	int fd;
	unsigned int index;
	uint32_t sent, got;	/* bursts */
	char ask[TEXT], answer[TEXT];
	size_t ask_len, answer_len;
	size_t at[AT_ONCE];	/* of each value in the answer */
};

static void futex_wake(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Wait until the word has another value, or a second has passed. */
static void futex_wait(_Atomic uint32_t *word, uint32_t value)
{
	const struct timespec second = { .tv_sec = 1 };

	syscall(SYS_futex, word, FUTEX_WAIT, value, &second, NULL, 0);
}

static void append(char *text, size_t *len, const void *data, size_t n)
{
	if (*len + n > TEXT)
		fatal(EXIT_BROKEN, "a request or an answer has more than %u bytes", TEXT);
	memcpy(text + *len, data, n);
	*len += n;
}

static void hot_name(char *name, size_t size, const struct connection *c, unsigned int key)
{
	snprintf(name, size, "hot:%u:%u", c->index, key);
}

/* Compute the value of a key after so many bursts of the connection: each sets one key. */
static void hot_value(const struct connection *c, uint32_t bursts, char *value)
{
	value_of(c->index << 24 | bursts, HOT_BYTES, value);
}

static void expect_value(enum server s, struct connection *c, unsigned int key, const char *name)
{
	char text[64], value[HOT_BYTES];
	int n = s == REDIS ? snprintf(text, sizeof(text), "$%u\r\n", HOT_BYTES) :
			     snprintf(text, sizeof(text), "VALUE %s 0 %u\r\n", name, HOT_BYTES);

	append(c->answer, &c->answer_len, text, n);
	hot_value(c, key, value);
	c->at[key] = c->answer_len;
	append(c->answer, &c->answer_len, value, HOT_BYTES);
	append(c->answer, &c->answer_len, "\r\n", 2);
	value_set(s, c->fd, name, value, HOT_BYTES);
}

static void ask_for(enum server s, struct connection *c, const char *name)
{
	char text[64];
	int n = s == REDIS ? snprintf(text, sizeof(text), "$%zu\r\n%s\r\n", strlen(name), name) :
			     snprintf(text, sizeof(text), " %s", name);

	append(c->ask, &c->ask_len, text, n);
}

/* Connect, and set all values. They count as bursts. */
static void begin(enum server s, struct connection *c, unsigned int index)
{
	char text[64], name[32];
	int n = snprintf(text, sizeof(text), s == REDIS ? "*%u\r\n$4\r\nMGET\r\n" : "get",
			 AT_ONCE + MISSES + 1);

	*c = (struct connection) { .fd = server_connect(), .index = index };
	append(c->ask, &c->ask_len, text, n);
	if (s == REDIS) {
		n = snprintf(text, sizeof(text), "*%u\r\n", AT_ONCE + MISSES);
		append(c->answer, &c->answer_len, text, n);
	}
	for (unsigned int key = 0; key < AT_ONCE; key++) {
		hot_name(name, sizeof(name), c, key);
		ask_for(s, c, name);
		expect_value(s, c, key, name);
	}
	for (unsigned int key = 0; key < MISSES; key++) {
		snprintf(name, sizeof(name), "no:%u", key);
		ask_for(s, c, name);
		if (s == REDIS)
			append(c->answer, &c->answer_len, "$-1\r\n", 5);
	}
	if (s == MEMCACHED) {
		append(c->ask, &c->ask_len, "\r\n", 2);
		append(c->answer, &c->answer_len, "END\r\n", 5);
	}
	c->sent = c->got = AT_ONCE;
}

static void burst_send(enum server s, struct connection *c)
{
	static char all[BURST * TEXT];
	char name[32], value[HOT_BYTES];
	size_t len = 0;

	for (unsigned int i = 0; i < BURST - 1; i++, len += c->ask_len)
		memcpy(all + len, c->ask, c->ask_len);
	hot_name(name, sizeof(name), c, c->sent % AT_ONCE);
	hot_value(c, c->sent, value);
	len += value_set_text(s, all + len, sizeof(all) - len, name, value, HOT_BYTES);
	server_put(c->fd, all, len);
	c->sent++;
}

static void burst_get(enum server s, struct connection *c)
{
	static char all[BURST * TEXT];
	const char *stored = server_stored(s);
	size_t end = (BURST - 1) * c->answer_len, len = end + strlen(stored);

	server_get(c->fd, all, len);
	for (size_t at = 0; at < end; at += c->answer_len) {
		if (memcmp(all + at, c->answer, c->answer_len))
			fatal(EXIT_FAIL, "void: a hot value is not what was set");
	}
	if (memcmp(all + end, stored, len - end))
		fatal(EXIT_FAIL, "void: a hot value was not set");
	hot_value(c, c->got, c->answer + c->at[c->got % AT_ONCE]);
	c->got++;
}

static void burst_done(struct load *l)
{
	l->done += BURST;
	if (l->done >= l->wanted) {
		l->wanted = UINT32_MAX;
		l->bell++;
		futex_wake(&l->bell);
	}
}

static _Noreturn void ask(enum server s, struct load *l)
{
	struct connection *c = calloc(l->connections, sizeof(*c));
	uint32_t sent = 0, until;	/* requests */

	if (!c)
		fatal(EXIT_BROKEN, "out of memory");
	for (unsigned int i = 0; i < l->connections; i++)
		begin(s, &c[i], i);
	for (;;) {
		while (until = l->until, l->done >= until)
			futex_wait(&l->until, until);
		for (unsigned int i = 0; i < l->connections; i++) {
			if (sent < until) {
				burst_send(s, &c[i]);
				sent += BURST;
			}
			if (c[i].sent - c[i].got == AHEAD || (sent >= until && c[i].sent != c[i].got)) {
				burst_get(s, &c[i]);
				burst_done(l);
			}
		}
	}
}

/*
 * Run a timer on this CPU. An emulator in exact mode executes one CPU until the next
 * timer expires, or the CPU has nothing to do. With long turns, the server would have
 * answered everything and be idle whenever the CPU that pages out has its turn.
 */
static void tick_start(int cpu)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = TICK_NS,
	};

	if (syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC) < 0)
		fatal(EXIT_BROKEN, "perf_event_open: %s", strerror(errno));
}

struct load *load_start(enum server s, unsigned int cpus)
{
	struct load *l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int cpu = cpus > 2 ? cpus - 1 : 0;
	pid_t pid;

	if (l == MAP_FAILED)
		fatal(EXIT_BROKEN, "mmap: %s", strerror(errno));
	l->connections = server_cpus(s, cpus);
	l->wanted = UINT32_MAX;
	pid = fork_tied();
	if (pid < 0)
		fatal(EXIT_BROKEN, "fork: %s", strerror(errno));
	if (pid == 0) {
		cpus_take(cpu, 1);
		tick_start(cpu);
		ask(s, l);
	}
	l->pid = pid;	/* the memory is shared: the child must not set it */
	return l;
}

void load_go(struct load *l, uint32_t requests)
{
	l->base = l->done;
	l->until = l->base + requests;
	futex_wake(&l->until);
}

uint32_t load_done(const struct load *l)
{
	return l->done - l->base;
}

void load_wait(struct load *l, uint32_t requests)
{
	uint32_t bell = l->bell;

	l->wanted = l->base + requests;
	while (load_done(l) < requests) {
		futex_wait(&l->bell, bell);
		if (waitpid(-1, NULL, WNOHANG))
			fatal(EXIT_FAIL, "void: the server, or what asks it, ended");
		bell = l->bell;
	}
	l->wanted = UINT32_MAX;
}

void load_stop(struct load *l)
{
	kill(l->pid, SIGKILL);
}
