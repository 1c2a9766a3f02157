/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process that undoes changes outside of the tool when the tool ends. A change is
 * registered first and made then, so that no exit can come in between.
 */
#ifndef BENCH_KEEPER_H
#define BENCH_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

enum undo {
	UNDO_ZRAM,	/* swapoff, and remove zram device number WHERE */
	UNDO_SWAPOFF,	/* WHERE is a device */
	UNDO_RMDIR,	/* WHERE is a directory, of a cgroup that may still be in use */
	UNDO_WRITE,	/* TEXT to the file WHERE */
};

/* Call all of these from the process that made the first promise; others are ignored. */
int keeper_promise(enum undo what, const char *where, const char *text);
int keeper_zram(char *number, size_t size);	/* makes a device; 0 with errno: it cannot */
void keeper_undo(int promise);			/* now */
void keeper_drop(int promise);			/* there is nothing to be undone */

#endif
