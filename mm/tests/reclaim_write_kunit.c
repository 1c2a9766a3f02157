// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of how the folios of a batch are written to a synchronous device.
 * There must be no swap: the device is a fake one.
 */
#include "reclaim_test.h"

/* What the writes of a batch are collected with, and a write of a fake device */
static struct swap_io_ctx *io;
static struct swap_info_struct fake_sis;
static struct swap_iocb fake_sio;
static unsigned int nr_submitted, nr_plugged, nr_shared;

static void submit_fake(struct swap_io_ctx *ctx)
{
	nr_submitted++;
}

static void add_fake(void)
{
	io->sis = &fake_sis;
	io->sio = &fake_sio;
}

static int shmem_is_added(struct kprobe *p, struct pt_regs *regs)
{
	if (!rclt_probed(p))
		return 0;
	io = (void *)regs_get_kernel_argument(regs, 0);
	nr_plugged += io->plugged;
	nr_shared += !!io->sio;
	add_fake();
	return 0;
}

static int anon_is_added(struct kprobe *p, struct pt_regs *regs)
{
	if (!rclt_probed(p) || !io)
		return 0;
	nr_shared += !!io->sio;
	add_fake();
	return 0;
}

/*
 * Check that a shmem folio is written alone, although what comes before and
 * after it shares writes.
 */
static void shmem_is_alone(struct kunit *test)
{
	static const struct swap_ops ops = { .submit_write = submit_fake };
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	fake_sis.ops = &ops;
	fake_sis.flags = SWP_SYNCHRONOUS_IO;
	io = NULL;
	nr_submitted = 0;
	nr_plugged = 0;
	nr_shared = 0;
	rclt_probe(test, "shmem_writeout", shmem_is_added);
	rclt_probe(test, "reclaim_batch_pop", anon_is_added);
	rclt_isolate_shmem(test, &list, 3);
	rclt_reclaim(test, &list, 3);
	KUNIT_EXPECT_EQ(test, nr_plugged, 3);
	KUNIT_EXPECT_EQ(test, nr_shared, 0);
	/* Three of shmem, and one after each of them */
	KUNIT_EXPECT_EQ(test, nr_submitted, 6);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(shmem_is_alone),
	{}
};

static struct kunit_suite suite = {
	.name = "reclaim_write",
	.init = rclt_init,
	.exit = rclt_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of writes of batches of dirty folios");
MODULE_LICENSE("GPL");
