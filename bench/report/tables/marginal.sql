-- SPDX-License-Identifier: GPL-2.0
-- Rows of a run less those of its warm-up, for tlbreport lines --csv.
SELECT arch, cpu_model, accel, evidence, kernel, variant, op, pattern, batch_pages, cpus, metric, fixed(value, 0) AS value, unit FROM marginal ORDER BY id;
