#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tools/policies gives the textbook's numbers, finds them in a trace as well,
# and draws what it has computed.
. "$(dirname "$0")/../lib.sh"

belady='1 2 3 4 1 2 5 1 2 3 4 5'

# faults POLICY FRAMES: from the table in $out
faults() {
    awk -v policy="$1" -v frames="$2" '
        $1 == "frames" { for (i = 2; i <= NF; i++) if ($i == policy) column = i }
        $1 == frames { sub("!", "", $column); print $column }' <<<"$out"
}

# want POLICY FAULTS...: those for 1, 2, 3 ... frames
want() {
    local policy=$1 frames=1 got=
    shift
    while [ "$frames" -le $# ]; do
        got="$got $(faults "$policy" $frames)"
        frames=$((frames + 1))
    done
    is "$got" " $*" "$policy: $name"
}

name="Belady's string"
out=$(tools/policies --string "$belady" --svg "$tmp/chart.svg")
ok $? "the string is replayed"
want fifo 12 12 9 10 5
want lru 12 12 10 8 5
want optimum 12 9 7 6 5
like "$out" '^ +4 +10!' "the anomaly is marked"

# Silberschatz, Galvin, Gagne: 15, 12 and 9 faults with three frames.
name="the string of Silberschatz"
out=$(tools/policies --string '7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1' \
    --frames 3)
is "$(faults fifo 3) $(faults lru 3) $(faults optimum 3)" "15 12 9" "$name"

name="a loop one page larger than memory"
out=$(tools/policies --string '1 2 3 4 1 2 3 4 1 2 3 4')
is "$(faults fifo 3) $(faults lru 3) $(faults optimum 3)" "12 12 6" "$name"

# With every page used, second chance is fifo; a page that is used again and
# again stays.
name="one page that is used all the time"
out=$(tools/policies --string '1 2 1 3 1 4 1 5 1 6 1 2 1 3 1')
[ "$(faults second-chance 3)" -lt "$(faults fifo 3)" ]
ok $? "second chance keeps it longer than fifo" "$out"

worse=0
for seed in 1 2 3; do
    string=$(awk -v seed=$seed 'BEGIN { srand(seed)
        for (i = 0; i < 300; i++) print int(rand() * rand() * 20) }')
    worse=$((worse + $(tools/policies --seed $seed --string "$string" | awk '
        $1 ~ /^[0-9]+$/ && NF == 7 { for (i = 2; i < 7; i++) {
            sub("!", "", $i); worse += $i + 0 < $7 + 0 } }
        END { print worse + 0 }')))
done
is "$worse" 0 "nobody is better than the optimum"

python3 -c 'import sys, xml.dom.minidom as dom
chart = dom.parse(sys.argv[1])
sys.exit(len(chart.getElementsByTagName("polyline")) != 6)' "$tmp/chart.svg"
ok $? "the chart is SVG with a line a policy"
grep -q 'prefers-color-scheme: dark' "$tmp/chart.svg"
ok $? "which can be read on dark paper, too"

# A trace as /proc/trace writes it: three frames, fifo.
events() {
    local page n=1 out
    for page in $belady; do
        echo "$n $((n * 100)) 3 mark value=$page"
        case $n in
        4 | 5 | 6 | 7 | 10 | 11)
            out=$((n == 10 ? 1 : n == 11 ? 2 : n == 7 ? 4 : n - 3))
            echo "$n $((n * 100 + 1)) 3 shm_evict id=0 index=$out pfn=1a area=0 slot=$n"
            ;;
        esac
        case $n in
        1 | 2 | 3 | 4 | 5 | 6 | 7 | 10 | 11)
            echo "$n $((n * 100 + 2)) 3 shm_page id=0 index=$page slot=0 pfn=1 state=1"
            ;;
        esac
        n=$((n + 1))
    done
}
out=$(events | tools/policies)
like "$out" '^the kernel: 9 faults, 6 evictions, at most 3 frames' \
    "faults and evictions are found in a trace"
like "$out" '^  fifo +9 faults: the same victims' "they were fifo's"
unlike "$out" '^  (lru|optimum).*the same victims' "and not another's"
out=$(events | grep -v mark | tools/policies --frames 3)
like "$out" '^9 references to 5 pages' "without marks faults are references"

for words in '--frames x --string 1' '--string one' '--frames 0 --string 1' \
    "$tmp/none" '--what'; do
    # shellcheck disable=SC2086
    out=$(tools/policies $words 2>&1 </dev/null)
    is "$? $(wc -l <<<"$out") ${out%%:*}" "2 1 tools/policies" \
        "${words/$tmp/}: one sentence"
done
tools/policies --help | grep -q '^usage: tools/policies'
ok $? "--help"
done_testing
