/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Versions: of the tools, and of the columns and metrics of the results that they
 * write and read. docs/changelog.md names what each of them changed.
 */
#ifndef BENCH_VERSION_H
#define BENCH_VERSION_H

#define TOOLS_VERSION	"0.9"
#define RESULTS_SCHEMA	1

#endif
