#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# swapon and swapoff: areas of the host's mkswap and of our own, on disks and
# in files; damaged ones; what is in use comes back.
. "$(dirname "$0")/../lib.sh"

PATH=$PATH:/sbin:/usr/sbin
command -v mkswap >/dev/null || skip_all "mkswap is missing"
programs swapuse
folder=$progs/t

# area NAME KIB: what the host's mkswap makes.
area() {
    truncate -s "$2K" "$folder/$1"
    mkswap -U 6661756c-746c-4e65-8000-000000000001 "$folder/$1" \
        >/dev/null 2>&1 || skip_all "mkswap makes no area here"
}

# put NAME OFFSET BYTES: as printf has them.
put() {
    # shellcheck disable=SC2059
    printf "$3" | dd of="$folder/$1" bs=1 seek="$2" conv=notrunc status=none
}

# blank NAME KIB: no holes on the way into the guest, which takes no others.
blank() {
    dd if=/dev/zero of="$folder/$1" bs=1K count="$2" status=none
}

disks() {
    for name; do
        mv "$folder/$name" "$tmp/$name"
        options+=(--disk "$tmp/$name")
    done
}

# --- areas that are good ---------------------------------------------------

area whole 4096
area spots 1024 # with two bad pages
put spots 1032 '\002' # nr_badpages
put spots 1536 '\005\000\000\000\377\000\000\000'
blank old 400 # the old header: a bit for each page
put old 4086 'SWAP-SPACE'
put old 0 '\376\377\377\377\377\377\377\377\377\377\377\377\017'
put old 4 '\376' # page 32 is bad
area short 1024
truncate -s 512K "$folder/short"
area file 200
options=()
disks whole spots old short

cat >"$folder/good" <<'GUEST'
cat /proc/swaps | head -c 8; echo
swapon -p 5 /dev/hdb && swapon /dev/hdc && swapon /dev/hda && swapon -p 5 /t/file
cat /proc/swaps
grep '^Swap[TF]' /proc/meminfo
swapon /dev/hda /t/file
echo x >/dev/hda
echo x >>/t/file
: >/t/file
rm /t/file
mv /t/file /t/other
swapoff /dev/hdc; swapon /dev/hdc
swapon --show
swapoff -a
cat /proc/swaps
rm /t/file && echo removed
swapoff /dev/hda
swapon /dev/hdd
dmesg | grep ^swap
GUEST
vm --add "$progs" "${options[@]}" -- 'sh /t/good 2>&1; cat /proc/check >/dev/null'
is "$out" "Filename
Filename				Type		Size		Used		Priority
/dev/hdb                                partition	1012		0		5
/dev/hdc                                partition	392		0		-2
/dev/hda                                partition	4092		0		-3
/t/file                                 file		196		0		5
SwapTotal:          5692 kB
SwapFree:           5692 kB
swapon: /dev/hda: it is a swap area already
swapon: /t/file: it is a swap area already
echo: write error: Text file busy
echo: write error: Text file busy
/t/good: line 8: /t/file: Text file busy
rm: /t/file: Operation not permitted
mv: /t/file to /t/other: Operation not permitted
NAME     TYPE        SIZE   USED PRIO
/dev/hdb partition  1012K     0B    5
/dev/hdc partition   392K     0B   -3
/dev/hda partition     4M     0B   -2
/t/file  file        196K     0B    5
Filename				Type		Size		Used		Priority
removed
swapoff: /dev/hda: it is no swap area
swapon: /dev/hdd: it is not fit for swap; dmesg says why
swap: 1012 KiB on /dev/hdb, priority 5
swap: 392 KiB on /dev/hdc, priority -2
swap: 4092 KiB on /dev/hda, priority -3
swap: 196 KiB on /t/file, priority 5
swap: 392 KiB on /dev/hdc, priority -3
swap: /dev/hdd is not used: it is shorter than its header says" \
    "areas on disks and in files, old and new, with priorities"

# --- areas that are not ----------------------------------------------------

for name in signature version pages last none many zero beyond; do
    area $name 200
    mv "$folder/$name" "$folder/area"
    cp "$folder/area" "$folder/$name"
done
blank small 3
put signature 4095 '3'
put version 1024 '\002'
put last 1028 '\377\377\377\377'
put none 1028 '\000\000\000\000'
put pages 1028 '\062' # page 50 of 50
put many 1032 '\176\002' # 638 bad pages
put zero 1032 '\001'
put beyond 1032 '\001'
put beyond 1536 '\063'
options=()
disks many zero beyond
cat >"$folder/bad" <<'GUEST'
for name in small signature version last none pages; do
    swapon /t/$name
