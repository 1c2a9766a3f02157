#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run LAVA's own code on what this project writes for it: the schema of jobs and tests, and
# the dispatcher's reader of signals. Its packages are only unpacked, nothing is installed.
#
# usage: lavatools.sh DIR fetch            Debian's packages, unpacked in DIR
#        lavatools.sh DIR job FILE.yaml    is this a job? strictly
#        lavatools.sh DIR test FILE.yaml   is this a test definition?
#        lavatools.sh DIR signals FILE     read the signals; print how many measurements there are
# exit: 0, 1 LAVA refuses it (the reason is printed), 2 usage, 4 this Debian has no LAVA, or
#       there is no python3, 125 cannot fetch
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || [ $# -eq 3 ] || usage
dir=$1 what=$2 file=${3-}
skip() { echo "lavatools.sh: $*" >&2; exit 4; }
packages='lava-common lava-dispatcher python3-voluptuous python3-yaml'
command -v python3 >/dev/null || skip 'needs python3 (Debian: python3)'

if [ "$what" = fetch ]; then
	if [ -f "$dir/done" ]; then
		exit 0
	fi
	command -v apt-get >/dev/null || skip 'needs apt-get, for the packages lava-common and lava-dispatcher'
	for package in $packages; do
		apt-cache show "$package" >/dev/null 2>&1 || skip "this release of Debian has no $package"
	done
	mkdir -p "$dir/packages"
	# shellcheck disable=SC2086 # words are meant to split
	(cd "$dir/packages" && apt-get -qq -o APT::Sandbox::User=root download $packages) >"$dir/log" 2>&1 ||
		refuse "cannot fetch $packages: $(tail -n 1 "$dir/log")"
	for package in "$dir"/packages/*.deb; do dpkg-deb -x "$package" "$dir"; done
	touch "$dir/done"
	exit
fi
[ "$file" ] || usage
[ -f "$dir/done" ] || skip "LAVA's packages are not in $dir: lavatools.sh $dir fetch"
export PYTHONPATH="$dir/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1
case $what in
job) code='
import sys, yaml, voluptuous
from lava_common.schemas import validate
try:
    validate(yaml.safe_load(open(sys.argv[1])), strict=True)
except (voluptuous.Invalid, yaml.YAMLError) as e:
    sys.exit("%s: %s" % (sys.argv[1], str(e).replace("\n", " ")))' ;;
test) code='
import sys, yaml, voluptuous
from lava_common.schemas.test.testdef import testdef
try:
    voluptuous.Schema(testdef())(yaml.safe_load(open(sys.argv[1])))
except (voluptuous.Invalid, yaml.YAMLError) as e:
    sys.exit("%s: %s" % (sys.argv[1], str(e).replace("\n", " ")))' ;;
signals) code='
# The functions alone, because the modules need what a dispatcher has installed.
import ast, decimal, re, sys, urllib.parse
class Refused(Exception): pass
space = dict(decimal=decimal, JobError=Refused, TestError=Refused, InternalObject=object)
top = sys.argv[2] + "/lava_dispatcher/"
pattern = None
for name, path in (("handle_testcase", "actions/test/shell.py"), ("SignalMatch", "connection.py")):
    tree = ast.parse(open(top + path).read())
    part = [n for n in tree.body if getattr(n, "name", "") == name]
    exec(compile(ast.Module(part, []), path, "exec"), space)
pattern = re.search("\"signal\": r\"(.*)\"", open(top + "actions/test/shell.py").read()).group(1)
values = 0
for number, line in enumerate(open(sys.argv[1]), 1):
    try:
        found = re.search(pattern, line)
        if not found:
            raise Refused("no signal")
        name, params = found.group(1), found.group(2).split()
        if name == "TESTSET":
            if params[0] == "START" and params[1] != urllib.parse.quote(params[1]):
                raise Refused("the name of the test set")
            continue
        if name != "TESTCASE":
            raise Refused("not known: " + name)
        got = space["SignalMatch"]().match(space["handle_testcase"](params))
        values += "measurement" in got
    except Refused as e:
        sys.exit("%s:%d: %s" % (sys.argv[1], number, e))
print(values)' ;;
*) usage ;;
esac
python3 -c "$code" "$file" "$PYTHONPATH"
