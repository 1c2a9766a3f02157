// SPDX-License-Identifier: GPL-2.0
/*
 * The operations. An operation prepares the region, makes the call, and verifies its
 * effect; only the call is measured. Each has a control: the same call on a range
 * without translations to invalidate.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tlbbatch_bench.h"
#include "tlbbench.h"

#define BENCH_FILE	"/sys/kernel/debug/tlbbatch_bench"
#define LARGE_DIR	"/sys/kernel/mm/transparent_hugepage/hugepages-64kB/"
#define LARGE_SIZE	65536

static int bench_fd = -1;

static size_t bytes(const struct region *r, unsigned int pages)
{
	return (size_t)pages * r->stride * r->page_size;
}

static void check(int err, const char *what)
{
	if (err)
		cell_refused(what);
}

/* Return the start of a call's range; its first page in use may come later. */
static char *region_start(const struct region *r, unsigned int page)
{
	return r->base + bytes(r, page);
}

static void advise_out(struct region *r)
{
	check(madvise(r->base, bytes(r, r->pages), MADV_PAGEOUT), "MADV_PAGEOUT");
}

static void protect(struct region *r, int prot)
{
	check(mprotect(r->base, bytes(r, r->pages), prot), "mprotect");
}

/*
 * Map the region afresh, always in the same place and without huge pages. A PROT_NONE
 * reservation around it keeps other mappings from sharing its page tables or merging.
 */
