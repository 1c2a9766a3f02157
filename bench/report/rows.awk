# SPDX-License-Identifier: GPL-2.0
# Print the rows of all files under one header.
#
# usage: awk [-v without=METRIC] -f csv.awk -f rows.awk FILE...
BEGIN { print csv_results }
without == "" || $11 != without { print csv_record }
END { if (!NR) csv_stop("there are no rows") }
