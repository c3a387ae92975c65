# SPDX-License-Identifier: MIT
# What the rungs share. A rung is a test that boots Faultline once, runs
# sessions of unmodified i386 programs there, and compares what they print with
# what the same files print on this machine's Linux, or, where that cannot run
# them, with the recording expected/SESSION.out. A rung is
#
#     . "$(dirname "$0")/rung.sh"
#     packages PACKAGE...       fills $tree, the guest's files; or
#     fetched FOLDER PACKAGE... unpacks into $tree/../FOLDER, and
#     plant                     makes an empty $tree
#     session NAME...           sessions/NAME, an executable script; or a
#                               program that the rung puts at $tree/t/NAME
#     climb NUMBER...           does it all; the system calls that may be
#                               asked for in vain
#
# The whole file is skipped where the packages cannot be had.
# RUNG.t --record writes the recordings from what Linux prints.

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
compat=tests/compat
tree=$build/compat/$(basename "$0" .t)
sessions=
record=
[ "${1-}" != --record ] || record=1

fetched() {
    local reason folder=$1
    shift
    reason=$($compat/fetch "$build/compat/$folder" "$@")
    case $? in
    0) ;;
    77) skip_all "$reason" ;;
    *)
        echo "Bail out! $compat/fetch failed"
        exit 1
        ;;
    esac
}

plant() {
    rm -rf "$tree/t"
    mkdir -p "$tree/t" "$tree/etc" "$tree/dev" "$tree/proc"
    mkdir -pm 1777 "$tree/tmp"
    cp $compat/etc/* "$tree/etc/"
}

# What only a reader needs, and tables of characters, stay out of the machine.
packages() {
    fetched "$(basename "$tree")" "$@"
    rm -rf "$tree"/usr/share "$tree"/usr/lib/*/gconv \
        "$tree"/lib/systemd "$tree"/etc "$tree"/usr/include "$tree"/usr/libexec
    plant
}

session() {
    local name
    for name; do
        [ ! -f "$compat/sessions/$name" ] ||
            install -m 755 "$compat/sessions/$name" "$tree/t/$name"
        sessions="$sessions $name"
    done
}

# Whether this machine's Linux runs sessions; how NAME ended, in a file.
on_linux() {
    timeout 60 $compat/on-linux "$tree" "/t/$1" >"$tmp/$1.linux" 2>&1
    echo "status $?" >>"$tmp/$1.linux"
    reason=$(head -n 1 "$tmp/$1.linux" |
        grep -E '^(on-linux|unshare|mount|chroot|sh|sudo): ') || return 0
    rm "$tmp/$1.linux"
    return 1
}

ask_linux() {
    local name reason
    for name in $sessions; do
        if ! on_linux "$name"; then
            skip "$name: on Linux" "$reason"
            continue
        fi
        [ -z "$record" ] || cp "$tmp/$name.linux" "$compat/expected/$name.out"
        cmp -s "$compat/expected/$name.out" "$tmp/$name.linux"
        ok $? "$name: on Linux, as recorded" \
            "$(diff "$compat/expected/$name.out" "$tmp/$name.linux")"
    done
}

in_faultline() {
    cat >"$tree/t/all" <<END
for name in$sessions; do
	echo "@session \$name"
	/t/\$name 2>&1
	echo "status \$?"
	rm -rf /tmp/*
done
echo "@session ksyscalls"
cat /proc/ksyscalls
echo "@session check"
cat /proc/check
END
    vm_ok "$(basename "$0" .t): one boot" --timeout 200 --add "$tree" -- '. /t/all'
}

# part NAME: what the guest printed of it
part() {
    sed -n "/^@session $1\$/,/^@session /{/^@session /d;p}" "$tmp/out"
}

judge() {
    local name=$1 want=$tmp/$1.linux who="as on Linux"
    if [ ! -f "$want" ]; then
        want=$compat/expected/$name.out who="as recorded"
    fi
    part "$name" >"$tmp/$name.faultline"
    cmp -s "$want" "$tmp/$name.faultline"
    ok $? "$name: in Faultline, $who" "$(diff "$want" "$tmp/$name.faultline")"
}

climb() {
    local name missing
    ask_linux
    in_faultline
    for name in $sessions; do judge "$name"; done
    missing=$(part ksyscalls | awk '{ print $1 }' |
        grep -vxE "$(tr ' ' '|' <<<"${*:-none}")" | tr '\n' ' ')
    is "$missing" "" "no call is missing but: ${*:-none}"
    like "$(part check)" '^mm ok' "the kernel's checkers find nothing"
    done_testing
}