static void map_fresh(struct region *r)
{
	if (mmap(r->base, bytes(r, r->pages), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
		cell_refused("cannot map the region");
	/* EINVAL: a kernel without huge pages, which is equivalent */
	if (madvise(r->base, bytes(r, r->pages), MADV_NOHUGEPAGE) && errno != EINVAL)
		cell_refused("MADV_NOHUGEPAGE");
}

static uint64_t large_allocated(void)
{
	static const char path[] = LARGE_DIR "stats/anon_fault_alloc";
	char text[32];

	if (file_read(path, text, sizeof(text)) <= 0)
		cell_refused(path);
	return strtoull(text, NULL, 10);
}

/* Map the region afresh, and fill it with folios of 64K. */
static void dirty_large(struct region *r)
{
	uint64_t before = large_allocated();

	map_fresh(r);
	check(madvise(r->base, bytes(r, r->pages), MADV_HUGEPAGE), "MADV_HUGEPAGE");
	sentinel_fill(r);
	if (large_allocated() - before < bytes(r, r->pages) / LARGE_SIZE)
		cell_refused("not all pages are in folios of 64K: allow only that size, in "
			     "/sys/kernel/mm/transparent_hugepage/hugepages-*/enabled");
}

void region_map(struct region *r)
{
	size_t pmd = (size_t)PAGES_MAX * r->page_size;
	char *p;

	p = mmap(NULL, bytes(r, r->pages) + 2 * pmd, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		cell_refused("cannot reserve the region");
	r->base = p + pmd - (uintptr_t)p % pmd;
	map_fresh(r);
}

/* Shuffle the order in which a batch adds its pages, for the random pattern. */
void region_shuffle(struct region *r, unsigned int pages)
{
	unsigned int page[PAGES_MAX];
	uint64_t state = r->seed;

	if (!r->random)
		return;
	r->order = malloc(pages * sizeof(*r->order));
	if (!r->order)
		fatal(EXIT_BROKEN, "no memory for the order of pages");
	for (unsigned int i = 0; i < pages; i++)
		page[i] = i;
	shuffle(page, pages, &state);
	for (unsigned int i = 0; i < pages; i++)
		r->order[i] = region_offset(r, page[i]);
}

static void dirty(struct region *r)
{
	protect(r, PROT_READ | PROT_WRITE);
	sentinel_fill(r);
}

static void dirty_fresh(struct region *r)
{
	map_fresh(r);
	sentinel_fill(r);
}

static void dirty_readonly(struct region *r)
{
	dirty(r);
	protect(r, PROT_READ);
}

/*
 * Page out, and walk the page tables once more: a kernel with a pending batch flushes
 * it at the next walk, which must not be the measured one.
 */
static void paged_out(struct region *r)
{
	dirty(r);
	advise_out(r);
	advise_out(r);
}

static void paged_out_large(struct region *r)
{
	dirty_large(r);
	advise_out(r);
	advise_out(r);
}

/* Leave no page, but page tables that can be walked. */
static void empty(struct region *r)
{
	dirty(r);
	check(madvise(r->base, bytes(r, r->pages), MADV_DONTNEED), "MADV_DONTNEED");
}

static void lazyfree(struct region *r)
{
	dirty(r);
	check(madvise(r->base, bytes(r, r->pages), MADV_FREE), "MADV_FREE");
}

static void empty_readonly(struct region *r)
{
	empty(r);
	protect(r, PROT_READ);
}

static void call_pageout(struct region *r, const struct call *c)
{
	check(madvise(region_start(r, c->first), bytes(r, c->pages), MADV_PAGEOUT), "MADV_PAGEOUT");
}

static void call_dontneed(struct region *r, const struct call *c)
{
	check(madvise(region_start(r, c->first), bytes(r, c->pages), MADV_DONTNEED),
	      "MADV_DONTNEED");
}

static void call_munmap(struct region *r, const struct call *c)
{
	check(munmap(region_start(r, c->first), bytes(r, c->pages)), "munmap");
}

static void call_readonly(struct region *r, const struct call *c)
{
	check(mprotect(region_start(r, c->first), bytes(r, c->pages), PROT_READ), "mprotect");
}

static void call_writable(struct region *r, const struct call *c)
{
	check(mprotect(region_start(r, c->first), bytes(r, c->pages), PROT_READ | PROT_WRITE),
	      "mprotect");
}

static void bench_run(struct region *r, const struct call *c, uint64_t flags)
{
	struct tlbbatch_bench b = {
		.addr = (uintptr_t)region_start(r, c->first),
		.nr_pages = c->pages,
		.stride = r->random ? 1 : r->stride,
		.offsets = (uintptr_t)r->order,
		.nr_flushes = c->times,
		.flags = flags,
	};

	check(ioctl(bench_fd, TLBBATCH_BENCH_RUN, &b), BENCH_FILE);
	r->add_ns += b.add_ns;
	r->flush_ns += b.flush_ns;
	r->notified += b.nr_notified;
}

static void call_archflush(struct region *r, const struct call *c)
{
	bench_run(r, c, 0);
}

static void call_archflush_control(struct region *r, const struct call *c)
{
	bench_run(r, c, TLBBATCH_BENCH_CONTROL);
}

static void call_archflush_notified(struct region *r, const struct call *c)
{
	bench_run(r, c, TLBBATCH_BENCH_NOTIFIED);
}

static void call_archflush_local(struct region *r, const struct call *c)
{
	bench_run(r, c, TLBBATCH_BENCH_LOCAL);
}

const struct op ops[] = {
	{ "pageout", "MADV_PAGEOUT of dirty anonymous pages",
	  dirty, call_pageout, sentinel_check, OP_PAGES_OUT | OP_WRITERS },
	{ "pageout.control", "the same on pages that are already in swap",
	  paged_out, call_pageout, sentinel_check, OP_PAGES_OUT | OP_WRITERS },
	{ "dontneed", "MADV_DONTNEED of dirty anonymous pages",
	  dirty, call_dontneed, sentinel_check_zero, 0 },
	{ "dontneed.control", "the same on emptied page tables",
	  empty, call_dontneed, sentinel_check_zero, 0 },
	{ "munmap", "munmap of dirty anonymous pages",
	  dirty_fresh, call_munmap, NULL, 0 },
	{ "munmap.control", "the same on a mapping that was never touched",
	  map_fresh, call_munmap, NULL, 0 },
	{ "mprotect", "mprotect of dirty pages from read-write to read-only",
	  dirty, call_readonly, sentinel_check, 0 },
	{ "mprotect.control", "the same on emptied page tables",
	  empty, call_readonly, sentinel_check_zero, 0 },
	{ "mprotect_rw", "mprotect of dirty pages from read-only to read-write",
	  dirty_readonly, call_writable, sentinel_check, 0 },
	{ "mprotect_rw.control", "the same on emptied page tables",
	  empty_readonly, call_writable, sentinel_check_zero, 0 },
	{ "archflush", "in-kernel: a batch of arch_tlbbatch_add_pending(), one flush",
	  dirty, call_archflush, sentinel_check, OP_IN_KERNEL | OP_WRITERS },
	{ "archflush.control", "in-kernel: the same loop without add and flush",
	  dirty, call_archflush_control, sentinel_check, OP_IN_KERNEL | OP_WRITERS },
	{ "archflush.notified", "archflush with a secondary TLB to notify; not in sweep",
	  dirty, call_archflush_notified, sentinel_check,
	  OP_IN_KERNEL | OP_WRITERS | OP_SECONDARY },
	{ "archflush.local", "page by page on this CPU, without broadcast; not in sweep",
	  dirty, call_archflush_local, sentinel_check, OP_IN_KERNEL | OP_LOCAL },
	{ "pageout_lazyfree", "pageout of pages after MADV_FREE; not in sweep",
	  lazyfree, call_pageout, sentinel_check_zero, OP_EXTRA },
	{ "pageout_lazyfree.control", "the same on emptied page tables",
	  empty, call_pageout, sentinel_check_zero, OP_EXTRA },
	{ "pageout_64k", "pageout of folios of 64K; not in sweep",
	  dirty_large, call_pageout, sentinel_check, OP_PAGES_OUT | OP_LARGE },
	{ "pageout_64k.control", "the same on pages that are already in swap",
	  paged_out_large, call_pageout, sentinel_check, OP_PAGES_OUT | OP_LARGE },
};
const unsigned int ops_count = ARRAY_SIZE(ops);

const struct op *op_find(const char *name)
{
	for (unsigned int i = 0; i < ops_count; i++) {
		if (!strcmp(ops[i].name, name))
			return &ops[i];
	}
	return NULL;
}

bool bench_open(void)
{
	bench_fd = open(BENCH_FILE, O_RDWR | O_CLOEXEC);
	if (bench_fd < 0)
		log_skip("archflush: %s: %s (it needs root, and a kernel with the tlbbatch "
			 "instrumentation)", BENCH_FILE, strerror(errno));
	return bench_fd >= 0;
}

/* Check that the kernel gives folios of 64K to a region that asks for huge pages. */
bool large_folios(void)
{
	static const char path[] = LARGE_DIR "enabled";
	char text[128];
	ssize_t n = file_read(path, text, sizeof(text));

	if (sysconf(_SC_PAGESIZE) >= LARGE_SIZE)
		log_skip("pageout_64k: a page of this kernel has 64K or more");
	else if (n <= 0)
		log_skip("pageout_64k: %s: %s (the kernel has no folios of 64K)", path,
			 n ? strerror(-n) : "empty");
	else if (strstr(text, "[never]"))
		log_skip("pageout_64k: folios of 64K are off: echo madvise >%s", path);
	else
		return true;
	return false;
}

/* Check that this machine can invalidate locally what it otherwise broadcasts. */
bool bench_local(void)
{
	struct tlbbatch_bench b = {
		.addr = (uintptr_t)&bench_fd & -sysconf(_SC_PAGESIZE),
		.nr_pages = 1, .stride = 1, .nr_flushes = 1, .flags = TLBBATCH_BENCH_LOCAL,
	};

	if (!ioctl(bench_fd, TLBBATCH_BENCH_RUN, &b))
		return true;
	log_skip("archflush.local: %s: %s (it needs an architecture that broadcasts invalidations)",
		 BENCH_FILE, strerror(errno));
	return false;
}
