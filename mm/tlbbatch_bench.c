// SPDX-License-Identifier: GPL-2.0
/*
 * Microbenchmark of arch_tlbbatch_add_pending() and arch_tlbbatch_flush().
 *
 * For a populated range of the caller, add n pages to a batch and flush it,
 * as reclaim does, but do not change the page table: only the work of the
 * architecture is measured. No translation changes, so an entry that a CPU
 * refills between add and flush is equivalent to the old one.
 */
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/mmu_notifier.h>
#include <linux/pagewalk.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/tlbflush.h>
#include "tlbbatch_bench.h"

#define TLBBATCH_BENCH_FLAGS	(TLBBATCH_BENCH_CONTROL |	\
				 TLBBATCH_BENCH_NOTIFIED |	\
				 TLBBATCH_BENCH_LOCAL)

/*
 * If an architecture broadcasts TLB invalidations and can also invalidate the
 * TLB of this CPU only, its <asm/mmu_context.h> has functions for the latter:
 * add() starts it for a page, flush() waits for all of them.
 */
#ifdef arch_tlbbatch_bench_add_local
#define TLBBATCH_BENCH_HAS_LOCAL	true
#else
#define TLBBATCH_BENCH_HAS_LOCAL	false
static void arch_tlbbatch_bench_add_local(struct mm_struct *mm,
					  unsigned long addr)
{
}

static void arch_tlbbatch_bench_flush_local(void)
{
}
#endif

static bool tlbbatch_bench_valid(const struct tlbbatch_bench *b)
{
	if (!b->nr_pages || b->nr_pages > TLBBATCH_BENCH_MAX_PAGES ||
	    !b->stride || b->stride > TLBBATCH_BENCH_MAX_STRIDE ||
	    !b->nr_flushes || b->nr_flushes > TLBBATCH_BENCH_MAX_FLUSHES ||
	    b->flags & ~TLBBATCH_BENCH_FLAGS || !PAGE_ALIGNED(b->addr))
		return false;

	if (b->flags & TLBBATCH_BENCH_LOCAL && b->flags != TLBBATCH_BENCH_LOCAL)
		return false;

	return !b->offsets || b->stride == 1;
}

/* Return the addresses of the pages in the order of adding, to be freed. */
static unsigned long *tlbbatch_bench_pages(const struct tlbbatch_bench *b)
{
	const u32 __user *offsets = u64_to_user_ptr(b->offsets);
	unsigned long *pages;
	int ret = -EINVAL;
	u32 offset;
	u64 i;

	pages = kmalloc_objs(*pages, b->nr_pages);
	if (!pages)
		return ERR_PTR(-ENOMEM);

	for (i = 0; i < b->nr_pages; i++) {
		offset = i * b->stride;
		if (b->offsets && get_user(offset, offsets + i)) {
			ret = -EFAULT;
			goto out_free;
		}
		if (offset >= TLBBATCH_BENCH_MAX_OFFSET)
			goto out_free;
		pages[i] = b->addr + offset * PAGE_SIZE;
		if (!access_ok((void __user *)pages[i], PAGE_SIZE))
			goto out_free;
	}
	return pages;

out_free:
	kfree(pages);
	return ERR_PTR(ret);
}

static bool tlbbatch_bench_present(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);
	struct folio_walk fw;

	if (!vma || !folio_walk_start(&fw, vma, addr, 0))
		return false;

	folio_walk_end(&fw, vma);
	return true;
}

static void tlbbatch_bench_once(struct tlbbatch_bench *b,
				struct arch_tlbflush_unmap_batch *batch,
				struct mm_struct *mm,
				const unsigned long *pages)
{
	bool control = b->flags & TLBBATCH_BENCH_CONTROL;
	u64 begin, added, flushed;
	unsigned long i;

	/* Reclaim adds under the page table lock, so without preemption. */
	preempt_disable();
	begin = ktime_get_ns();
	for (i = 0; i < b->nr_pages; i++) {
		if (!control)
			arch_tlbbatch_add_pending(batch, mm, pages[i],
						  pages[i] + PAGE_SIZE);
		else
			barrier();
	}
	added = ktime_get_ns();
	preempt_enable();

	if (!control) {
		arch_tlbbatch_flush(batch);
		b->nr_added += b->nr_pages;
	}
	flushed = ktime_get_ns();

	b->add_ns += added - begin;
	b->flush_ns += flushed - added;
}

