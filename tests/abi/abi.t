#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares include/uapi and kernel/syscalls.def with the host's headers.

Every number and every structure that include/uapi defines is looked up in
the headers of Linux and of the C library of this machine, for i386, and must
be the same there. Nothing is run: the compiler writes the values into
assembly text, so a cross compiler does as well. TAP.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UAPI = os.path.join(ROOT, 'include', 'uapi')
CC = (os.environ.get('CC') or 'gcc').split()

# Ours alone, or deliberately another value than in the headers.
OWN = {
    'ERESTARTSYS', 'ERESTARTNOHAND', 'ERESTART_RESTARTBLOCK',  # stay inside
    'FPSTATE_MAGIC_FXSR', 'STATX_RESERVED', 'UTS_LEN',  # named by us
    'ST_VALID',  # the kernel's, in no header
    'NSIG',  # 64 signals; the headers say 32 or 65
    'MINSIGSTKSZ',  # no constant in the libc's headers
}
# Numbers that have another name in the headers.
ALIAS = {'IPCOP_' + n: n for n in (
    'SEMOP SEMGET SEMCTL SEMTIMEDOP MSGSND MSGRCV MSGGET MSGCTL '
    'SHMAT SHMDT SHMGET SHMCTL').split()}
ALIAS.update({'REBOOT_' + n: 'LINUX_REBOOT_' + n for n in (
    'MAGIC1 MAGIC2 MAGIC2A MAGIC2B MAGIC2C CMD_RESTART CMD_HALT CMD_CAD_ON '
    'CMD_CAD_OFF CMD_POWER_OFF').split()})

LINUX = '''
#include <linux/types.h>
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <linux/ipc.h>
#include <linux/shm.h>
#include <asm/shmbuf.h>
#include <asm/mman.h>
#include <linux/mman.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <asm/sigcontext.h>
#include <asm/ldt.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/magic.h>
#include <linux/time.h>
#include <linux/wait.h>
#include <linux/auxvec.h>
#include <linux/elf.h>
#include <linux/futex.h>
#include <linux/sysinfo.h>
#include <linux/time_types.h>
#include <linux/poll.h>
#include <linux/reboot.h>
#include <sys/swap.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/utsname.h>
#include <linux/random.h>
#include <asm/resource.h>
#include <linux/resource.h>
#include <asm/termios.h>
#include <asm/ioctls.h>
/* The i386 one is not among the headers a 64-bit machine installs. */
struct ucontext_ia32 {
	unsigned int uc_flags, uc_link;
	struct { unsigned int sp; int flags; unsigned int size; } uc_stack;
	struct sigcontext_32 uc_mcontext;
	unsigned int uc_sigmask[2];
};
'''
LIBC = '''
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
'''

count = failed = 0


def ok(good, what, notes=()):
    global count, failed
    count += 1
    failed += not good
    print('%s %d - %s' % ('ok' if good else 'not ok', count, what))
    for note in notes:
        print('# ' + note)
    sys.stdout.flush()


def assemble(source, *flags):
    """The assembly text of SOURCE, or None; the compiler's last words."""
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, 'abi.c')
        with open(path, 'w') as f:
            f.write(source)
        run = subprocess.run(CC + ['-m32', '-march=i686', '-std=gnu11', '-w',
                                   '-O1', '-S', '-o', '-', *flags, path],
                             capture_output=True, text=True)
        return (run.stdout if run.returncode == 0 else None), run.stderr


def value_line(key, expr):
    """C that makes the compiler print KEY and the two halves of EXPR."""
    return ('asm volatile("\\n@@ %s %%c0 %%c1" : : "i"((unsigned)(long long)'
            '(%s)), "i"((unsigned)((unsigned long long)(%s) >> 32)));\n'
            % (key, expr, expr))


def values(text):
    found = {}
    for key, low, high in re.findall(r'^@@ (\S+) \$?(-?\d+) \$?(-?\d+)', text, re.M):
        low, high = int(low) & 0xffffffff, int(high) & 0xffffffff
        # A negative int and the same unsigned word are the same argument.
        found[key] = low if high in (0, 0xffffffff) else high << 32 | low
    return found


def read_headers():
    """{header: (names of numbers, {struct: fields})}"""
    result = {}
    for name in sorted(os.listdir(UAPI)):
        with open(os.path.join(UAPI, name)) as f:
            text = re.sub(r'/\*.*?\*/', '', f.read(), flags=re.S)
        macros = re.findall(r'^#define[ \t]+(\w+)[ \t]+\S', text, re.M)
        for body in re.findall(r'^enum \w* ?\{(.*?)^\}', text, re.S | re.M):
            macros += re.findall(r'^\s*([A-Z]\w+)', body, re.M)
        structs = {}
        for m in re.finditer(r'^struct (\w+) \{(.*?)^\}', text, re.S | re.M):
            structs[m.group(1)] = fields_of(m.group(2))
        result[name] = (macros, structs)
    return result


def fields_of(body):
    """Names declared in BODY, inner anonymous structures opened."""
    body = re.sub(r'\b(struct|union)\s*\{|\}\s*;', '', body)
    names = []
    for decl in body.split(';'):
        decl = re.sub(r'\[[^]]*\]', '', decl).strip()
        if decl and ':' not in decl:  # bit-fields have no offset
            first, *more = decl.split(',')
            names.append(first.split()[-1].lstrip('*'))
            names += [n.strip().lstrip('*') for n in more]
    return names


