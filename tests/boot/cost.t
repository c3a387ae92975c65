#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a boot costs: below 100 million instructions up to the first program, and
# up to the prompt; at most 3 MiB for the kernel, the initrd not counted.
# Counted, not timed.
. "$(dirname "$0")/../lib.sh"

vm --icount --log "$tmp/log" -- 'read -r up idle </proc/uptime; echo $up'
is "$rc" 0 "the machine runs"
# with --icount an instruction is a nanosecond of the guest's clock
hundredths=$(tr -d . <<<"$out")
[ "$((10#${hundredths:-999}))" -lt 10 ]
ok $? "below 100 million instructions up to COMMAND" "uptime $out"

# The image's own boot, with the worked example, up to its prompt. The first key
# is lost when the kernel sets the line up.
mkfifo "$tmp/keys"
exec 9<>"$tmp/keys"
printf '\n\nread -r up idle </proc/uptime; echo "up $up"\npoweroff\n' >&9
timeout 30 tools/vm --icount <"$tmp/keys" >"$tmp/console" 2>&1
exec 9>&-
text=$(tr -d '\r\0' <"$tmp/console")
like "$text" '^name: k age 29;' "the worked example has run"
hundredths=$(sed -n 's/^up //p' <<<"$text" | tr -d .)
[ "$((10#${hundredths:-999}))" -lt 10 ]
ok $? "below 100 million instructions up to the prompt" "$text"

set -- $(sed -n 's/^boot: \([0-9]*\) frames, \([0-9]*\) free.*/\1 \2/p' "$tmp/log")
initrd=$(sed -n 's/^mem: .* modules \([0-9]*\) KiB.*/\1/p' "$tmp/log")
used=$((${1:-999999} * 4 - ${2:-0} * 4 - ${initrd:-0}))
[ "$used" -gt 0 ] && [ "$used" -le 3072 ]
ok $? "the kernel takes at most 3 MiB of 64" "$used KiB
$(cat "$tmp/log")"
done_testing
