// SPDX-License-Identifier: GPL-2.0
/*
 * Plan what is timed, and the prices that are sums of these times. With t(n) the time
 * of mprotect of n pages on one CPU, and ARCH_ONE_BY_ONE the most pages that a call
 * flushes one by one:
 *
 *   work         (t(256) - t(64)) / 192: the page tables' part of a further page. Both
 *                flush the same way, whatever the architecture.
 *   free         the same of MADV_DONTNEED, which frees the pages, too
 *   call         mprotect of emptied page tables, which flushes nothing
 *   flush        t(1) - call - work: the flush of one page, and the path of the first
 *   page         (t(32) - t(2)) / 30 - work: one further page, flushed by itself
 *   everything   t(64) - call - 64 work: the flush of everything, and the same path
 *   refill       of one page that is used after the flush of everything: what reading
 *                pages after the call takes longer than after a call without a flush
 *   refill_page  the same after the flush of one page, which should be nothing: in a
 *                guest such a flush may drop more than that page
 *   target       t(1) with a thread on another CPU, by distance, less t(1) without
 *   further      each further CPU
 *   victim       what a CPU that is interrupted loses, counted by its loops
 *   idle         target of a CPU on which a thread sleeps: more than nothing only if
 *                the kernel interrupts it all the same
 *   wake         a thread that sleeps on an idle CPU, until it answers
 *   pageout      a page
 */
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "tlbprice.h"

#define WORK_LOW	64
#define WORK_HIGH	256

/* Add a time unless it is there: cells of one CPU are the same for each list of CPUs. */
static unsigned int add(struct prices *p, const struct timed *t)
{
	for (unsigned int i = 0; i < p->times; i++) {
		const struct timed *x = &p->time[i];

		if (x->cell.op == t->cell.op && x->cell.pages == t->cell.pages &&
		    x->cell.cpus == t->cell.cpus && x->others == t->others && x->victims == t->victims &&
		    (x->cpu == t->cpu || (t->cell.cpus == 1 && !t->others)))
			return i;
	}
	if (p->times == TIMES_MAX)
		fatal(EXIT_BROKEN, "more than %d times", TIMES_MAX);
	p->time[p->times] = *t;
	return p->times++;
}

static struct price *add_price(struct prices *p, const char *name, const char *distance, unsigned int pages,
			       unsigned int cpus)
{
	struct price *x = &p->price[p->n];

	if (p->n++ == PRICES_MAX)
		fatal(EXIT_BROKEN, "more than %d prices", PRICES_MAX);
	snprintf(x->name, sizeof(x->name), "%s", name);
	x->distance = distance;
	x->pages = pages;
	x->cpus = cpus;
	return x;
}

static void term(struct price *x, unsigned int time, double weight)
{
	x->term[x->terms].time = time;
	x->term[x->terms++].weight = weight;
}

struct planner {
	struct prices *p;
	const struct distances *d;
	int *cpu;
	unsigned int one, control, work_low, work_high;	/* times */
};

static unsigned int alone(struct planner *q, const struct op *op, unsigned int pages)
{
	return add(q->p, &(struct timed){ .cell = { op, 1, pages }, .cpu = q->cpu });
}

static unsigned int protect(struct planner *q, unsigned int pages)
{
	return alone(q, op_find("mprotect"), pages);
}

static unsigned int with_others(struct planner *q, const struct op *op, unsigned int pages, enum distance d,
				unsigned int n)
{
	return add(q->p, &(struct timed){ .cell = { op, 1, pages }, .cpu = q->d->cpu[d], .others = n });
}

static void add_work(struct planner *q, struct price *x, double weight)
{
	term(x, q->work_high, weight / (WORK_HIGH - WORK_LOW));
	term(x, q->work_low, -weight / (WORK_HIGH - WORK_LOW));
}

static void plan_refill(struct planner *q, const char *name, unsigned int pages)
{
	struct price *x = add_price(q->p, name, NULL, pages, 1);

	term(x, alone(q, &op_touch, pages), 1. / TOUCHED);
	term(x, protect(q, pages), -1. / TOUCHED);
	term(x, alone(q, &op_touch_control, 1), -1. / TOUCHED);
	term(x, q->control, 1. / TOUCHED);
}

