#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Import a kernel source into a repository as one commit without a parent, and
# print the commit's tag, which is named after the content.
#
# usage: base.sh SOURCE DEST      SOURCE is a kernel tree or tarball, DEST a repository
#
# A tree is identified by the content of its files. A git index in DEST avoids reading
# files whose size, times and inode have not changed (an editor cannot reset ctime). In
# a git work tree, these are the files that git status knows; in another tree, all but
# build products. A tarball is identified by its SHA-256, which is computed again when
# its size, mtime, ctime or inode changes. SOURCE is only read; existing commits,
# branches and files of DEST are kept.
# exit: 0, 2 usage, 125 SOURCE is not a kernel, or cannot be read
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "base.sh: $*" >&2; exit 125; }
[ $# -eq 2 ] || usage
[ -r "$1" ] || die "$1 cannot be read: KSRC= needs a kernel tree or tarball"
[ -d "$1" ] || [ -f "$1" ] || die "$1 is neither a folder nor a file: KSRC= needs a kernel tree or tarball"
dest=$(cd "$2" && pwd -P)
case $1 in -*) set -- "./$1" "$2" ;; esac # no option of cd or basename
export GIT_AUTHOR_NAME=tlbbatch GIT_AUTHOR_EMAIL=tlbbatch@example.invalid
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$committer
export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
git() { command git --git-dir="$dest/.git" -c core.fsync=none -c core.looseCompression=1 -c core.quotePath=false "$@"; }
tmp=$dest/.git/import
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
rm -rf "$tmp" && mkdir "$tmp"

# List the patterns of build products, which kbuild's clean and mrproper remove.
products() {
	printf '%s\n' '*.[aios]' '*.ko' '*.ko.*' '.*.cmd' '*.dtb' '*.dtbo' '*.dtb.S' '*.dwo' '*.su' '*.mod' '*.mod.c' \
		'.*.d' '.*.tmp' '*.lex.c' '*.tab.[ch]' '*.asn1.[ch]' '*.gcno' '*.so.dbg' 'modules.order' '.tmp_*' \
		/vmlinux '/vmlinux.*' '!/vmlinux.lds*' /System.map /Module.symvers '/modules.builtin*' \
		/.config '/.config.old' /.version '/include/config/' '/include/generated/' '/arch/*/include/generated/' \
		'bzImage' 'Image' 'Image.gz'
	# Build directories of make O=
	find . -mindepth 2 -maxdepth 4 -type l -name source | while read -r link; do
		if [ -e "${link%/source}/Makefile" ]; then
			echo "${link#.}" | sed 's|/source$|/|'
		fi
	done
}

list_files() {
	if [ -e .git ] && theirs ls-files -t >"$tmp/tracked" 2>/dev/null; then
		! grep -q '^S ' "$tmp/tracked" || die "$source is a sparse checkout: run git sparse-checkout disable there, or use another KSRC="
		theirs ls-files -c -o --exclude-standard >"$tmp/all"
	else
		products >"$tmp/products"
		GIT_INDEX_FILE=$tmp/none git --work-tree=. ls-files -o -X "$tmp/products" >"$tmp/all"
	fi
	sed '/\/$/d' "$tmp/all" | LC_ALL=C sort -u >"$tmp/files"
}
# Run git in the user's repository, without writing to it.
theirs() {
	command git -c safe.directory='*' -c core.fsmonitor=false -c core.quotePath=false --no-optional-locks "$@"
}

# Update index $1 from the files of the current directory; print the tree.
add_files() {
	list_files
	GIT_INDEX_FILE=$1 git --work-tree=. update-index --add --remove --replace --stdin <"$tmp/files"
	GIT_INDEX_FILE=$1 git ls-files | LC_ALL=C sort | LC_ALL=C comm -23 - "$tmp/files" >"$tmp/gone"
	GIT_INDEX_FILE=$1 git update-index --force-remove --stdin <"$tmp/gone"
	GIT_INDEX_FILE=$1 git write-tree
}

version() { # TREE
	git show "$1:Makefile" 2>/dev/null | awk -F' *= *' '
		$1 == "VERSION" { v = $2 } $1 == "PATCHLEVEL" { p = $2 }
		$1 == "SUBLEVEL" { s = $2 } $1 == "EXTRAVERSION" { e = $2; exit }
		END { if (v != "") print v "." p "." s e }'
}

# Print the tag of TREE; create it if it is new.
commit() { # TREE
	name=base-$(expr "$1" : '\(.\{12\}\)')
	if ! git rev-parse -q --verify "refs/tags/$name" >/dev/null; then
		v=$(version "$1")
		{ [ "$v" ] && git rev-parse -q --verify "$1:mm" >/dev/null; } || die "$source is not a kernel tree"
		git tag "$name" "$(git commit-tree "$1" -m "Linux $v")"
	fi
	echo "$name"
}

if [ -d "$1" ]; then
	source=$(cd "$1" && pwd -P)
	case $dest/ in "$source"/*) die "$dest lies in $source: use an O= outside of KSRC=" ;; esac
	{ [ -f "$source/Makefile" ] && [ -d "$source/mm" ]; } || die "$source is not a kernel tree"
	cd "$source"
	if [ ! -f "$dest/.git/source.index" ]; then
		echo "base.sh: importing $source" >&2
	fi
	tree=$(add_files "$dest/.git/source.index") || die "cannot read all of $source"
	commit "$tree"
	exit 0
fi

source=$(cd "$(dirname "$1")" && pwd -P)/$(basename "$1")
known=$dest/.git/sources # "<what identifies a tarball> <tag>"
touch "$known"
lookup() {
	found=$(awk -v id="$1" '$1 == id { tag = $2 } END { print tag }' "$known")
	[ "$found" ] && git rev-parse -q --verify "refs/tags/$found" >/dev/null
}
stat=$(stat -L -c '%s,%Y,%z,%i,%d' "$source" | tr ' ' _)
if ! lookup "$stat"; then
	hash=$(sha256sum <"$source" | cut -d' ' -f1)
	if ! lookup "$hash"; then
		echo "base.sh: importing $source" >&2
		# The first import can unpack the files right into DEST.
		work=$tmp/tree index=$tmp/index
		if ! git rev-parse -q --verify HEAD >/dev/null; then
			work=$dest index=$dest/.git/index
			find "$dest" -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} +
			rm -f "$index"
		fi
		mkdir -p "$work"
		LC_ALL=C tar -C "$work" --strip-components=1 -xf "$source" 2>"$tmp/log" || {
			! grep -q 'No space left' "$tmp/log" || die "the disk is full: cannot unpack $source into $dest"
			die "cannot unpack $source: if it is damaged, remove it and try again"
		}
		GIT_INDEX_FILE=$index git --work-tree="$work" add -A -f "$work" >/dev/null
		found=$(commit "$(GIT_INDEX_FILE=$index git write-tree)")
		git rev-parse -q --verify HEAD >/dev/null || git update-ref HEAD "$found"
		echo "$hash $found" >>"$known"
	fi
	echo "$stat $found" >>"$known"
fi
echo "$found"
