#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# After each of these everything is as before: checkers pass, no frame is lost.
. "$(dirname "$0")/../lib.sh"

steady_job "nothing" 'true'
steady_job "fork and exec" 'for i in 1 2 3 4 5; do true; ls / >/dev/null; done'
steady_job "pipes" 'seq 1000 | grep 9 | wc -l | cat'
steady_job "files come and go" \
    'mkdir /tmp/d; seq 5000 >/tmp/d/f; cp /tmp/d/f /tmp/d/g; rm -r /tmp/d'
for program in testwrite parentchild twoviews whofaults rmid; do
    steady_job "$program" "$program >/dev/null; r=\$?; ipcrm -a; exit \$r"
done
steady_job "a reader in another process" 'testwrite && testread; ipcrm -a'
steady_job "left behind by a killed process" \
    'sleep 1000 & kill -9 $!; wait; (sleep 1000 | cat) & kill -9 $!; true'
job "a leak" 'echo "mkdir /tmp/\$\$; head -c 50000 /dev/zero >/tmp/\$\$/f" >/tmp/leak
/t/steady /tmp/leak'
share

job_out "a leak"
is "$rc" 1 "a case that keeps memory is noticed"
like "$out" 'free frames before and after' "and says how much"
done_testing