/* Disable preemption: the barrier has to be on the CPU that invalidated. */
static void tlbbatch_bench_local(struct tlbbatch_bench *b,
				 struct mm_struct *mm,
				 const unsigned long *pages)
{
	u64 begin, added;
	unsigned long i;

	preempt_disable();
	begin = ktime_get_ns();
	for (i = 0; i < b->nr_pages; i++)
		arch_tlbbatch_bench_add_local(mm, pages[i]);
	added = ktime_get_ns();
	arch_tlbbatch_bench_flush_local();
	b->flush_ns += ktime_get_ns() - added;
	preempt_enable();

	b->add_ns += added - begin;
	b->nr_added += b->nr_pages;
}

static int tlbbatch_bench_run(struct tlbbatch_bench *b)
{
	struct arch_tlbflush_unmap_batch *batch;
	struct mm_struct *mm = current->mm;
	unsigned long *pages;
	u64 i;
	int ret;

	pages = tlbbatch_bench_pages(b);
	if (IS_ERR(pages))
		return PTR_ERR(pages);

	ret = -ENOMEM;
	batch = kzalloc_obj(*batch);
	if (!batch)
		goto out_free_pages;

	ret = mmap_read_lock_killable(mm);
	if (ret)
		goto out_free;

	ret = -EFAULT;
	for (i = 0; i < b->nr_pages; i++)
		if (!tlbbatch_bench_present(mm, pages[i]))
			goto out_unlock;

	ret = 0;
	b->add_ns = 0;
	b->flush_ns = 0;
	b->nr_added = 0;
	for (i = 0; i < b->nr_flushes; i++) {
		if (signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		if (b->flags & TLBBATCH_BENCH_LOCAL)
			tlbbatch_bench_local(b, mm, pages);
		else
			tlbbatch_bench_once(b, batch, mm, pages);
		cond_resched();
	}

out_unlock:
	mmap_read_unlock(mm);
out_free:
	kfree(batch);
out_free_pages:
	kfree(pages);
	return ret;
}

/* A user of the address space with a secondary TLB, like an IOMMU */
struct tlbbatch_bench_secondary {
	struct mmu_notifier mn;
	atomic64_t nr_notified;
};

static void tlbbatch_bench_notify(struct mmu_notifier *mn, struct mm_struct *mm,
				  unsigned long start, unsigned long end)
{
	struct tlbbatch_bench_secondary *s =
		container_of(mn, struct tlbbatch_bench_secondary, mn);

	atomic64_inc(&s->nr_notified);
}

static const struct mmu_notifier_ops tlbbatch_bench_secondary_ops = {
	.arch_invalidate_secondary_tlbs = tlbbatch_bench_notify,
};

static int tlbbatch_bench_run_notified(struct tlbbatch_bench *b)
{
	struct tlbbatch_bench_secondary s = {
		.mn.ops = &tlbbatch_bench_secondary_ops,
	};
	int ret;

	ret = mmu_notifier_register(&s.mn, current->mm);
	if (ret)
		return ret;

	ret = tlbbatch_bench_run(b);
	/* Returns when no CPU is in a callback any more. */
	mmu_notifier_unregister(&s.mn, current->mm);
	b->nr_notified = atomic64_read(&s.nr_notified);
	return ret;
}

static long tlbbatch_bench_ioctl(struct file *file, unsigned int cmd,
				 unsigned long arg)
{
	struct tlbbatch_bench b;
	int ret;

	if (cmd != TLBBATCH_BENCH_RUN)
		return -EINVAL;

	if (copy_from_user(&b, (void __user *)arg, sizeof(b)))
		return -EFAULT;

	if (!current->mm || !tlbbatch_bench_valid(&b))
		return -EINVAL;
	if (b.flags & TLBBATCH_BENCH_LOCAL && !TLBBATCH_BENCH_HAS_LOCAL)
		return -EOPNOTSUPP;

	b.nr_notified = 0;
	if (b.flags & TLBBATCH_BENCH_NOTIFIED)
		ret = tlbbatch_bench_run_notified(&b);
	else
		ret = tlbbatch_bench_run(&b);
	if (ret)
		return ret;

	if (copy_to_user((void __user *)arg, &b, sizeof(b)))
		return -EFAULT;

	return 0;
}

static const struct file_operations tlbbatch_bench_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.unlocked_ioctl = tlbbatch_bench_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static int __init tlbbatch_bench_init(void)
{
	debugfs_create_file_unsafe("tlbbatch_bench", 0600, NULL, NULL,
				   &tlbbatch_bench_fops);

	return 0;
}
late_initcall(tlbbatch_bench_init);
