#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Accounts: who may become whom, what they may touch, and mount as a program.
. "$(dirname "$0")/../lib.sh"

job "su" 'for u in root student guest nobody; do
    echo "$u: $(su $u -c "whoami; groups" | tr "\n" " ")"
done
echo "student to root: $(su student -c "su -c whoami")"
echo "student to guest: $(su student -c "su guest -c whoami" 2>&1)"
echo "guest to root: $(su guest -c "su -c whoami" 2>&1)"
echo "guest to guest: $(su guest -c "su guest -c whoami")"
X=kept; export X; echo "kept: $(su student -c "echo \$X")"
echo "fresh: $(su - student -c "echo \$X:\$HOME:\$(pwd)")"
su nosuch -c true; echo "status $?"'
job "homes and /tmp" 'ls -ld /root /home/student /home/guest /tmp |
    tr -s " " | cut -d " " -f 1,3,4,9
echo mine >/tmp/mine; chmod 600 /tmp/mine
su student -c "cat /tmp/mine; rm -f /tmp/mine; echo x >/home/guest/x; ls /root;
    cd; echo mine >x; ls -l x | tr -s \" \" | cut -d \" \" -f 1,3,4; umask 77
    echo y >y; ls -l y" 2>&1
su guest -c "cat /home/student/x; cat /home/student/y" 2>&1
true'
job "mount as a program" 'mkdir /m
mount -t tmpfs -o size=100k,mode=711,nodev mine /m && mount | grep /m
dd if=/dev/zero of=/m/f bs=1000 count=200 2>&1 | grep -i "no space"
ls -l /m/f | tr -s " " | cut -d " " -f 5; rm /m/f; echo fits >/m/f; cat /m/f
su student -c "mount x /m; umount /m" 2>&1
(cd /m; umount /m 2>&1); mount -o remount,ro /m; echo x 2>&1 >/m/g
umount /m && ls /m | wc -l; umount /m 2>&1; mount -t nofs x /m 2>&1; true'
steady_job "mounts come and go" 'mkdir /tmp/m; for i in 1 2 3 4 5; do
    mount x /tmp/m && seq 5000 >/tmp/m/f && mkdir /tmp/m/d &&
    mount -t proc p /tmp/m/d && cat /tmp/m/d/self/status >/dev/null &&
    umount /tmp/m/d && umount /tmp/m || exit 1; done; rmdir /tmp/m'
steady_job "the RAM is full" 'cat /dev/zero >/full 2>/tmp/why
grep -q "No space" /tmp/why && mkdir /full.d 2>/dev/null
rm -rf /full /tmp/why /full.d; echo usable >/again && rm /again'
steady_job "readers of /proc" 'for i in 1 2 3; do ps >/dev/null
    for f in stat statm status maps cmdline environ limits fdinfo/1 mountinfo
    do cat /proc/[0-9]*/$f /proc/[0-9]*/task/*/$f >/dev/null 2>&1; done
    ls -lR /proc/self /proc/1 >/dev/null; done; true'
share --ram 32M

job_ok "su"
like "$out" '^root: root root' "root"
like "$out" '^student: student student wheel' "student has two groups"
like "$out" '^guest: guest guest *$' "guest has one"
like "$out" '^nobody: nobody nogroup' "nobody"
like "$out" '^student to root: root$' "a member of wheel becomes root"
like "$out" '^student to guest: su: only root' "but nobody else"
like "$out" '^guest to root: su: only root' "guest is not in wheel"
like "$out" '^guest to guest: guest$' "one may become oneself"
like "$out" '^kept: kept$' "the environment stays"
like "$out" '^fresh: :/home/student:/home/student$' "unless asked otherwise"
like "$out" '^status 1$' "nobody of that name"

job_ok "homes and /tmp"
like "$out" '^drwx------ root root /root$' "/root is root's"
like "$out" '^drwxr-xr-x student student /home/student$' "student's home"
like "$out" '^drwxrwxrwt root root /tmp$' "/tmp is sticky"
like "$out" '/tmp/mine: Permission denied' "0600 of root"
like "$out" 'rm: .*Operation not permitted' "a sticky folder"
like "$out" '/home/guest/x: Permission denied' "another's home"
like "$out" '^-rw-r--r-- student student' "one's own file"
like "$out" '^-rw------- ' "umask"
like "$out" '^mine$' "is read by others"
like "$out" '/home/student/y: Permission denied' "or not"

job_ok "mount as a program"
like "$out" '^mine on /m type tmpfs \(rw,nodev,relatime,size=100k,.*mode=711\)' \
    "the options are told"
like "$out" 'No space left on device' "full at 100 KiB"
is "$(grep -cx 102400 <<<"$out")" 1 "to the byte"
like "$out" '^fits$' "usable after an unlink"
like "$out" 'mount: /m: Operation not permitted' "a user may not mount"
like "$out" 'umount: /m: Operation not permitted' "nor unmount"
like "$out" 'umount: /m: Device or resource busy' "somebody stands in it"
like "$out" 'Read-only file system' "read-only"
like "$out" 'umount: /m: nothing is mounted there' "no mount"
like "$out" 'mount: /m: no such type' "no type"
done_testing
