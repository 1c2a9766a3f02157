/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of serve share. */
#ifndef BENCH_GUEST_SERVE_H
#define BENCH_GUEST_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE		4096u
#define SOCKET		"/tmp/server"
#define VALUE_BYTES	(256u << 10)	/* of a cold value: so large that it has pages to itself */

enum server { REDIS, MEMCACHED, SERVERS };

/* serve_server.c */
unsigned int server_cpus(enum server s, unsigned int cpus);
void cpus_take(unsigned int first, unsigned int n);
pid_t server_start(enum server s, unsigned int cpus);
int server_connect(void);
void server_put(int fd, const void *data, size_t n);
void server_get(int fd, void *data, size_t n);
void value_of(unsigned int key, size_t bytes, char *to);
const char *server_stored(enum server s);	/* its answer */
size_t value_set_text(enum server s, char *text, size_t size, const char *key, const char *value,
		      size_t bytes);
void value_set(enum server s, int fd, const char *key, const char *value, size_t bytes);
void cold_set(enum server s, int fd, unsigned int key, unsigned int version);
bool cold_right(enum server s, int fd, unsigned int key, unsigned int version);

/* serve_load.c: so many requests, while this process does something else */
struct load;
struct load *load_start(enum server s, unsigned int cpus);
void load_go(struct load *l, uint32_t requests);
uint32_t load_done(const struct load *l);
void load_wait(struct load *l, uint32_t requests);	/* until so many are answered */
void load_stop(struct load *l);

/* Runs of pages of another process, from pagemap. */
struct ranges {
	struct range {
		uint64_t first, pages;
	} *range;
	size_t n;
	uint64_t pages;
};

/* serve_pages.c */
void ranges_present(pid_t pid, struct ranges *r);
void ranges_less(struct ranges *r, const struct ranges *those, uint64_t least);
void ranges_free(struct ranges *r);
uint64_t ranges_in_memory(pid_t pid, const struct ranges *r);
/* Page out pages first to last - 1 of all runs, so many per call; return the calls. */
uint64_t ranges_pageout(int pidfd, const struct ranges *r, uint64_t first, uint64_t last,
			uint64_t per_call);

#endif
