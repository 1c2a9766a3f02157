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
pid_t server_start(enum server s, unsigned int cpus);
pid_t load_start(enum server s, unsigned int cpus);
int server_connect(void);
void cold_set(enum server s, int fd, unsigned int key);
bool cold_right(enum server s, int fd, unsigned int key);
uint64_t server_requests(enum server s, int fd);

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
uint64_t ranges_in_memory(pid_t pid, const struct ranges *r);
uint64_t ranges_pageout(int pidfd, const struct ranges *r, uint64_t per_call);

#endif
