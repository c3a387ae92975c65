#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is wrong is said in one sentence, and never hangs: a broken initrd, a
# missing init, too little memory. Programs that want everything leave a
# machine that is as usable as before.
. "$(dirname "$0")/../lib.sh"

plain_build
rm "$plain/initrd"

# stops NAME REGEX ARGUMENTS...: the console of that machine says REGEX in a
# panic, and the machine ends
stops() {
    local name=$1 regex=$2
    shift 2
    FAULTLINE_BUILD=$plain run tools/vm "$@"
    [ "$rc" = 125 ] && grep -qE "^kernel panic: $regex" <<<"$out"
    ok $? "$name" "$(head -n 20 <<<"$out")"
}

# A small archive: 4 entries and the trailer.
printf 'dir 755 /sbin\nfile 755 /sbin/init tests/lib.sh\nfile 644 /b tests/lib.sh\ndir 755 /c\n' \
    >"$tmp/list"
tools/mkinitrd -o "$tmp/good" "$tmp/list"

# damage AT BYTES: the archive with BYTES at offset AT of its third header
damage() {
    cp "$tmp/good" "$plain/initrd"
    printf '%s' "$2" | dd of="$plain/initrd" bs=1 conv=notrunc status=none \
        seek=$(($(grep -abo 070701 "$tmp/good" | sed -n '3s/:.*//p') + $1))
}

damage 0 070702
stops "a header with a wrong magic" \
    'the initrd is damaged at byte [0-9]+: it is not a cpio archive'
damage 54 0000zz00
stops "a header with a bad number" \
    'the initrd is damaged at byte [0-9]+: it has a header with a bad number'
damage 54 ffffffff
stops "a file longer than the archive" \
    'the initrd is damaged at byte [0-9]+: it ends in the middle of a file'
damage 94 fffffff0
stops "a name longer than the archive" \
    'the initrd is damaged at byte [0-9]+: it ends in the middle of a name'
damage 94 00000000
stops "a name without an end" \
    'the initrd is damaged at byte [0-9]+: it has a name that does not end'
head -c $(($(stat -c %s "$tmp/good") / 2)) "$tmp/good" >"$plain/initrd"
stops "an archive that is cut off" \
    'the initrd is damaged at byte [0-9]+: it ends in the middle of '
gzip -c "$tmp/good" >"$plain/initrd"
stops "an archive that is compressed" \
    'the initrd is damaged at byte 0: it is not a cpio archive'
: >"$plain/initrd"
stops "an empty one" 'the initrd is damaged at byte 0: it holds no archive'
cp "$tmp/good" "$plain/initrd"
stops "an init that is no program" '.*/sbin/init'
echo "dir 755 /bin" >"$tmp/list"
tools/mkinitrd -o "$plain/initrd" "$tmp/list"
stops "no init" '.*init'

# zeros behind an archive do no harm: as large as the following wants it
cp "$build/initrd" "$plain/initrd"
truncate -s 6700K "$plain/initrd"
for size in 2M 3M 4M; do
    stops "$size of RAM" '[0-9]+ KiB of RAM is too little' \
        --qemu-arg -m --qemu-arg $size
done
stops "an initrd beyond the end of RAM" 'module 0 \(.*\) does not fit into RAM' \
    --qemu-arg -m --qemu-arg 6M
stops "hardly room beside the initrd" 'too little RAM|module 0 ' \
    --qemu-arg -m --qemu-arg 8M

programs greedy
steady_job "fork bombs" '/t/greedy forks && echo alive'
steady_job "all descriptors" '/t/greedy files; echo alive; ls /'
steady_job "a stack without end" '/t/greedy stack; test $? = 139 && echo alive'
share --add "$progs"
job_out "all descriptors"
is "$(grep -E '^(yes|NO|alive)' <<<"$out")" \
    "yes EMFILE
yes one closed, one opened
alive" "none is left, and one can be given back"
job_out "fork bombs"
is "$(grep -E '^(yes|NO|alive)' <<<"$out")" \
    "yes the bomb is stopped by EAGAIN or ENOMEM
alive" "the shell lives on"

steady_job "all memory" '/t/greedy memory; test $? = 137 && echo alive'
steady_job "all memory, as a segment" '/t/greedy shm; test $? = 137 && echo alive'
share --add "$progs" --ram 16M
done_testing
