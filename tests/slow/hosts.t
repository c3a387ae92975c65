#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The README's two commands on other machines: in fresh minimal systems that
# debootstrap makes, as root and as a user without rights, from a clone of this
# checkout (of what is committed).
#
#     HOSTS='bookworm trixie noble'   releases of Debian or Ubuntu
#     USERS='root student'            student has no rights: tools/setup --user
#     ROUNDS=1      clones, one after the other, in each system
#     LOAD=0        busy loops beside them
#     BASES=DIR     where systems as debootstrap makes them are kept
#     KEYRINGS=DIR  where DISTRIBUTION-archive-keyring.gpg is looked for first
#     JOBS, STRICT  as for make test
#
# Mounts and processes are in namespaces of their own and end with this file,
# however it ends. What each command took is told in comments.
if [ -n "${HOSTS_FOLDER-}" ]; then
    export TMPDIR=$HOSTS_FOLDER
fi
. "$(dirname "$0")/../lib.sh"
distribution=

# --- outside ---------------------------------------------------------------

outside() {
    local tool
    [ "$(id -u)" = 0 ] || skip_all "chroots need root"
    for tool in debootstrap unshare git apt-get; do
        command -v $tool >/dev/null || skip_all "there is no $tool here"
    done
    unshare -m -p -i -f --mount-proc true 2>/dev/null ||
        skip_all "this machine allows no namespaces"
    trap 'exit 143' INT TERM HUP
    HOSTS_FOLDER=$tmp unshare -m -p -i -f --mount-proc --kill-child \
        bash "$0" &
    inside=$!
    trap 'kill -9 $inside 2>/dev/null; wait; rm -rf "$tmp"' EXIT
    wait $inside
    exit
}

# --- systems ---------------------------------------------------------------

# Sets distribution and mirror of RELEASE; this machine's mirror if it is of
# the same distribution.
source_of() {
    local own
    case $1 in
    *[!a-z]*) return 1 ;;
    noble | jammy | plucky | questing) distribution=ubuntu ;;
    *) distribution=debian ;;
    esac
    mirror=http://deb.debian.org/debian
    [ $distribution = debian ] || mirror=http://archive.ubuntu.com/ubuntu
    # shellcheck disable=SC2016 # words of apt-get's
    own=$(apt-get indextargets --format '$(CREATED_BY) $(REPO_URI) $(RELEASE)' |
        awk '$1 == "Packages" && $3 !~ /-/ { print $2; exit }')
    ! grep -q "^ID=$distribution" /etc/os-release || mirror=${own:-$mirror}
}

# What apt and the resolver of this machine are told, for the system in DIR.
as_here() {
    cp -L /etc/resolv.conf "$1/etc/resolv.conf"
    echo "127.0.0.1 localhost $(uname -n)" >"$1/etc/hosts"
    apt-config dump | grep -E '^Acquire::(https?|ftp)::' \
        >"$1/etc/apt/apt.conf.d/90here"
    [ $distribution = debian ] ||
        echo "deb $mirror $2 main universe" >"$1/etc/apt/sources.list"
    chroot "$1" useradd -m -s /bin/bash student
    rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
}

# base RELEASE: $bases/RELEASE.tar, a minimal system with git
base() {
    local release=$1 tree=$HOSTS_FOLDER/base script=
    local name=$distribution-archive-keyring.gpg key
    [ ! -f "$bases/$release.tar" ] || return 0
    key=${KEYRINGS-}/$name
    [ -r "$key" ] || key=/usr/share/keyrings/$name
    if [ ! -r "$key" ]; then
        echo "there is no $name here" >"$tmp/why"
        return 1
    fi
    [ -e "/usr/share/debootstrap/scripts/$release" ] ||
        case $distribution in debian) script=sid ;; *) script=gutsy ;; esac
    debootstrap --variant=minbase --include=git,ca-certificates \
        --keyring="$key" "$release" "$tree" "$mirror" \
        ${script:+/usr/share/debootstrap/scripts/$script} >"$tmp/why" 2>&1 ||
        return 1
    as_here "$tree" "$release"
    tar -C "$tree" --numeric-owner -cf "$bases/$release.tar.new" .
    mv "$bases/$release.tar.new" "$bases/$release.tar"
    rm -rf "$tree"
}

