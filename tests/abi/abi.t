#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares include/uapi and kernel/syscalls.def with Linux's headers.

usage: tests/abi/abi.t [--record]

Every number and every structure of include/uapi, and every number of a call,
is what values.txt holds. The headers of Linux and of the C library of this
machine are asked as well, for i386: what they say otherwise is a remark.
--record writes values.txt from them. Nothing is run: the compiler writes the
values into assembly text, so a cross compiler does as well.
"""
import os
import re
import subprocess
import sys
import tempfile
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from tap import ROOT, done, ok, remark, skip

UAPI = os.path.join(ROOT, 'include', 'uapi')
VALUES = os.path.join(ROOT, 'tests', 'abi', 'values.txt')
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

LINUX = '#include "tests/abi/linux.h"\n'
LIBC = '#include "tests/abi/libc.h"\n'


def assemble(source, *flags):
    """The assembly text of SOURCE, or None; the compiler's last words."""
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, 'abi.c')
        with open(path, 'w') as f:
            f.write(source)
        run = subprocess.run(CC + ['-m32', '-march=i686', '-std=gnu11', '-w',
                                   '-O1', '-S', '-iquote', '.', '-o', '-',
                                   *flags, path],
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
    for name in sorted(set(os.listdir(UAPI)) - {'faultline.h'}):  # not Linux's
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
        ok(False, 'include/uapi compiles', err.strip())
        sys.exit(done())
    return values(text)


def host_values(source):
    """{key: value} of SOURCE with the host's headers; what this compiler or
    these headers do not take, such as no constant, is left out."""
    lines = source.split('\n')
    while True:
        text, err = assemble('\n'.join(lines))
        bad = {int(n) - 1 for n in re.findall(r'abi\.c:(\d+):\d+: error', err)}
        bad = {n for n in bad if lines[n].startswith('asm ')}
        if text is not None or not bad:
            return values(text or '')
        lines = ['' if n in bad else l for n, l in enumerate(lines)]


def host_numbers(headers, names, alias='%s'):
    """{name: value} of what HEADERS define."""
    source = headers + 'void f(void) {\n'
    for n in names:
        theirs = alias % ALIAS.get(n, n)
        source += '#ifdef %s\n%s#endif\n' % (theirs, value_line(n, theirs))
    return host_values(source + '}\n')


def host_layout(layout, fields):
    """{field: offset} and the size, in the headers' structure."""
    which, theirs, renamed = layout
    source = (LINUX if which == 'linux' else LIBC) + 'void f(void) {\n'
    if renamed.get('size') != '-':
        source += value_line('sizeof', 'sizeof(%s)' % theirs)
    for f in fields:
        if renamed.get(f) != '-':
            source += value_line(f, '__builtin_offsetof(%s, %s)' %
                                 (theirs, renamed.get(f, f)))
    return host_values(source + '}\n')


def numbers(macros, ours, linux, libc):
    """What we say and what the headers say, if one of the two has it."""
    mine = {m: ours[m] for m in macros if m not in OWN}
    return mine, {m: ours[m] if ours[m] in (linux.get(m), libc.get(m))
                  else linux.get(m, libc.get(m)) for m in mine
                  if m in linux or m in libc}


def layout_of(name, fields, layout, ours):
    _, _, renamed = layout
    mine = {f: ours['%s.%s' % (name, f)] for f in fields
            if renamed.get(f) != '-'}
    if renamed.get('size') != '-':
        mine['sizeof'] = ours['sizeof.' + name]
    return mine, host_layout(layout, fields)


def call_numbers():
    with open(os.path.join(ROOT, 'kernel', 'syscalls.def')) as f:
        rows = re.findall(r'^SYSCALL\((\d+), (\w+),', f.read(), re.M)
    calls = [nr for nr, _ in rows]
    ok(rows and len(set(calls)) == len(calls),
       'no call number stands there twice')
    return ({name: int(nr) for nr, name in rows},
            host_numbers('#include <asm/unistd_32.h>\n',
                         [name for _, name in rows], '__NR_%s'))


def sections(headers, layouts):
    """(what it is, what we say, what this machine's headers say), each."""
    names = [m for macros, _ in headers.values() for m in macros
             if m not in OWN]
    ours = our_values(headers)
    linux, libc = host_numbers(LINUX, names), host_numbers(LIBC, names)
    for header, (macros, structs) in headers.items():
        if macros:
            yield ('include/uapi/' + header,
                   *numbers(macros, ours, linux, libc))
        for name, fields in structs.items():
            if name not in layouts:
                ok(False, 'struct %s has a line in tests/abi/layouts.txt' % name)
            elif layouts[name]:
                yield ('struct ' + name,
                       *layout_of(name, fields, layouts[name], ours))
    yield ('kernel/syscalls.def', *call_numbers())


def read_values():
    """{what it is: {name: value}}"""
    found, rows = {}, None
    with open(VALUES) as f:
        for line in f:
            if line.startswith('['):
                rows = found.setdefault(line.strip()[1:-1], {})
            elif not line.startswith('#'):
                rows.update((k, int(v, 0)) for k, v in
                            (w.split('=') for w in line.split()))
    return found


def record(rows):
    with open(VALUES, 'w') as f:
        f.write("# Of Linux's headers and the C library's, for i386: "
                "abi.t --record.\n")
        for what, _, host in rows:
            text = ' '.join('%s=%s' % (k, v if v < 10 else hex(v))
                            for k, v in host.items())
            f.write('[%s]\n%s\n' % (what, textwrap.fill(text, 79)))


def differences(want, got):
    return ' '.join('%s=%s for %s' % (k, got.get(k), want.get(k))
                    for k in want.keys() | got.keys()
                    if want.get(k) != got.get(k))


def main():
    rows = list(sections(read_headers(), read_layouts()))
    if '--record' in sys.argv:
        record(rows)
    recorded = read_values()
    for what, ours, _ in rows:
        wrong = differences(recorded.get(what, {}), ours)
        ok(not wrong, '%s: %d values' % (what, len(ours)), wrong)
    ok(set(recorded) == {what for what, _, _ in rows}, 'values.txt has no others')
    have_headers = assemble('#include <asm/unistd_32.h>\n#include <stdio.h>\n'
                            'int x;\n')[0]
    if not have_headers:
        skip("this machine's headers", 'none for i386: install gcc-multilib')
        return done()
    for what, _, host in rows:
        wrong = differences(recorded.get(what, {}), host)
        remark(not wrong, "%s: this machine's headers" % what, wrong)
    return done()


if __name__ == '__main__':
    sys.exit(main())