static void plan_pages(struct planner *q)
{
	struct price *x;

	x = add_price(q->p, "work", NULL, WORK_HIGH, 1);
	add_work(q, x, 1);
	x = add_price(q->p, "free", NULL, WORK_HIGH, 1);
	term(x, alone(q, op_find("dontneed"), WORK_HIGH), 1. / (WORK_HIGH - WORK_LOW));
	term(x, alone(q, op_find("dontneed"), WORK_LOW), -1. / (WORK_HIGH - WORK_LOW));
	x = add_price(q->p, "call", NULL, 1, 1);
	term(x, q->control, 1);
	x = add_price(q->p, "flush", NULL, 1, 1);
	term(x, q->one, 1);
	term(x, q->control, -1);
	add_work(q, x, -1);
	if (!ARCH_ONE_BY_ONE) {
		log_skip("calibrate.page, everything, refill: no call of this architecture's kernel that fits "
			 "flushes everything");
		return;
	}
	x = add_price(q->p, "page", NULL, 32, 1);
	term(x, protect(q, 32), 1. / 30);
	term(x, protect(q, 2), -1. / 30);
	add_work(q, x, -1);
	x = add_price(q->p, "everything", NULL, WORK_LOW, 1);
	term(x, q->work_low, 1);
	term(x, q->control, -1);
	add_work(q, x, -WORK_LOW);
	plan_refill(q, "refill", WORK_LOW);
	plan_refill(q, "refill_page", 1);
}

/* Plan one page, with each power of two of CPUs at that distance, and with all of them. */
static void plan_targets(struct planner *q, enum distance d)
{
	const char *at = distance_names[d];
	unsigned int n = q->d->n[d];
	struct price *x;

	for (unsigned int k = 1; k <= n; k = k < n && 2 * k > n ? n : 2 * k) {
		x = add_price(q->p, k == 1 ? "target" : "targets", at, 1, k + 1);
		term(x, with_others(q, &op_target, 1, d, k), 1);
		term(x, q->one, -1);
		x = add_price(q->p, "mprotect", at, 1, k + 1);
		term(x, with_others(q, &op_target, 1, d, k), 1);
	}
	if (n > 1) {
		x = add_price(q->p, "further", at, 1, n + 1);
		term(x, with_others(q, &op_target, 1, d, n), 1. / (n - 1));
		term(x, with_others(q, &op_target, 1, d, 1), -1. / (n - 1));
	} else {
		log_skip("calibrate.further, %s: it needs two more CPUs there", distance_words[d]);
	}
	x = add_price(q->p, "victim", at, 1, 2);
	term(x, with_others(q, &op_victim, 1, d, 1), 1);
	x = add_price(q->p, "idle", at, 1, 2);
	term(x, add(q->p, &(struct timed){ .cell = { op_find("mprotect"), 2, 1 }, .victims = VICTIM_IDLE,
					   .cpu = q->d->cpu[d] }), 1);
	term(x, q->one, -1);
	x = add_price(q->p, "wake", at, 1, 2);
	/* one call a round, before which the thread falls asleep */
	term(x, with_others(q, &op_wake, PAGES_MAX, d, 1), 1);
}

static void plan_pageout(struct planner *q)
{
	struct price *x;

	if (!swap_fits((uint64_t)PAGES_MAX * sysconf(_SC_PAGESIZE)))
		return;
	for (unsigned int pages = 32; pages <= 512; pages *= 16) {
		x = add_price(q->p, "pageout", NULL, pages, 1);
		term(x, alone(q, op_find("pageout"), pages), 1. / pages);
		term(x, alone(q, op_find("pageout.control"), pages), -1. / pages);
	}
}

void prices_plan(struct prices *p, const struct config *c, const struct distances *d)
{
	struct planner q = { .p = p, .d = d, .cpu = c->cpu };
	struct price *x;

	q.one = protect(&q, 1);
	q.control = alone(&q, op_find("mprotect.control"), 1);
	q.work_low = protect(&q, WORK_LOW);
	q.work_high = protect(&q, WORK_HIGH);
	plan_pages(&q);
	x = add_price(p, "mprotect", NULL, 1, 1);
	term(x, q.one, 1);
	for (enum distance k = 0; k < DISTANCES; k++) {
		if (d->n[k])
			plan_targets(&q, k);
		else
			log_skip("calibrate.target, further, victim, idle, wake, %s: this machine has no CPU there "
				 "that may be used", distance_words[k]);
	}
	plan_pageout(&q);
}
