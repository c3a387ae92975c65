# SPDX-License-Identifier: MIT
# What rungs.t is made of: it boots Faultline once, runs sessions of unmodified
# i386 programs there, and compares what they print with a recording of what
# the same files print on Linux.
#
#     rung PACKAGE...       what the sessions that follow need; where it cannot
#                           be had, status is 1 and they are skipped
#     linked PACKAGE        the same for a program that is linked with files of
#                           PACKAGE, which are then in the folder $fetched
#     session NAME...       sessions/NAME, an executable script, or a program
#                           that lies at $mine/t/NAME
#     look NAME             sessions/NAME is read by Faultline's own shell
#                           alone, and nothing compared: `part NAME` tells what
#                           it printed. Status 1 where it is skipped
#     climb NUMBER...       boots and compares; the system calls that may be
#                           asked for in vain
#
# A recording is expected/RELEASE/NAME.out; with packages of that RELEASE it
# decides, and this machine's own Linux is asked under STRICT=1 only. Packages
# of another release are compared with what this Linux makes of them, and a
# difference is a remark.
#
# rungs.t --record writes the recordings from what Linux prints.

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
compat=tests/compat
mine=$tmp/mine # the guest's files that no package has
packages=
sessions=
looks=
lacking=
record=
[ "${1-}" != --record ] || record=1
mkdir -p "$mine/t" "$mine/etc" "$tmp/root"
cp $compat/etc/* "$mine/etc/"

fetch() {
    fetched=$($compat/fetch "$@")
    case $? in
    0) lacking= ;;
    77)
        lacking=$fetched
        return 1
        ;;
    *)
        echo "Bail out! $compat/fetch failed"
        exit 1
        ;;
    esac
}

rung() {
    fetch --have "$@" && packages="$packages $*"
}

linked() {
    fetch --shared "$@"
}

session() {
    local name
    for name; do
        if [ -n "$lacking" ]; then
            skip "$name" "$lacking"
            continue
        fi
        [ ! -f "$compat/sessions/$name" ] ||
            install -m 755 "$compat/sessions/$name" "$mine/t/$name"
        sessions="$sessions $name"
    done
}

look() {
    if [ -n "$lacking" ]; then
        skip "$1" "$lacking"
        return 1
    fi
    install -m 644 "$compat/sessions/$1" "$mine/t/$1"
    looks="$looks $1"
}

# Unpacks the packages; then trees are the folders the guest's root is made of.
plant() {
    trees=("$mine")
    [ -n "$packages" ] || return
    # shellcheck disable=SC2086 # one word a package
    fetch --shared $packages && trees+=("$fetched")
}

# Why this machine's Linux is not asked; nothing when it is to be.
no_linux() {
    local said
    if [ -d "$recorded" ] && [ -z "$record" ] && ! strict; then
        echo "the recording decides"
    elif ! "$build/user/bin/vmsh" -c true >/dev/null 2>&1; then
        echo "this machine runs no i386 programs"
    elif ! said=$($compat/on-linux "$tmp/root" "${trees[@]}" 2>&1); then
        head -n 1 <<<"$said"
    fi
}

# NAME.linux: what each session prints here, and how it ends
ask_linux() {
    local name
    for name in $sessions; do
        timeout $patience $compat/on-linux "$tmp/root" "${trees[@]}" \
            -- "/t/$name" >"$tmp/$name.linux" 2>&1
        echo "status $?" >>"$tmp/$name.linux"
        [ -z "$record" ] || cp "$tmp/$name.linux" "$recorded/$name.out"
    done
}

in_faultline() {
    cat >"$mine/t/all" <<END
for name in$sessions; do
	echo "@session \$name"
	/t/\$name 2>&1
	echo "status \$?"
	rm -rf /tmp/*
done
for name in$looks; do
	echo "@session \$name"
	. /t/\$name
done
echo "@session ksyscalls"
cat /proc/ksyscalls
echo "@session check"
cat /proc/check
END
    vm_ok "one boot" --icount --ram 128M \
        "${trees[@]/#/--add=}" -- '. /t/all'
}

# part NAME: what the guest printed of it
part() {
    sed -n "/^@session $1\$/,/^@session /{/^@session /d;p}" "$tmp/out"
}

# same CHECK WANT GOT NAME: CHECK, ok or remark, that two files are the same
same() {
    cmp -s "$2" "$3"
    "$1" $? "$4" "$(diff "$2" "$3")"
}

judge() {
    local name=$1 linux=$tmp/$1.linux got=$tmp/$1.faultline
    part "$name" >"$got"
    if [ -f "$recorded/$name.out" ]; then
        same ok "$recorded/$name.out" "$got" "$name: in Faultline, as recorded"
        [ -n "$silent" ] ||
            same remark "$recorded/$name.out" "$linux" "$name: on Linux"
        return
    fi
    like "$(tail -n 1 "$got")" '^status ([0-9]|[0-9][0-9]|1[01][0-9])$' \
        "$name: in Faultline, to its end"
    if [ -n "$silent" ]; then
        skip "$name: as on Linux" "no recording of $release, and $silent"
    else
        same remark "$linux" "$got" "$name: as on Linux"
    fi
}

climb() {
    local name missing decides=remark
    [ -n "$sessions$looks" ] || done_testing
    plant
    release=$($compat/fetch --release)
    recorded=$compat/expected/$release
    [ ! -d "$recorded" ] || decides=ok
    [ -z "$record" ] || mkdir -p "$recorded"
    silent=$(no_linux)
    case $silent in
    '' | *decides) ;;
    *) skip "on Linux" "$silent" ;;
    esac
    [ -n "$silent" ] || ask_linux
    in_faultline
    for name in $sessions; do judge "$name"; done
    missing=$(part ksyscalls | awk '{ print $1 }' |
        grep -vxE "$(tr ' ' '|' <<<"${*:-none}")" | tr '\n' ' ')
    [ -z "$missing" ]
    $decides $? "no call is missing but: ${*:-none}" "$missing"
    like "$(part check)" '^mm ok' "the kernel's checkers find nothing"
}
