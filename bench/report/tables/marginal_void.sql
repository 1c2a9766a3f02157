-- SPDX-License-Identifier: GPL-2.0
-- Why a run does not count, for tlbreport lines --check.
SELECT why AS "" FROM marginal_void;
