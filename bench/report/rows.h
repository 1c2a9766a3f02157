/* SPDX-License-Identifier: GPL-2.0 */
/* Rows as they are read, for import.c and export.c */
#ifndef ROWS_H
#define ROWS_H

#include "report.h"

/* The columns, which are those of csv_header */
enum { ARCH, CPU_MODEL, ACCEL, EVIDENCE, KERNEL, VARIANT, OP, PATTERN, PAGES, CPUS, METRIC, VALUE, UNIT };

/* import.c: refuse a row with names that it cannot have; a whole number; the value */
void row_check(const struct csv *c);
void row_text(const struct csv *c, int column);
int64_t row_whole(const struct csv *c, int column, const char *what, int64_t least);
double row_number(const struct csv *c);

#endif
