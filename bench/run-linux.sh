#!/bin/bash
# SPDX-License-Identifier: MIT
# Boots Debian's 32-bit kernel under qemu-system-i386 (TCG, -icount) with
# shmbench as /init and prints what shmbench prints.  See README.md.
#
# usage: run-linux.sh [-m MEM] [-a KERNEL_ARGS] [-s SWAP_MIB] [-d ide|virtio]
#                     [-i ICOUNT] [-f FLAVOUR] [-p] [-k KERNEL] [-D DEVICE]
#                     [-b BINARY] [-t SECONDS] [-q] [--] [shmbench arguments]
#   -m  memory given to QEMU (default 64M)
#   -a  more kernel arguments, e.g. "mitigations=off pti=off"
#   -s  attach a raw disk of so many MiB and swap on it (modules are loaded)
#   -d  how that disk is attached (default ide)
#   -i  the -icount value (default shift=0,sleep=off); "none" leaves it out
#   -f  Debian flavour: 686 (default) or 686-pae
#   -p  also count instructions with the QEMU plugin insncount.c
#   -k  boot this kernel image instead, without Linux's modules (Linux boot
#       protocol or multiboot; the archive with /init comes as the initrd or
#       as the first multiboot module)
#   -D  the name of the swap disk in the guest (default /dev/sda, /dev/vda)
#   -b  use this binary instead of compiling shmbench.c (CC, CFLAGS apply)
#   -t  give up after so many seconds (default 540)
#   -q  do not print the QEMU command and the wall-clock remarks
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mem=64M append= swap=0 disk=ide icount=shift=0,sleep=off flavour=686
plugin=0 kernel= own=0 swapdev= bin= limit=540 quiet=0
while getopts m:a:s:d:i:f:pk:D:b:t:q o; do
	case $o in
	m) mem=$OPTARG ;; a) append=$OPTARG ;; s) swap=$OPTARG ;;
	d) disk=$OPTARG ;; i) icount=$OPTARG ;; f) flavour=$OPTARG ;;
	p) plugin=1 ;; k) kernel=$OPTARG own=1 ;; b) bin=$OPTARG ;;
	t) limit=$OPTARG ;; q) quiet=1 ;; D) swapdev=$OPTARG ;;
	*) sed -n '5,25p' "$0" >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))

tmp=$(mktemp -d)
qpid=
cleanup() { if [ -n "$qpid" ]; then kill "$qpid" 2>/dev/null || :; fi; rm -rf "$tmp"; }
trap cleanup EXIT
cache=${SHMBENCH_CACHE:-${TMPDIR:-/tmp}/shmbench-cache}

# --- the kernel: downloaded once, unpacked, never installed ---------------
tree=$cache/$flavour
if [ $own = 0 ]; then
	if [ ! -e "$tree/.done" ]; then
		mkdir -p "$cache"
		pkg=$(apt-cache depends "linux-image-$flavour:i386" |
			sed -n 's/.*Depends: \(linux-image-[^ ]*\).*/\1/p' | head -1)
		[ -n "$pkg" ] || { echo "no linux-image-$flavour:i386: dpkg --add-architecture i386 && apt-get update" >&2; exit 1; }
		(cd "$tmp" && apt-get download -q "${pkg%:i386}:i386" >/dev/null 2>apt.err) ||
			{ cat "$tmp/apt.err" >&2; exit 1; }
		rm -rf "$tree"
		dpkg -x "$tmp"/linux-image-*.deb "$tree"
		touch "$tree/.done"
		rm -f "$tmp"/linux-image-*.deb
	fi
	kernel=$(echo "$tree"/boot/vmlinuz-*)
fi

# --- the binary ----------------------------------------------------------
if [ -z "$bin" ]; then
	bin=$tmp/shmbench
	${CC:-gcc} ${CFLAGS:--m32 -O2 -static} -o "$bin" "$here/shmbench.c"
fi

