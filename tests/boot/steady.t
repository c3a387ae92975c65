#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# After each of these everything is as before: checkers pass, the kernel holds
# what it held. And /proc/stock names what stays behind.
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
# keeps NAME COMMAND: a job: COMMAND leaves something behind each time
keeps() {
    job "$1" "echo '$2' >/tmp/leak; /t/steady /tmp/leak"
}
keeps "a file" 'mkdir /tmp/$$; head -c 50000 /dev/zero >/tmp/$$/f'
keeps "a segment" 'ipcmk -M 4096'
job "the lines" 'cat /proc/stock'
share

# names NAME LINE NUMBER: that job fails, and LINE has grown by NUMBER
names() {
    local before after
    job_out "$1"
    before=$(sed -n "s/^steady: before: $2 \([0-9]*\).*/\1/p" <<<"$out")
    after=$(sed -n "s/^steady: after:  $2 \([0-9]*\).*/\1/p" <<<"$out")
    is "$rc $((after - before))" "1 $3" "$1 that stays behind: $2 grow by $3"
}
names "a file" cache 13
names "a file" inodes 2
names "a file" dentries 2
names "a segment" segments 1
names "a segment" frames 1 # its slot page
names "a segment" kmalloc-192 1

job_out "the lines"
is "$(sed 's/ [0-9][0-9]*/ N/' <<<"$out")" "own N
frames N
tables N
cache N
swapcache N
shm N
slots N
pins N
tasks N
mms N
areas N
files N
inodes N
dentries N
segments N
kmalloc-16 N fs_struct
kmalloc-32 N
kmalloc-64 N file dentry super_block
kmalloc-96 N vm_area_struct
kmalloc-128 N
kmalloc-192 N mm_struct files_struct inode shmid_kernel
kmalloc-256 N
kmalloc-512 N process
kmalloc-1024 N
kmalloc-2048 N sighand" "/proc/stock has the lines it is documented with"
done_testing
