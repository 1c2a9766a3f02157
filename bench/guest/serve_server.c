// SPDX-License-Identifier: GPL-2.0
/* The servers: how each is started, loaded, asked, and how its answers are checked. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib.h"
#include "rng.h"
#include "serve.h"

#define HOT_KEYS	64u
#define HOT_BYTES	64u
#define WAIT_MS		20000

static void bind_to(unsigned int first, unsigned int n)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned int i = 0; i < n; i++)
		CPU_SET(first + i, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fatal(EXIT_BROKEN, "cannot stay on CPUs %u to %u: %s", first, first + n - 1, strerror(errno));
}

/* Standard output is for rows; what asks prints its progress, which is left out. */
static pid_t start(unsigned int first, unsigned int n, const char *const *argv, bool quiet)
{
	pid_t pid = fork_tied();

	if (pid < 0)
		fatal(EXIT_BROKEN, "fork: %s", strerror(errno));
	if (pid == 0) {
		bind_to(first, n);
		dup2(quiet ? open("/dev/null", O_WRONLY) : STDERR_FILENO, STDOUT_FILENO);
		execv(argv[0], (char *const *)argv);
		fatal(EXIT_BROKEN, "cannot run %s: %s", argv[0], strerror(errno));
	}
	return pid;
}

/* CPU 0 pages out, the last one asks, and all others serve; redis has one thread. */
pid_t server_start(enum server s, unsigned int cpus)
{
	char threads[16];
	const char *const redis[] = { "/usr/bin/redis-server", "--port", "0", "--unixsocket", SOCKET, "--save", "",
				      "--appendonly", "no", "--loglevel", "warning", NULL };
	const char *const memcached[] = { "/usr/bin/memcached", "-u", "root", "-s", SOCKET, "-t", threads, "-m", "1024", NULL };
	pid_t pid;

	snprintf(threads, sizeof(threads), "%u", cpus - 2);
	pid = s == REDIS ? start(1, 1, redis, false) : start(1, cpus - 2, memcached, false);
	for (int ms = 0; access(SOCKET, F_OK); ms += 10) {
		if (ms >= WAIT_MS || kill(pid, 0))
			fatal(EXIT_BROKEN, "the server does not serve on " SOCKET);
		usleep(10000);
	}
	usleep(100000);
	return pid;
}

int server_connect(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = SOCKET };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)))
		fatal(EXIT_BROKEN, "cannot connect to " SOCKET ": %s", strerror(errno));
	return fd;
}

static void put(int fd, const void *data, size_t n)
{
	for (const char *p = data; n;) {
		ssize_t done = write(fd, p, n);

		if (done <= 0)
			fatal(EXIT_FAIL, "the server does not read: %s", strerror(errno));
		p += done;
		n -= (size_t)done;
	}
}

static void get(int fd, void *data, size_t n)
{
	for (char *p = data; n;) {
		ssize_t done = read(fd, p, n);

		if (done <= 0)
			fatal(EXIT_FAIL, "the server does not answer: %s", done ? strerror(errno) : "it closed the connection");
		p += done;
		n -= (size_t)done;
	}
}

/* A line of an answer, without its end. */
static char *get_line(int fd)
{
	static char line[256];
	size_t n = 0;

	do {
		if (n == sizeof(line) - 1)
			fatal(EXIT_FAIL, "the server's answer is too long");
		get(fd, line + n, 1);
	} while (line[n++] != '\n');
	line[n > 1 && line[n - 2] == '\r' ? n - 2 : n - 1] = '\0';
	return line;
}

static void want(int fd, const char *answer)
{
	const char *got = get_line(fd);

	if (strcmp(got, answer))
		fatal(EXIT_FAIL, "void: the server answered '%s', not '%s'", got, answer);
}

/* Words of a value depend on key and position, and none of their pages is alike. */
static void value_of(unsigned int key, size_t bytes, char *to)
{
	for (size_t i = 0; i < bytes / 8; i++) {
		uint64_t word = mix64((uint64_t)key << 32 | i);

		memcpy(to + i * 8, &word, 8);
	}
}

