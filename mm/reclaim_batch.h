/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MM_RECLAIM_BATCH_H
#define _MM_RECLAIM_BATCH_H

#include <linux/list.h>
#include <linux/mm.h>
#include <linux/swap.h>
#include "internal.h"
#include "swap.h"

/* As many pages as a scan of the inactive list isolates */
#define RECLAIM_BATCH_SIZE	SWAP_CLUSTER_MAX
/* A task that faults on one of the folios waits until that many are unmapped */
#define RECLAIM_BATCH_MAX_PAGES	512

/* Reason for a flush */
enum reclaim_batch_reason {
	BATCH_FULL,	/* the batch is full */
	BATCH_END,	/* no folio is left to join it */
	BATCH_WAIT,	/* reclaim is about to wait, or to walk many page tables */
};

/*
 * Dirty folios that reclaim has isolated and unmapped and is about to write,
 * see reclaim_batch.c for the rules.
 */
struct reclaim_batch {
#ifdef CONFIG_RECLAIM_BATCH
	struct list_head locked;	/* the TLB may hold entries */
	struct list_head flushed;	/* unlocked, in order of writing */
	/* In @locked; either maximum fills the batch */
	unsigned int nr_folios;
	unsigned int nr_pages;
	unsigned int max_folios;
	unsigned int max_pages;
	/* Mappings beyond one a page that were walked while folios were locked */
	unsigned int nr_shared;
#endif
};

#ifdef CONFIG_RECLAIM_BATCH
void __reclaim_batch_add(struct reclaim_batch *batch, struct folio *folio,
			 unsigned int nr_pages);
void reclaim_batch_flush(struct reclaim_batch *batch,
			 enum reclaim_batch_reason reason);
struct folio *reclaim_batch_pop(struct reclaim_batch *batch);

static inline void reclaim_batch_init(struct reclaim_batch *batch)
{
	*batch = (struct reclaim_batch){
		.max_folios = RECLAIM_BATCH_SIZE,
		.max_pages = RECLAIM_BATCH_MAX_PAGES,
	};
	INIT_LIST_HEAD(&batch->locked);
	INIT_LIST_HEAD(&batch->flushed);
}

/* Check that no folio is locked. */
static inline bool reclaim_batch_empty(const struct reclaim_batch *batch)
{
	return list_empty(&batch->locked);
}

/* Check that there is no folio at all, flushed or not. */
static inline bool reclaim_batch_idle(const struct reclaim_batch *batch)
{
	return list_empty(&batch->locked) && list_empty(&batch->flushed);
}

static inline bool reclaim_batch_full(const struct reclaim_batch *batch)
{
	return batch->nr_folios >= batch->max_folios ||
	       batch->nr_pages >= batch->max_pages;
}

/**
 * reclaim_batch_add - add a folio that is to be written together with others
 * @batch: the batch
 * @folio: isolated, locked, unmapped and dirty folio
 * @nr_pages: number of its pages
 * @last: no other folio is left that could join
 *
 * Return: false if there is nothing to share, because no flush is pending and
 * the folio does not go to a synchronous device, or because @folio alone fills
 * the batch or is the last. The batch is empty then, and @folio can be written
 * after try_to_unmap_flush_dirty(). True if @folio was added: it stays locked
 * and belongs to the batch until it is popped.
 */
static inline bool reclaim_batch_add(struct reclaim_batch *batch,
				     struct folio *folio,
				     unsigned int nr_pages, bool last)
{
	if (reclaim_batch_empty(batch) &&
	    (last || nr_pages >= batch->max_pages ||
	     !(try_to_unmap_dirty_pending() ||
	       swap_write_is_synchronous(folio))))
		return false;

	__reclaim_batch_add(batch, folio, nr_pages);
	return true;
}

/**
 * reclaim_batch_walk - keep a long walk of page tables from delaying others
 * @batch: the batch
 * @folio: locked folio whose mappings are about to be walked
 *
 * A task that needs a folio of the batch waits for the walks of those that come
 * after it. Flush the batch before these have more mappings beyond one a page
 * than @max_folios, so that it waits at most about twice as long as for a batch
 * of folios that are mapped once. The flush costs little compared to the walk.
 */
static inline void reclaim_batch_walk(struct reclaim_batch *batch,
				      struct folio *folio)
{
	long nr;

	if (reclaim_batch_empty(batch))
		return;
	nr = folio_mapcount(folio) - folio_nr_pages(folio);
	batch->nr_shared += max(nr, 0L);
	if (batch->nr_shared > batch->max_folios)
		reclaim_batch_flush(batch, BATCH_WAIT);
}
#else
static inline void reclaim_batch_init(struct reclaim_batch *batch)
{
}

static inline void reclaim_batch_flush(struct reclaim_batch *batch,
				       enum reclaim_batch_reason reason)
{
}

static inline struct folio *reclaim_batch_pop(struct reclaim_batch *batch)
{
	return NULL;
}

static inline void reclaim_batch_walk(struct reclaim_batch *batch,
				      struct folio *folio)
{
}

static inline bool reclaim_batch_empty(const struct reclaim_batch *batch)
{
	return true;
}

static inline bool reclaim_batch_idle(const struct reclaim_batch *batch)
{
	return true;
}

static inline bool reclaim_batch_full(const struct reclaim_batch *batch)
{
	return false;
}

static inline bool reclaim_batch_add(struct reclaim_batch *batch,
				     struct folio *folio,
				     unsigned int nr_pages, bool last)
{
	return false;
}
#endif /* CONFIG_RECLAIM_BATCH */
#endif /* _MM_RECLAIM_BATCH_H */
