# SPDX-License-Identifier: MIT
# What tests with gdb share; comes after lib.sh.
#
#     gdb_session HOW...       runs tools/gdb/start HOW..., then each line of
#         standard input; an error does not end it. Fills $out.
#     said LINE [N]            what the (Nth) LINE printed
#     sentence LINE REGEX NAME LINE printed one sentence, which matches, and no
#         traceback
#     in_time STATUS           ends the file when STATUS is that of a time-out
#     calls LINE [N]           the functions of the backtrace that it printed
#     functions                those of the one on standard input, innermost
#         first
#
# gdb reads answers from $answers, a file. $limit is for a session, in seconds,
# and far from what one takes: a host that needs it decides nothing.

command -v gdb >/dev/null || skip_all "gdb is not installed"
answers=/dev/null
limit=600

cat >"$tmp/session.py" <<'PY'
import sys
import gdb

def session(path):
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    for line in lines:
        gdb.write("== %s\n" % line)
        try:
            gdb.execute(line)
        except gdb.error as e:
            gdb.write("ERROR: %s\n" % e)
        gdb.flush()
    gdb.write("== the end\n")
    gdb.flush()
PY

in_time() {
    local why="gdb was not through after $limit seconds"
    [ "$1" = 124 ] || return 0
    [ "$(type -t give_up)" != function ] || give_up "$why"
    skip "the rest" "not decided: $why"
    done_testing
}

gdb_session() {
    cat >"$tmp/lines"
    echo "session('$tmp/lines')" >"$tmp/run.py"
    out=$(GDB_ARGS="-batch -x $tmp/session.py -x $tmp/run.py" \
        timeout $limit tools/gdb/start "$@" <"$answers" 2>&1)
    in_time $?
    like "$out" '^== the end' "gdb goes through its lines"
}

functions() {
    sed -n 's/^#[0-9]* *\(0x[0-9a-f]* in \)\{0,1\}//p' |
        sed 's/ ([^)]*).*//; s/ *$//' | paste -sd ' '
}

calls() {
    said "$1" "${2:-1}" | functions
}

said() {
    awk -v line="== $1" -v n="${2:-1}" '
        /^== / { on = 0 }
        $0 == line && ++seen == n { on = 1; next }
        on' <<<"$out"
}

sentence() {
    local text
    text=$(said "$1")
    like "$text" "^ERROR: .*$2" "$3"
    unlike "$text" 'Traceback|Python Exception|most recent call' \
        "$3: without a traceback"
}
