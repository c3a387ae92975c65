# SPDX-License-Identifier: MIT
# Sourced by the tests that compare the lists of a document with the trace of
# the machine. They set $book; $tmp/out is what the guest printed, the trace
# among it.

# listed NAME: the events the document promises
listed() {
    awk -v name="$1" '
        /^```/ { on = !on && $1 == "```fault-order" && $2 == name; next }
        on { print $1 }' "$book"
}

# the events of process PID between its mark VALUE and its next one
happened() {
    awk -v pid="$1" -v value="value=$2" '
        $3 != pid { next }
        $4 == "mark" { on = !on && $5 == value; next }
        $4 == "task_exit" { exit }
        on && $4 != "syscall" && $4 != "task_switch"' "$tmp/out"
}
