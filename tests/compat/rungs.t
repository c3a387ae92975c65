#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Unmodified i386 programs, rung by rung: docs/compat.md.
. "$(dirname "$0")/rungs.sh"
gcc=tools/guestcc

# link NAME WORDS...: hello.c and what has to stand around it
link() {
    $gcc -O1 -static -nostdlib -o "$mine/t/$1" \
        "$lib/crt1.o" "$lib/crti.o" $compat/hello.c "${@:2}" \
        "$($gcc -print-libgcc-file-name)" "$lib/crtn.o" 2>"$tmp/cc"
    ok $? "$1: the program links" "$(cat "$tmp/cc")"
}

# Rung 0: a static program of musl's, linked with the distribution's files.
if linked musl-dev; then
    lib=$fetched/lib/i386-linux-musl
    link musl -nostdinc -isystem "$fetched/usr/include/i386-linux-musl" \
        "$lib/libc.a"
fi
session musl

# Rung 1: a static program of glibc's.
if linked libc6-dev; then
    lib=$fetched/lib/i386-linux-gnu
    link glibc -Wl,--start-group "$lib/libc.a" \
        "$($gcc -print-file-name=libgcc_eh.a)" \
        "$($gcc -print-libgcc-file-name)" -Wl,--end-group
fi
session glibc

# Rung 2: static shells and their tools.
rung busybox-static bash-static
session busybox-sh busybox-files bash

# Rung 3: dynamically linked programs, with their own C library and loader.
rung libc6 dash coreutils util-linux sed grep mawk libselinux1 \
    libpcre2-8-0 'libacl1t64|libacl1' 'libattr1t64|libattr1' libgmp10 \
    'libssl3t64|libc6' zlib1g libsmartcols1 procps libproc2-0 libsystemd0 \
    libcap2 libgcrypt20 liblz4-1 liblzma5 libzstd1 libgpg-error0 \
    libncursesw6 libtinfo6 ncurses-base
session dash coreutils ipc-tools procps
look readers && readers=yes

# Rung 4: perl, and its calls for shared memory.
rung libc6 perl-base libcrypt1 dash coreutils libselinux1 libpcre2-8-0
session perl-words perl-shm

# 102 socketcall: asks for a name service, goes on without
# 239 sendfile64: busybox then reads and writes
# 254 epoll_create: a library of ps tries it
# 259 timer_create: timeout then takes an interval timer
# 377 copy_file_range: cp then copies itself
# 386 rseq: glibc goes on without it
# 435 clone3: glibc then asks clone
# 439 faccessat2: glibc then asks faccessat
# beyond the table, 452 fchmodat2: glibc then asks fchmodat
climb 102 239 254 259 377 386 435 439 beyond

# What the session readers printed: a line for each of them, or two.
read_proc() {
    like "$out" '^USER +PID %CPU %MEM +VSZ +RSS TTY +STAT START +TIME COMMAND' \
        "ps aux: its header"
    like "$out" '^root +1 .* (Ss|S) .* /\.vm/init' "process 1, a session leader"
    like "$out" '^root .* R .* ps aux$' "and ps itself, running"
    like "$out" '^student .* sleep 99$' "another user's"
    like "$out" '^root +[0-9]+ +1 .* sh /\.vm/command' "ps -ef: parents"
    like "$out" '^ +1 +1 child +init$' "ps -L: threads, and what they wait for"
    like "$out" '^[0-9]+ sleep$' "pgrep"
    like "$out" '^1: /$' "pwdx"
    like "$out" '^Mem: +1[23][0-9]{4} +[0-9]+ +[0-9]+' "free: the machine's RAM"
    like "$out" '^Swap: +0 +0 +0$' "no swap"
    like "$out" '^ [0-9:]{8} up 0 min,  0 user' "uptime"
    like "$out" '^ +[0-9]+ +0 +0 +[0-9]+ +0 +[0-9]+ +0 +0 +0 +0' "vmstat: one line"
    like "$out" '^ +1[23][0-9]{4} K total memory$' "vmstat -s"
    like "$out" '^USER +TTY' "w: nobody is logged in"
    like "$out" '^08048000 +[0-9]+K r.* sh$' "pmap: the program"
    like "$out" '\[ stack \]$' "its stack"
    like "$out" '^ total +[0-9]+K$' "the sum"
    like "$out" '^total kB +[0-9]+ +[0-9]+ +[0-9]+' "pmap -x: resident and dirty"
    like "$out" '^Tasks: +3 total, +1 running' "top: processes"
    like "$out" '^MiB Mem : +12[0-9]\.' "memory"
    like "$out" '^ +1 root +20 +0 .* init' "a line a process"
    like "$out" '^Threads:' "and a line a thread"
}
if [ -n "${readers-}" ]; then
    out=$(part readers)
    read_proc
fi
done_testing
