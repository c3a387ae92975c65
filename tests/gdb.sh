# SPDX-License-Identifier: MIT
# What tests with gdb share; comes after lib.sh.
#
#     gdb_session HOW...       runs tools/gdb/start HOW..., then each line of
#         standard input; an error does not end it. Fills $out.
#     said LINE [N]            what the (Nth) LINE printed
#     sentence LINE REGEX NAME LINE printed one sentence, which matches, and no
#         traceback
#
# gdb reads answers from $answers, a file.

command -v gdb >/dev/null || skip_all "gdb is not installed"
answers=/dev/null

cat >"$tmp/session.py" <<'PY'
import sys
import gdb

def session(path):
    with open(path) as f:
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

gdb_session() {
    cat >"$tmp/lines"
    echo "session('$tmp/lines')" >"$tmp/run.py"
    out=$(GDB_ARGS="-batch -x $tmp/session.py -x $tmp/run.py" \
        timeout 120 tools/gdb/start "$@" <"$answers" 2>&1)
    like "$out" '^== the end' "gdb goes through its lines"
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
