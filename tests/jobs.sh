# SPDX-License-Identifier: MIT
# Several commands in one machine: a boot costs a quarter of a second of
# processor time, most commands cost less. tests/lib.sh reads this.
#
#     job NAME COMMAND             one of several for the same machine, whose
#         shell starts it when those before have ended
#     steady_job NAME COMMAND      the same, judged as by steady in share
#     share ARGUMENTS...           the machine for all jobs since the last one
#     job_out NAME                 $out and $rc are those of that job
#     job_ok NAME                  the same, and passes when $rc is 0
#
# The machine runs them in their order, each in a shell of its own, and says
# where one has ended:      @end NUMBER STATUS

jobs=$tmp/jobs # laid over the root of the machine
jobs_named=()
steady_jobs=()

job() {
    mkdir -p "$jobs/t/job"
    jobs_named+=("$1")
    printf '%s\n' "$2" >"$jobs/t/job/${#jobs_named[@]}"
}

steady_job() {
    steady_jobs+=("$1")
    job "$1" "/t/steady /t/job/$((${#jobs_named[@]} + 1)).case"
    printf '%s\n' "$2" >"$jobs/t/job/${#jobs_named[@]}.case"
}

share() {
    local name
    vm --add "$guest_tools" --add "$jobs" "$@" -- "
for job in $(seq -s ' ' ${#jobs_named[@]}); do
    sh /t/job/\$job
    printf '\n@end %s %s\n' \$job \$?
done"
    shared=$out
    shared_end="the machine ended before, with $rc: $err"
    shared_names=("${jobs_named[@]}")
    jobs_named=()
    rm -rf "$jobs"
    for name in "${steady_jobs[@]}"; do job_ok "$name"; done
    steady_jobs=()
}

job_out() {
    local number=1 from=1
    while [ "${shared_names[number - 1]-$1}" != "$1" ]; do
        number=$((number + 1))
    done
    [ $number = 1 ] || from="/^@end $((number - 1)) /"
    out=$(sed -n "$from,/^@end $number /{/^@end /!p}" <<<"$shared")
    rc=$(sed -n "s/^@end $number //p" <<<"$shared")
    rc=${rc:-$shared_end}
}

job_ok() {
    job_out "$1"
    ok "$rc" "$1" "status $rc
$out"
}
