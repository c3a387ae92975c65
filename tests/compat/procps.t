#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Debian's readers of /proc, unmodified: ps free uptime vmstat pmap top pgrep
# pwdx watch w. What they print depends on the machine, so their lines are
# looked at, not compared.
. "$(dirname "$0")/rung.sh"
packages procps libproc2-0 libncursesw6 libtinfo6 libc6 libsystemd0 libcap2 \
    libgcrypt20 liblz4-1 liblzma5 libzstd1 libgpg-error0 ncurses-base
usr='PATH=/usr/bin:/bin; export PATH; TERM=linux; export TERM'

vm_ok "ps" --add "$tree" -- "$usr"'; sleep 100 & su student -c "exec sleep 99" &
usleep 1 2>/dev/null; ps aux; echo @ef; ps -ef
echo @o; ps -o pid,ppid,pgid,sid,stat,pri,ni,vsz,rss,comm,args $!
echo @T; ps -eLo pid,tid,wchan:20,comm; echo @n; ps -p 1 -o lstart=,etime=
pgrep -l sleep; pwdx 1; kill %1 %2 2>/dev/null; true'
like "$out" '^USER +PID %CPU %MEM +VSZ +RSS TTY +STAT START +TIME COMMAND' \
    "ps aux: its header"
like "$out" '^root +1 .* (Ss|S) .* /\.vm/init' "process 1, a session leader"
like "$out" '^root .* R .* ps aux$' "and ps itself, running"
like "$out" '^student .* sleep 99$' "another user's"
like "$out" '^root +[0-9]+ +1 .* sh /\.vm/command' "ps -ef: parents"
like "$out" '^ +1 +1 child +init$' "ps -L: threads, and what they wait for"
like "$out" '^[0-9]+ sleep$' "pgrep"
like "$out" '^1: /$' "pwdx"

vm_ok "free, uptime, vmstat" --add "$tree" -- "$usr"'; free; free -h; uptime
uptime -p; vmstat; vmstat -s; vmstat -m >/dev/null 2>&1; w; true'
like "$out" '^Mem: +6[0-9]{4} +[0-9]+ +[0-9]+' "free: the memory of the machine"
like "$out" '^Swap: +0 +0 +0$' "no swap"
like "$out" '^ [0-9:]{8} up 0 min,  0 user' "uptime"
like "$out" '^ +[0-9]+ +0 +0 +[0-9]+ +0 +[0-9]+ +0 +0 +0 +0' "vmstat: one line"
like "$out" '^ +6[0-9]{4} K total memory$' "vmstat -s"
like "$out" '^USER +TTY' "w: nobody is logged in"

vm_ok "pmap, top" --add "$tree" -- "$usr"'; pmap $$; pmap -x 1
echo @top; top -b -n1; top -b -H -n1 | head -3; watch -h >/dev/null; true'
like "$out" '^08048000 +[0-9]+K r.* sh$' "pmap: the program"
like "$out" '\[ stack \]$' "its stack"
like "$out" '^ total +[0-9]+K$' "the sum"
like "$out" '^total kB +[0-9]+ +[0-9]+ +[0-9]+' "pmap -x: resident and dirty"
like "$out" '^Tasks: +3 total, +1 running' "top: processes"
like "$out" '^MiB Mem : +6[0-9]\.' "memory"
like "$out" '^ +1 root +20 +0 .* init' "a line a process"
like "$out" '^Threads:' "and a line a thread"
done_testing
