# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Put QEMU_MAX first on the PATH, either the system's or Debian's backport. Sourced in
# the project's top directory, with a record and ARCHES.
newest_qemu() {
	if ! "$QEMU" --version | grep -qF "version $QEMU_MAX"; then
		# One folder has the emulators of all architectures.
		packages=$(for a in $ARCHES; do record "$a" && echo "$DEBQEMU"; done)
		# shellcheck disable=SC2086
		bin=$(scripts/backport.sh "${XDG_CACHE_HOME:-$HOME/.cache}/tlbbatch" $packages) ||
			{ echo "QEMU $QEMU_MAX is not available"; return 4; }
		PATH=$bin:$PATH
	fi
	"$QEMU" --version | grep -F "version $QEMU_MAX" || { echo "QEMU $QEMU_MAX is not available"; return 4; }
}
