/* SPDX-License-Identifier: GPL-2.0 */
/* What cmocka wants included before it, and helpers of the tests. */
#ifndef BENCH_T_TEST_H
#define BENCH_T_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tlbbench.h"

#endif
