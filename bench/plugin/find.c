// SPDX-License-Identifier: GPL-2.0
/* Find the decoders that are linked in: the linker gathers them in a section. */
#include <string.h>

#include "decode.h"

extern const struct ledger_arch *const __start_ledger_arches[];
extern const struct ledger_arch *const __stop_ledger_arches[];

const struct ledger_arch *ledger_find_arch(const char *target)
{
	for (const struct ledger_arch *const *a = __start_ledger_arches; a < __stop_ledger_arches; a++)
		if (!strcmp((*a)->target, target))
			return *a;
	return NULL;
}