done
swapon /dev/hda; swapon /dev/hdb; swapon /dev/hdc; swapon /dev/hdd
swapon /t /dev/null /t/nothing
dd if=/dev/zero of=/t/holes bs=4096 seek=20 count=20 2>/dev/null
mkswap /t/holes >/dev/null && swapon /t/holes
mkswap /t/small
su student -c 'swapon /t/area; swapoff /t/area'
cat /proc/swaps
dmesg | grep ^swap
GUEST
vm --add "$progs" "${options[@]}" -- 'sh /t/bad 2>&1; cat /proc/check >/dev/null'
is "$out" "swapon: /t/small: it is not fit for swap; dmesg says why
swapon: /t/signature: it is not fit for swap; dmesg says why
swapon: /t/version: it is not fit for swap; dmesg says why
swapon: /t/last: it is not fit for swap; dmesg says why
swapon: /t/none: it is not fit for swap; dmesg says why
swapon: /t/pages: it is not fit for swap; dmesg says why
swapon: /dev/hda: it is not fit for swap; dmesg says why
swapon: /dev/hdb: it is not fit for swap; dmesg says why
swapon: /dev/hdc: it is not fit for swap; dmesg says why
swapon: /dev/hdd: No such file or directory
swapon: /t: Is a directory
swapon: /dev/null: it is not fit for swap; dmesg says why
swapon: /t/nothing: No such file or directory
swapon: /t/holes: it is not fit for swap; dmesg says why
mkswap: /t/small: has 0 KiB; 40 are needed
swapon: /t/area: Operation not permitted
swapoff: /t/area: Operation not permitted
Filename				Type		Size		Used		Priority
swap: /t/small is not used: it is too small
swap: /t/signature is not used: it has no swap signature
swap: /t/version is not used: its header's version is not 1
swap: /t/last is not used: it is shorter than its header says
swap: /t/none is not used: its header says that it is empty
swap: /t/pages is not used: it is shorter than its header says
swap: /dev/hda is not used: its header has more bad pages than room for them
swap: /dev/hdb is not used: its list of bad pages names one that it does not have
swap: /dev/hdc is not used: its list of bad pages names one that it does not have
swap: /t/holes is not used: the file has holes" \
    "damaged areas are refused, with the reason in the log"

# --- in use ------------------------------------------------------------------

vm_ok "pages in swap, and swapoff" --ram 16M --swap 32M --add "$progs" \
    -- '/t/swapuse /dev/hda'
facts
blank home 12288
job "an area named twice is on once" '[ $(wc -l </proc/swaps) = 2 ]'
job "tools" 'swapon -s; vmstat | tail -n 1; free -t | tail -n 1; swapoff -a; free'
job "the same in a file" \
    'mkswap /t/home >/dev/null; swapon /t/home; /t/swapuse /t/home'
steady_job "an area comes and goes" \
    'mkswap /t/home >/dev/null; swapon /t/home && swapoff /t/home'
# A name with a blank and a backslash is one word of /proc/swaps.
job "an odd name" 'f="/tmp/a b\c"
dd if=/dev/zero of="$f" bs=4k count=20 2>/dev/null
mkswap "$f" >/dev/null; swapon "$f"; tail -n 1 /proc/swaps | cut -d " " -f 1
swapoff -a; wc -l </proc/swaps'
share --ram 32M --swap 16M --append swap=hda --add "$progs"
job_ok "an area named twice is on once"
job_out "tools"
like "$out" '^ *[0-9]+ +[0-9]+ +0 +[0-9]+ +[0-9]+' "vmstat"
like "$out" '^Total: +[0-9]+ +[0-9]+ +[0-9]+$' "free -t"
job_ok "the same in a file"
facts
job_out "an odd name"
is "$out" '/tmp/a\040b\134c
1' "an odd name is told, and understood"

# --- the command line's areas ------------------------------------------------

# not_on WORD WHY ARGUMENTS...: COMMAND is not run, and tools/vm says why
not_on() {
    local word=$1 why=$2
    shift 2
    vm --ram 32M "$@" -- echo COMMAND
    is "$rc $out ${err%%$'\n'*}" \
        "126  tools/vm: the machine ended without a verdict: swap=$word: $why" \
        "swap=$word: $why"
}
not_on /dev/hda "no such disk" --swap 40K --qemu-arg=-machine --qemu-arg=q35
not_on hdd "no such disk" --append swap=hdd
not_on /etc/motd "not fit for swap; the kernel's log says why" \
    --append swap=/etc/motd
like "$err" '^swap: /etc/motd is not used: it is too small' "and it does"
run tools/vm --append 'swap=/dev/hdd -- echo goes on'
is $rc 0 "at the console the machine goes on"
said=$(grep -A 1 '^init: ' <<<"$out")
is "$said" "init: swap=/dev/hdd: no such disk
goes on" "and says so"
done_testing
