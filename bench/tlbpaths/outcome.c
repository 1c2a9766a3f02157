// SPDX-License-Identifier: GPL-2.0
/* Keep why a path was not taken. */
#include "tlbpaths.h"

/* Record that the path was not taken; the first reason is kept. */
void outcome_missed(struct outcome *o, const char *fmt, ...)
{
	va_list ap;

	if (o->why[0])
		return;
	va_start(ap, fmt);
	vsnprintf(o->why, sizeof(o->why), fmt, ap);
	va_end(ap);
}
