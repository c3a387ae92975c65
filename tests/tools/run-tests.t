#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tools/run-tests and tests/one, on a tree of tests made here: what fails, what
# is a remark, what is not decided, what is skipped, and what STRICT=1 changes.
. "$(dirname "$0")/../lib.sh"

tree="$tmp/it's a \"tree\" & co"
mkdir -p "$tree/tools" "$tree/tests/fake" "$tree/build"
cp tools/run-tests "$tree/tools/"
cp tests/one tests/lib.sh tests/tap.py tests/jobs.sh "$tree/tests/"

# fake NAME LINE...: a test in bash
fake() {
    local name=$1
    shift
    {
        echo '#!/usr/bin/env bash'
        echo '. "$(dirname "$0")/../lib.sh"'
        printf '%s\n' "$@"
    } >"$tree/tests/fake/$name.t"
    chmod 755 "$tree/tests/fake/$name.t"
}

fake pass 'ok 0 "it holds"' done_testing
fake fail 'ok 0 "it holds"' 'ok 1 "it does not"' done_testing
fake remark 'remark 0 "the same"' 'remark 1 "a number" "5 for 6"' done_testing
fake tired 'undecided "one of them" "it is slow"' 'ok 0 "another"' \
    'give_up "it is very slow"' 'ok 1 "never reached"'
fake late 'ok 0 "it begins"' 'sleep 10000'
fake dies 'ok 0 "it begins"' 'exit 1'
fake empty 'exit 0'
fake around 'is "$(umask) $LC_ALL ${TZ-none} ${CDPATH-none}" \
    "0022 C.UTF-8 none none" "umask and locale"' \
    'is "$(tr -d A-Za-z0-9/._- <<<"$tmp")" "" "a folder with a plain name"' \
    'is "$(cat)" "" "standard input is empty"' 'is "$PWD" "$root" "the root"' \
    done_testing
cat >"$tree/tests/fake/python.t" <<'PY'
#!/usr/bin/env python3
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import tap
tap.remark(True, "the same")
tap.remark(False, "another number", "7 for 8")
tap.undecided("that one", "it is slow, too")
tap.skip("this one", "no reason")
tap.give_up("tired")
PY
chmod 755 "$tree/tests/fake/python.t"

mkdir "$tmp/odd, $ &"

# tested NAME...: $out, $rc
strict=0
tested() {
    local files=("${@/#/tests/fake/}")
    run env -u HARNESS_VERBOSE -u HARNESS_OPTIONS -u FAULTLINE_BUILD \
        STRICT=$strict JOBS=2 LIMIT="${seconds:-1800}" TZ=Asia/Tokyo \
        CDPATH=/tmp LC_ALL=tr_TR.UTF-8 TMPDIR="$tmp/odd, $ &" "$tree/tools/run-tests" \
        "${files[@]/%/.t}"
}

umask 077
tested pass around remark tired python
umask 022
is "$rc" 0 "what passes, remarks and gives up: passes"
like "$out" '^Result: PASS' "says prove"
like "$out" '^What this machine says otherwise' "remarks stand at the end"
like "$out" '^  tests/fake/remark.t: a number$' "of a test in bash"
like "$out" '^  tests/fake/python.t: another number$' "and of one in Python"
unlike "$out" 'the same$' "but not what is the same"
like "$out" '^Not decided, ' "so does what is not decided"
is "$(grep -E '^  tests/fake/(tired|python).t: .*(slow|tired)' <<<"$out")" \
    "  tests/fake/tired.t: one of them: it is slow
  tests/fake/tired.t: the rest: it is very slow
  tests/fake/python.t: that one: it is slow, too
  tests/fake/python.t: the rest: tired" "each of them"
like "$out" '^Processor time: [0-9]+ seconds$' "the processor time"
like "$(cat "$tree/build/test-cost")" '^tests/fake/pass\.t	[0-9.]+	[0-9.]+$' \
    "that of each file is kept"
seconds=1 tested late
is "$rc" 0 "one that is not through in time: passes"
like "$out" '^  tests/fake/late.t: not decided: it took more than 1 seconds$' \
    "but is told"

for name in fail dies empty; do
    tested pass $name
    is "$rc" 1 "$name: fails"
    like "$out" "tests/fake/$name.t +\\(Wstat|No plan found" "$name: is named"
done

strict=1
tested pass around
is "$rc" 0 "STRICT=1: what passes, passes"
for name in remark tired python; do
    tested $name
    is "$rc" 1 "STRICT=1: $name fails"
done
seconds=1 tested late
is "$rc" 1 "STRICT=1: one that is late fails"

# ^C reaches the test and what it has started.
fake hangs "echo \$\$ >'$tmp/pid'" 'sleep 10000'
: >"$tmp/pid"
python3 - "$tree/tests/one" "$tree/tests/fake/hangs.t" "$tmp/pid" <<'PY'
import os, signal, subprocess, sys, time
one, test, pid = sys.argv[1:]
child = subprocess.Popen([one, test], start_new_session=True,
                         stdout=subprocess.DEVNULL)
while not os.path.getsize(pid):
    time.sleep(0.05)
os.killpg(child.pid, signal.SIGINT)
child.wait()
PY
gone() {
    ! kill -0 "$(cat "$tmp/pid")" 2>/dev/null
}
await "end of the test" gone
ok 0 "a ^C ends a test that runs"

like "$("$tree/tools/run-tests" --help)" '^usage: ' "--help"
out=$("$tree/tools/run-tests" nothing 2>&1)
is "$?$out" "0no tests there" "a folder without tests"
done_testing
