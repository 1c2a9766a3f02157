// SPDX-License-Identifier: GPL-2.0
/* The servers: how each is started, asked, and how its answers are checked. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib.h"
#include "rng.h"
#include "serve.h"

#define WAIT_MS		20000
#define COLD_MAX	4096u	/* 1 GiB of them */

void cpus_take(unsigned int first, unsigned int n)
{
	if (!cpus_bind(first, n))
		fatal(EXIT_BROKEN, "cannot stay on CPUs %u to %u: %s", first, first + n - 1, strerror(errno));
}

/* Return the CPUs of the server: redis has one thread; with two CPUs what asks is on CPU 0, else on the last one. */
unsigned int server_cpus(enum server s, unsigned int cpus)
{
	return s == REDIS || cpus == 2 ? 1 : cpus - 2;
}

pid_t server_start(enum server s, unsigned int cpus)
{
	char threads[16];
	const char *const redis[] = { "/usr/bin/redis-server", "--port", "0", "--unixsocket", SOCKET, "--save", "",
				      "--appendonly", "no", "--loglevel", "warning", NULL };
	const char *const memcached[] = { "/usr/bin/memcached", "-u", "root", "-s", SOCKET, "-t", threads,
					  "-m", "1024", "-o", "no_lru_maintainer,no_lru_crawler", NULL };
	const char *const *argv = s == REDIS ? redis : memcached;
	pid_t pid = fork_tied();

	snprintf(threads, sizeof(threads), "%u", server_cpus(s, cpus));
	if (pid < 0)
		fatal(EXIT_BROKEN, "fork: %s", strerror(errno));
	if (pid == 0) {
		cpus_take(1, server_cpus(s, cpus));
		dup2(STDERR_FILENO, STDOUT_FILENO);	/* rows alone go to standard output */
		execv(argv[0], (char *const *)argv);
		fatal(EXIT_BROKEN, "cannot run %s: %s", argv[0], strerror(errno));
	}
	for (int ms = 0; access(SOCKET, F_OK); ms += 10) {
		if (ms >= WAIT_MS || waitpid(pid, NULL, WNOHANG))
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

void server_put(int fd, const void *data, size_t n)
{
	for (const char *p = data; n;) {
		ssize_t done = write(fd, p, n);

		if (done <= 0)
			fatal(EXIT_FAIL, "the server does not read: %s", strerror(errno));
		p += done;
		n -= (size_t)done;
	}
}

void server_get(int fd, void *data, size_t n)
{
	for (char *p = data; n;) {
		ssize_t done = read(fd, p, n);

		if (done <= 0)
			fatal(EXIT_FAIL, "the server does not answer: %s", done ? strerror(errno) : "it closed the connection");
		p += done;
		n -= (size_t)done;
	}
}

/* Return a line of an answer, without its end. */
static char *get_line(int fd)
{
	static char line[256];
	size_t n = 0;

	do {
		if (n == sizeof(line) - 1)
			fatal(EXIT_FAIL, "the server's answer is too long");
		server_get(fd, line + n, 1);
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

/* Fill in a value. Its words depend on key and position, and no two of its pages are alike. */
void value_of(unsigned int key, size_t bytes, char *to)
{
	for (size_t i = 0; i < bytes / 8; i++) {
		uint64_t word = mix64((uint64_t)key << 32 | i);

		memcpy(to + i * 8, &word, 8);
	}
}

const char *server_stored(enum server s)
{
	return s == REDIS ? "+OK\r\n" : "STORED\r\n";
}

size_t value_set_text(enum server s, char *text, size_t size, const char *key, const char *value,
		      size_t bytes)
{
	int n = s == REDIS ? snprintf(text, size, "*3\r\n$3\r\nSET\r\n$%zu\r\n%s\r\n$%zu\r\n",
				      strlen(key), key, bytes) :
			     snprintf(text, size, "set %s 0 0 %zu\r\n", key, bytes);

	if (n + bytes + 2 > size)
		fatal(EXIT_BROKEN, "a request has more than %zu bytes", size);
	memcpy(text + n, value, bytes);
	memcpy(text + n + bytes, "\r\n", 2);
	return n + bytes + 2;
}

void value_set(enum server s, int fd, const char *key, const char *value, size_t bytes)
{
	static char text[VALUE_BYTES + 256];
	char answer[16] = "";

	server_put(fd, text, value_set_text(s, text, sizeof(text), key, value, bytes));
	server_get(fd, answer, strlen(server_stored(s)));
	if (strcmp(answer, server_stored(s)))
		fatal(EXIT_FAIL, "void: the server did not store %s: it answered '%.6s'", key, answer);
}

/* Write a value that is there, of the same size, in place: redis frees what SET replaces. */
static void value_write(int fd, const char *key, const char *value, size_t bytes)
{
	char text[128];

	snprintf(text, sizeof(text), "*4\r\n$8\r\nSETRANGE\r\n$%zu\r\n%s\r\n$1\r\n0\r\n$%zu\r\n",
		 strlen(key), key, bytes);
	server_put(fd, text, strlen(text));
	server_put(fd, value, bytes);
	server_put(fd, "\r\n", 2);
	snprintf(text, sizeof(text), ":%zu", bytes);
	want(fd, text);
}

static bool right(enum server s, int fd, const char *key, const char *value, size_t bytes)
{
	static char answer[VALUE_BYTES + 2];
	char head[128];

	if (s == REDIS) {
		snprintf(head, sizeof(head), "*2\r\n$3\r\nGET\r\n$%zu\r\n%s\r\n", strlen(key), key);
		server_put(fd, head, strlen(head));
		snprintf(head, sizeof(head), "$%zu", bytes);
	} else {
		snprintf(head, sizeof(head), "get %s\r\n", key);
		server_put(fd, head, strlen(head));
		snprintf(head, sizeof(head), "VALUE %s 0 %zu", key, bytes);
	}
	want(fd, head);
	server_get(fd, answer, bytes + 2);
	if (s == MEMCACHED)
		want(fd, "END");
	return !memcmp(answer, value, bytes);
}

static const char *cold(unsigned int key, unsigned int version, char *value)
{
	static char name[32];

	snprintf(name, sizeof(name), "cold:%u", key);
	value_of(version * COLD_MAX + key, VALUE_BYTES, value);
	return name;
}

void cold_set(enum server s, int fd, unsigned int key, unsigned int version)
{
	static char value[VALUE_BYTES];
	const char *name = cold(key, version, value);

	if (s == REDIS && version)
		value_write(fd, name, value, sizeof(value));
	else
		value_set(s, fd, name, value, sizeof(value));
}

bool cold_right(enum server s, int fd, unsigned int key, unsigned int version)
{
	static char value[VALUE_BYTES];
	const char *name = cold(key, version, value);

	return right(s, fd, name, value, sizeof(value));
}