# furnish DIR: /proc and /dev
furnish() {
    local name
    mount --bind "$1" "$1" # unshare in it wants a mount point as its root
    mount -t proc proc "$1/proc"
    mount -t tmpfs -o mode=755 dev "$1/dev"
    for name in null zero full random urandom tty; do
        : >"$1/dev/$name"
        mount --bind "/dev/$name" "$1/dev/$name"
    done
    mkdir -m 1777 "$1/dev/shm"
    mkdir "$1/dev/pts"
    mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$1/dev/pts"
    ln -s pts/ptmx "$1/dev/ptmx"
    for name in fd:fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
        ln -s "/proc/self/${name#*:}" "$1/dev/${name%:*}"
    done
}

# --- the two commands ------------------------------------------------------

# in_host COMMAND: in the clone, by $who; fills $out, $rc and $took
in_host() {
    local real user sys TIMEFORMAT='%0R %0U %0S'
    { time chroot "$host" su - "$who" \
        -c "cd faultline && $1" >"$tmp/out" 2>&1; } 2>"$tmp/took"
    rc=$?
    out=$(tr -d '\0' <"$tmp/out")
    read -r real user sys < <(tail -n 1 "$tmp/took")
    took="$real s, $((user + sys)) s of the processor"
}

versions() {
    in_host "$path for tool in '${1:-gcc}' qemu-system-i386 gdb python3; do
        \$tool --version 2>/dev/null | head -n 1; done; nasm -v"
    # shellcheck disable=SC2001
    sed 's/^/# /' <<<"$out"
}

failures() {
    sed -n '/^Test Summary Report/,$p' <<<"$out" | grep . || tail -n 25 <<<"$out"
}

# What make test sums up: remarks, what was not decided, the cost.
summary() {
    sed -n '/^What this machine\|^Not decided/,$p; /^Processor time/p' \
        <<<"$out" | grep -v '^make' | awk '!seen[$0]++' | sed 's/^/#   /'
}

round() {
    local name="$release, $who, round $1" setup=tools/setup path='' gcc=gcc
    local home=/root words=${JOBS:+JOBS=$JOBS}${STRICT:+ STRICT=$STRICT}
    if [ "$who" != root ]; then
        home=/home/$who gcc=i686-linux-gnu-gcc
        # typed as the tool says
        path='eval "$(sed -n "s/^ *\(export PATH=[^;]*\).*/\1/p" setup.log)";'
        setup="tools/setup --user >>setup.log && $path"
    fi
    rm -rf "$host$home/faultline"
    git clone -q --no-hardlinks "$root" "$host$home/faultline"
    chroot "$host" chown -R "$who": "$home/faultline"
    in_host "$setup${path:+ true} && printf 'poweroff\n' | make run"
    [ "$rc" = 0 ] && grep -q 'faultline:/#' <<<"$out"
    ok $? "$name: tools/setup && make run" "status $rc
$(tail -n 25 <<<"$out")"
    echo "# $took"
    [ "$1" != 1 ] || versions $gcc
    in_host "$setup${path:+ true} && make test $words"
    ok "$rc" "$name: tools/setup && make test" "$(failures)"
    echo "# $took"
    summary
}

on_host() {
    local i
    release=$1
    if ! source_of "$release" || ! base "$release"; then
        skip "$release" "no system: $(tail -n 1 "$tmp/why")"
        return
    fi
    for who in ${USERS:-root student}; do
        host=$HOSTS_FOLDER/$release-$who
        mkdir "$host"
        tar -C "$host" --numeric-owner -xf "$bases/$release.tar"
        furnish "$host"
        for ((i = 1; i <= ${ROUNDS:-1}; i++)); do
            round "$i"
        done
        umount -R "$host" && rm -rf --one-file-system "$host"
    done
}

[ -n "${HOSTS_FOLDER-}" ] || outside
bases=${BASES:-$HOSTS_FOLDER/bases}
mkdir -p "$bases"
for ((i = 0; i < ${LOAD:-0}; i++)); do
    while :; do :; done &
done
for release in ${HOSTS:-bookworm trixie noble}; do
    on_host "$release"
done
done_testing