def read_layouts():
    table = {}
    with open(os.path.join(ROOT, 'tests', 'abi', 'layouts.txt')) as f:
        for line in f:
            words = line.split('#')[0].split()
            if not words:
                continue
            if words[1] == '-':
                table[words[0]] = None
                continue
            n = 4 if words[2] == 'struct' else 3
            table[words[0]] = (words[1], ' '.join(words[2:n]),
                               dict(w.split('=') for w in words[n:]))
    return table


def our_values(headers):
    source = ''.join('#include <uapi/%s>\n' % h for h in headers)
    source += 'void f(void) {\n'
    for macros, structs in headers.values():
        source += ''.join(value_line(m, m) for m in macros)
        for s, fields in structs.items():
            source += value_line('sizeof.' + s, 'sizeof(struct %s)' % s)
            source += ''.join(value_line('%s.%s' % (s, f),
                                         '__builtin_offsetof(struct %s, %s)' % (s, f))
                              for f in fields)
    text, err = assemble(source + '}\n', '-ffreestanding', '-I' + ROOT,
                         '-I' + os.path.join(ROOT, 'include'))
    if text is None:
        print('Bail out! include/uapi does not compile: ' + err.strip()[-300:])
        sys.exit(1)
    return values(text)


def host_numbers(headers, names):
    source = headers + 'void f(void) {\n'
    for n in names:
        theirs = ALIAS.get(n, n)
        if n not in OWN:
            source += '#ifdef %s\n%s#endif\n' % (theirs, value_line(n, theirs))
    text, err = assemble(source + '}\n')
    if text is None:
        print('Bail out! the host\'s headers do not compile: ' + err.strip()[-600:])
        sys.exit(1)
    return values(text)


def host_layout(which, theirs, fields):
    source = (LINUX if which == 'linux' else LIBC) + 'void f(void) {\n'
    source += value_line('sizeof', 'sizeof(%s)' % theirs)
    for ours, name in fields:
        source += value_line(ours, '__builtin_offsetof(%s, %s)' % (theirs, name))
    text, err = assemble(source + '}\n')
    return values(text) if text is not None else err.strip().splitlines()[:3]


def compare_numbers(header, macros, ours, linux, libc):
    wrong, unknown = [], []
    for m in macros:
        there = [t[m] for t in (linux, libc) if m in t]
        if not there:
            if m not in OWN:
                unknown.append(m)
        elif ours.get(m) not in there and m not in OWN:
            wrong.append('%s is %#x here, %#x on Linux' % (m, ours[m], there[0]))
    if unknown:
        wrong.append('not in the host\'s headers: ' + ' '.join(unknown))
    ok(not wrong, '%s: %d numbers' % (header, len(macros)), wrong)


def compare_struct(name, fields, layout, ours):
    which, theirs, renamed = layout
    partial = renamed.get('size') == '-'
    wanted = [(f, renamed.get(f, f)) for f in fields]
    host = host_layout(which, theirs, [p for p in wanted if p[1] != '-'])
    if isinstance(host, list):
        ok(False, 'struct %s' % name, host)
        return
    wrong = ['%s at %d here, at %d on Linux' % (f, ours['%s.%s' % (name, f)], host[f])
             for f, t in wanted if t != '-' and ours['%s.%s' % (name, f)] != host[f]]
    if not partial and ours['sizeof.' + name] != host['sizeof']:
        wrong.append('%d bytes here, %d on Linux' % (ours['sizeof.' + name], host['sizeof']))
    ok(not wrong, 'struct %s: %d bytes, %d fields' %
       (name, ours['sizeof.' + name], len(fields)), wrong)


def compare_syscalls():
    with open(os.path.join(ROOT, 'kernel', 'syscalls.def')) as f:
        rows = re.findall(r'^SYSCALL\((\d+), (\w+),', f.read(), re.M)
    source = '#include <asm/unistd_32.h>\nvoid f(void) {\n'
    for _, name in rows:
        source += '#ifdef __NR_%s\n%s#endif\n' % (name, value_line(name, '__NR_' + name))
    text, err = assemble(source + '}\n')
    host = values(text) if text is not None else {}
    wrong = ['%s is %s here, %s on Linux' % (n, nr, host.get(n))
             for nr, n in rows if host.get(n) != int(nr)]
    ok(rows and not wrong, 'kernel/syscalls.def: %d call numbers' % len(rows),
       wrong + err.splitlines()[:3])
    numbers = [nr for nr, _ in rows]
    ok(len(set(numbers)) == len(numbers), 'no call number stands there twice')


def main():
    text, _ = assemble('#include <asm/unistd_32.h>\n#include <stdio.h>\nint x;\n')
    if text is None:
        print('1..0 # SKIP no headers for i386: install gcc-multilib')
        return 0
    headers, layouts = read_headers(), read_layouts()
    names = [m for macros, _ in headers.values() for m in macros]
    ours = our_values(headers)
    linux, libc = host_numbers(LINUX, names), host_numbers(LIBC, names)
    for header, (macros, structs) in headers.items():
        compare_numbers('include/uapi/' + header, macros, ours, linux, libc)
        for name, fields in structs.items():
            if name not in layouts:
                ok(False, 'struct %s has a line in tests/abi/layouts.txt' % name)
            elif layouts[name]:
                compare_struct(name, fields, layouts[name], ours)
    compare_syscalls()
    print('1..%d' % count)
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