static void set(enum server s, int fd, const char *key, const char *value, size_t bytes)
{
	char head[128];

	if (s == REDIS)
		snprintf(head, sizeof(head), "*3\r\n$3\r\nSET\r\n$%zu\r\n%s\r\n$%zu\r\n", strlen(key), key, bytes);
	else
		snprintf(head, sizeof(head), "set %s 0 0 %zu\r\n", key, bytes);
	put(fd, head, strlen(head));
	put(fd, value, bytes);
	put(fd, "\r\n", 2);
	want(fd, s == REDIS ? "+OK" : "STORED");
}

static bool right(enum server s, int fd, const char *key, const char *value, size_t bytes)
{
	static char answer[VALUE_BYTES + 2];
	char head[128];

	if (s == REDIS) {
		snprintf(head, sizeof(head), "*2\r\n$3\r\nGET\r\n$%zu\r\n%s\r\n", strlen(key), key);
		put(fd, head, strlen(head));
		snprintf(head, sizeof(head), "$%zu", bytes);
	} else {
		snprintf(head, sizeof(head), "get %s\r\n", key);
		put(fd, head, strlen(head));
		snprintf(head, sizeof(head), "VALUE %s 0 %zu", key, bytes);
	}
	want(fd, head);
	get(fd, answer, bytes + 2);
	if (s == MEMCACHED)
		want(fd, "END");
	return !memcmp(answer, value, bytes);
}

void cold_set(enum server s, int fd, unsigned int key)
{
	static char value[VALUE_BYTES];
	char name[32];

	snprintf(name, sizeof(name), "cold:%u", key);
	value_of(key, sizeof(value), value);
	set(s, fd, name, value, sizeof(value));
}

bool cold_right(enum server s, int fd, unsigned int key)
{
	static char value[VALUE_BYTES];
	char name[32];

	snprintf(name, sizeof(name), "cold:%u", key);
	value_of(key, sizeof(value), value);
	return right(s, fd, name, value, sizeof(value));
}

/* Set and get small values for ever, on one connection for each CPU of the server. */
static _Noreturn void ask(unsigned int connections)
{
	int fd[connections];
	char value[HOT_BYTES], name[32];

	for (unsigned int i = 0; i < connections; i++)
		fd[i] = server_connect();
	for (unsigned int n = 0;; n++) {
		unsigned int key = n % HOT_KEYS;
		int to = fd[n % connections];

		snprintf(name, sizeof(name), "hot:%u", key);
		value_of(n, sizeof(value), value);
		set(MEMCACHED, to, name, value, sizeof(value));
		if (!right(MEMCACHED, to, name, value, sizeof(value)))
			fatal(EXIT_FAIL, "void: %s is not what was set", name);
	}
}

pid_t load_start(enum server s, unsigned int cpus)
{
	const char *const redis[] = { "/usr/bin/redis-benchmark", "-s", SOCKET, "-l", "-q", "-c", "4", "-n", "1000", "-r", "64",
				      "-d", "64", "-t", "set,get", NULL };
	pid_t pid;

	if (s == REDIS)
		return start(cpus - 1, 1, redis, true);
	pid = fork_tied();
	if (pid < 0)
		fatal(EXIT_BROKEN, "fork: %s", strerror(errno));
	if (pid == 0) {
		bind_to(cpus - 1, 1);
		ask(cpus - 2);
	}
	return pid;
}

/* Read the server's own counters. Reading is a request, which memcached counts apart. */
uint64_t server_requests(enum server s, int fd)
{
	const char *ask_for = s == REDIS ? "*2\r\n$4\r\nINFO\r\n$5\r\nstats\r\n" : "stats\r\n";
	uint64_t n = 0, v;
	char *line;

	put(fd, ask_for, strlen(ask_for));
	if (s == REDIS) {
		size_t bytes = strtoul(get_line(fd) + 1, NULL, 10) + 2;

		/* Each line has its end, and the whole another one. */
		while (bytes) {
			line = get_line(fd);
			bytes -= strlen(line) + 2;
			if (sscanf(line, "total_commands_processed:%" SCNu64, &v) == 1)
				n = v;
		}
		return n;
	}
	while (strcmp(line = get_line(fd), "END")) {
		if (sscanf(line, "STAT cmd_get %" SCNu64, &v) == 1 || sscanf(line, "STAT cmd_set %" SCNu64, &v) == 1)
			n += v;
	}
	return n;
}
