#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Install the tools of this machine's architecture, the plugin, what they read, and their
# man pages; or remove these.
#
# usage: install.sh install|uninstall DESTDIR PREFIX BENCH ARCH
#   DESTDIR   the root that PREFIX starts from, or ''
#   BENCH     the folder of built tools
# Each file is written under another name and then renamed. Only folders that are named
# after this project are removed, and only if they are empty.
# exit: 0, 2 usage, 125 a file is missing or cannot be written
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 5 ] || usage
how=$1 dest=$2$3 bench=$4 arch=$5
case $3 in /*) ;; *) echo "install.sh: PREFIX is \"$3\": use an absolute path" >&2; exit 2 ;; esac
case $2 in '' | /*) ;; *) echo "install.sh: DESTDIR is \"$2\": use an absolute path" >&2; exit 2 ;; esac
case $how in install | uninstall) ;; *) usage ;; esac
sources=$project/bench

# one FOLDER MODE FILE...: install each FILE in FOLDER below PREFIX, or remove it
one() {
	folder=$dest/$1 mode=$2
	shift 2
	for file; do
		to=$folder/${file##*/}
		if [ "$how" = uninstall ]; then
			rm -f "$to" || refuse "cannot remove $to"
			continue
		fi
		error=$({ mkdir -p "$folder" && cp "$file" "$to.tmp" && chmod "$mode" "$to.tmp" && mv "$to.tmp" "$to"; } 2>&1) || {
			rm -f "$to.tmp" 2>/dev/null || :
			refuse "cannot write $to: choose another PREFIX= or DESTDIR=, make room, or be root (${error##*: })"
		}
	done
}
umask 022
one bin 755 "$bench/$arch/tlbbench" "$bench/$arch/tlbprice" "$bench/$arch/tlbrace" "$bench/$arch/tlbpaths" "$bench/tlbreport"
one lib/tlbbatch 644 "$bench/ledger.so"
one share/tlbbatch 644 "$sources/plugin/tlb_geometry.tsv"
one share/tlbbatch/report 644 "$sources"/report/*.sql \
	"$sources/report/names.tsv" "$sources/report/style.css" "$sources/report/claims.tsv"
one share/tlbbatch/report/tables 644 "$sources"/report/tables/*.sql
one share/man/man1 644 "$sources"/*/*.1
if [ "$how" = uninstall ]; then
	for folder in lib/tlbbatch share/tlbbatch/report/tables share/tlbbatch/report share/tlbbatch; do
		[ ! -d "$dest/$folder" ] || rmdir "$dest/$folder" 2>/dev/null ||
			refuse "$dest/$folder holds files that are not this project's: move them elsewhere, then run this again"
	done
fi