# --- the initramfs: newc archive written here, no cpio program needed ------
newc() { # name mode file
	local name=$1 mode=$2 file=${3:-} size=0 n
	[ -z "$file" ] || size=$(stat -c %s "$file")
	n=$((${#name} + 1))
	ino=$((ino + 1))
	printf '070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\0' \
		$ino $mode 0 0 1 0 $size 0 0 0 0 $n 0 "$name"
	head -c $(((4 - (110 + n) % 4) % 4)) /dev/zero
	if [ -n "$file" ]; then
		cat "$file"
		head -c $(((4 - size % 4) % 4)) /dev/zero
	fi
}
ino=0
need() { # a module and, before it, what it depends on
	local f d
	[ $own = 0 ] || return 0
	case " $seen " in *" $1 "*) return 0 ;; esac
	seen="$seen $1"
	f=$(find "$tree"/lib/modules -name "${1//_/[-_]}.ko" | head -1)
	[ -n "$f" ] || return 0
	for d in $(strings -a "$f" | sed -n 's/^depends=//p' | tr , ' '); do
		need "$d"
	done
	newc "modules/$1.ko" 0100644 "$f" >>"$tmp/initrd"
	echo "/modules/$1.ko" >>"$tmp/order"
}
{
	newc dev 040755; newc proc 040755; newc modules 040755
	newc init 0100755 "$bin"
} >"$tmp/initrd"
args="$*"
hw=()
if [ "$swap" != 0 ]; then
	seen=
	truncate -s "${swap}M" "$tmp/disk"
	/sbin/mkswap "$tmp/disk" >/dev/null 2>&1
	drive=file=$tmp/disk,format=raw,cache=unsafe
	if [ "$disk" = virtio ]; then
		for m in virtio_pci virtio_blk; do need $m; done
		hw=(-drive "$drive,if=virtio"); dev=/dev/vda
	else
		for m in ata_piix sd_mod; do need $m; done
		hw=(-drive "$drive,if=ide,index=0,media=disk"); dev=/dev/sda
	fi
	[ $own = 1 ] || newc modules/order 0100644 "$tmp/order" >>"$tmp/initrd"
	args="swap=${swapdev:-$dev} $args"
fi
newc 'TRAILER!!!' 0 >>"$tmp/initrd"

# --- QEMU: everything that could differ from run to run is pinned ----------
cmd=(qemu-system-i386 -accel tcg -machine pc -cpu qemu32 -smp 1 -m "$mem")
[ "$icount" = none ] || cmd+=(-icount "$icount")
cmd+=(-seed 1 -rtc base=2026-01-01,clock=vm
	-display none -vga none -nic none -monitor none -no-reboot
	-device isa-debug-exit,iobase=0xf4,iosize=4
	-serial "file:$tmp/serial" "${hw[@]}")
if [ $plugin = 1 ]; then
	gcc -O2 -shared -fPIC -o "$tmp/insncount.so" "$here/insncount.c"
	cmd+=(-plugin "file=$tmp/insncount.so,log=$tmp/marks")
fi
cmd+=(-kernel "$kernel" -initrd "$tmp/initrd"
	-append "console=ttyS0 quiet panic=-1 norandmaps nokaslr $append -- $args")
[ $quiet = 1 ] || echo "# ${cmd[*]//$tmp\//}"

t0=$(date +%s.%N)
"${cmd[@]}" </dev/null 2>"$tmp/qemu.err" &
qpid=$!
end=$(($(date +%s) + limit)) first=
while kill -0 $qpid 2>/dev/null; do
	if [ -z "$first" ] && grep -aq boot_to_main "$tmp/serial" 2>/dev/null; then
		first=$(date +%s.%N)
	fi
	if [ "$(date +%s)" -ge $end ]; then
		echo "# gave up after $limit s" >>"$tmp/serial"
		kill $qpid
		break
	fi
	sleep 0.05
done
rc=0
wait $qpid || rc=$?
qpid=
t1=$(date +%s.%N)
[ -n "$first" ] || first=$t1
tr -d '\r' <"$tmp/serial"
if [ $quiet = 0 ]; then
	grep -v 'active timers' "$tmp/qemu.err" | sed 's/^/# qemu: /' || :
	awk -v a="$t0" -v b="$first" -v c="$t1" -v r="$rc" 'BEGIN {
		printf "# wall: %.1f s to init, %.1f s in all; qemu exit %d\n",
		b - a, c - a, r }'
fi
if [ $plugin = 1 ]; then
	# executed instructions, idle time left out; the rest as remarks
	awk -v pages="$(sed -n 's/^swap_segment_pages \([0-9]*\).*/\1/p' "$tmp/serial")" '
	{ print "# plugin: " $0; t[$2] = $3 }
	$2 == 100 && !done { printf "boot_to_main_exec %s insn\n", $3
		printf "boot_to_main_exec_kernel %s insn\n", $4; done = 1 }
	END { if (pages) {
		printf "swap_write_seq_exec %.1f insn/page\n", (t[2] - t[1]) / pages
		printf "swap_read_seq_exec %.1f insn/page\n", (t[4] - t[3]) / pages
		printf "swap_read_rand_exec %.1f insn/page\n", (t[6] - t[5]) / pages } }' \
		"$tmp/marks"
fi
! grep -aq -e ' FAIL ' -e '^# gave up' "$tmp/serial" && grep -aq '^# shmbench end' "$tmp/serial"
