/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations that the tools share. Nothing here depends on any of them. */
#ifndef BENCH_LIB_H
#define BENCH_LIB_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Exit status, the same everywhere in this project. */
enum {
	EXIT_PASS = 0,
	EXIT_FAIL = 1,
	EXIT_USAGE = 2,
	EXIT_SKIP = 4,
	EXIT_BROKEN = 125,
};

/* The columns of results: docs/method.md */
#define CSV_HEADER \
	"arch,cpu_model,accel,evidence,kernel,variant,op,pattern," \
	"batch_pages,cpus,metric,value,unit\n"

/* log.c */
_Noreturn void fatal(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void start_clean(void);
void check_printed(void);
_Noreturn void exit_printed(void);
void handle_unless_ignored(int sig, void (*handler)(int));

/* process.c */
pid_t fork_tied(void);		/* the child ends with the thread that forked it */
void close_others(int keep);	/* all but the standard streams and that descriptor */

/* sha256.c: in hexadecimal; false where the file cannot be read */
#define SHA256_HEX	65
bool sha256_file(int fd, char *hex);

/* parse.c: false, or the offending item, if the text is not valid */
#define LIST_MAX	32	/* entries of a list option */
bool parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *out);
bool parse_size(const char *s, uint64_t *out);
bool parse_pattern(const char *s, unsigned int *stride, bool *random);
const char *parse_list(const char *s, unsigned int min, unsigned int max,
		       unsigned int *out, unsigned int *n);

#define PAGES_MAX	512	/* per call, and of a region: one PMD of 4 KiB pages */
#define RANDOM_SPREAD	4	/* --pattern=random: one page of so many is in use */

/* Result of the data-integrity check: every page holds a value that its writer knows. */
struct sentinel {
	_Atomic uint64_t bad;		/* words with another value than expected */
	uint64_t addr, expected, found;	/* of the first one */
};

struct region {
	char *base;
	size_t page_size;
	unsigned int pages;		/* in use: those that the calls of a round cover */
	unsigned int stride;		/* from one page in use to the next, in pages */
	bool random;			/* the page in use is any one of its stride */
	uint32_t *order;		/* random: pages of a batch, as the kernel is to add them */
	unsigned int writers;		/* words at the start of a page that writers own */
	unsigned int round;
	uint64_t seed;
	uint64_t add_ns, flush_ns;	/* sums of what the in-kernel microbenchmark returned */
	uint64_t notified;
};

/* sentinel.c */
uint32_t region_offset(const struct region *r, unsigned int page);
void *region_page(const struct region *r, unsigned int page);
void sentinel_fill(const struct region *r);
void sentinel_check_page(const struct region *r, unsigned int page, struct sentinel *s);
void sentinel_check_page_zero(const struct region *r, unsigned int page, struct sentinel *s);
void sentinel_check(const struct region *r, struct sentinel *s);
void sentinel_check_zero(const struct region *r, struct sentinel *s);
void writer_touch(const struct region *r, unsigned int page, unsigned int writer,
		  uint64_t *shadow, struct sentinel *s);
uint64_t writer_pass(const struct region *r, unsigned int writer, uint64_t *shadow,
		     struct sentinel *s);

/* file.c: small files, as those of /proc and /sys; 0 or a length, or a negative errno */
int file_write(const char *path, const char *text);
void file_must_write(const char *path, const char *text);	/* or the program ends */
ssize_t file_read(const char *path, char *text, size_t size);

struct text {
	char *s;
	size_t len, size;
};
void text_reserve(struct text *t, size_t size);
void text_read(struct text *t, int fd);
bool text_file(struct text *t, const char *path);

/* cpus.c */
#define CPUS_ID_MAX	(1u << 20)	/* limit of the numbers of CPUs */
int *cpus_allowed(unsigned int *n);
bool cpus_bind(int first, unsigned int n);
bool cpu_bind(int cpu);
void cpu_must_bind(int cpu, int status);	/* or the program ends with this status */
bool cpu_is_bound(pid_t tid, int cpu);
bool cpus_listed(const char *list, int cpu);

/* swap.c */
bool swap_active(const char *swaps);
uint64_t swap_free_kib(const char *meminfo);
#define SWAP_FLAGS	(SWAP_FLAG_PREFER | 32767)	/* above any other swap */
#define SWAP_MAGIC	"SWAPSPACE2"	/* the last bytes of a first page that mkswap(8) wrote */
bool swap_make(const char *dev);
void swap_setup(uint64_t bytes);
const char *swap_device(void);
void swap_remove(void);
bool swap_fits(uint64_t bytes);

/* privilege.c: why an operation that needs a capability is refused */
const char *privilege_missing(unsigned int cap);	/* NULL: it is there */
const char *privilege_cause(unsigned int cap);		/* after EPERM */
bool privilege_filtered(void);				/* seccomp may answer for the kernel */
const char *privilege_explain(const char *status, const char *user_ns, unsigned int cap);

/* vmstat.c */
bool vmstat_row(const char *text, const char *row, uint64_t *value);
bool vmstat_of(const char *file, const char *row, uint64_t *value);
bool vmstat_read(const char *row, uint64_t *value);

/* cgroup.c: false, or a negative errno, without a cgroup v2 with a memory controller */
bool cgroup_setup(void);
int cgroup_write(const char *file, const char *text);
bool cgroup_has(const char *file);
const char *cgroup_text(const char *file);	/* its first 255 bytes, until the next call */
uint64_t cgroup_read(const char *file);
/* Move the calling process to a cgroup with these limits: 0 or a negative errno. */
bool cgroup_narrow_setup(uint64_t memory, uint64_t swap);
int cgroup_narrow_enter(void);

/* json.c */
void json_string(FILE *f, const char *s);

/* device.c */
bool device_unused(const char *dev);
bool device_blank(const char *dev);

#endif
