// SPDX-License-Identifier: GPL-2.0
/* Stock against another variant, from the views versus and remaining. */
#include <math.h>

#include "report.h"

static double number_or_nan(sqlite3_stmt *q, int column)
{
	return sqlite3_column_type(q, column) == SQLITE_NULL ? NAN : sqlite3_column_double(q, column);
}

bool versus_of(sqlite3 *db, int64_t setting, const char *op, const char *metric,
	       const char *variant, int64_t pages, int64_t cpus, struct versus *v)
{
	sqlite3_stmt *q = store_query(db,
				      "SELECT v.before, v.after, v.change, v.fewer, (SELECT "
				      "r.share FROM remaining r WHERE r.setting = ?1 AND r.op = ?2 "
				      "AND r.metric = ?3 AND r.variant = ?4 AND r.batch_pages = ?5 "
				      "AND r.cpus = ?6) FROM versus v WHERE v.setting = ?1 AND "
				      "v.op = ?2 AND v.metric = ?3 AND v.variant = ?4 AND "
				      "v.batch_pages = ?5 AND v.cpus = ?6",
				      "isssii", setting, op, metric, variant, pages, cpus);
	bool found = store_step(q);

	if (found) {
		*v = (struct versus){
			sqlite3_column_double(q, 0), sqlite3_column_double(q, 1),
			number_or_nan(q, 2), number_or_nan(q, 3), number_or_nan(q, 4),
		};
		sqlite3_finalize(q);
	}
	return found;
}
