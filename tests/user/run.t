#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the programs of tests/user on Linux and in Faultline.

usage: tests/user/run.t [--record] [--own] [NAME...]

Every program must print in Faultline what tests/user/expected/NAME.out holds.
Unless programs.txt says "own" this machine's Linux is asked as well; when it
says otherwise that is a remark. --record writes those files from what Linux
prints; with --own, from what Faultline prints, for the programs Linux cannot
vouch for. TAP.
"""
import glob
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from tap import BUILD, done, ok, remark, skip, undecided, vm

OUT = os.path.abspath(os.path.join(BUILD, 'tests-user'))
CC = ['tools/guestcc']
FLAGS = ['-static', '-std=gnu11', '-O1', '-s', '-Wall', '-Wextra',
         # bad arguments are the point
         '-Wno-unused-result', '-Wno-unused-parameter', '-Wno-nonnull',
         '-Wno-stringop-overflow', '-Wno-stringop-overread',
         '-Wno-missing-field-initializers']
ROOT_BY = [] if os.geteuid() == 0 else ['sudo', '-n']
# A program with IPC ids, /tmp and /dev/shm of its own, and Faultline's limits.
FRESH = ROOT_BY + ['unshare', '-i', '-m', 'sh', '-ec', """
    echo 33554432 >/proc/sys/kernel/shmmax
    mount -t tmpfs -o mode=1777 tmp /mnt
    mkdir /mnt/t
    mount --bind "$0" /mnt/t
    mount --rbind /mnt /tmp
    mount -t tmpfs -o mode=1777 shm /dev/shm
    exec /tmp/t/driver host "$1" """, os.path.join(OUT, 't')]
VM_RAM = '96M'  # the programs are static, and lie in RAM


def programs():
    """[(name, whether Linux vouches for it)]"""
    rows = []
    with open(os.path.join(HERE, 'programs.txt')) as f:
        for line in f:
            words = line.split('#')[0].split()
            if words:
                rows.append((words[0], words[1] == 'same'))
    return rows


def unlisted(rows):
    """Sources of this folder that programs.txt does not name."""
    here = {f[:-2] for f in os.listdir(HERE) if f.endswith('.c')}
    return sorted(here - {'driver'} - {n for n, _ in rows})


def build(name):
    """Compiles NAME if need be; what the compiler said if it failed."""
    target, source = os.path.join(OUT, 't', name), os.path.join(HERE, name + '.c')
    inputs = [source] + glob.glob(os.path.join(glob.escape(HERE), '*.h'))
    if os.path.exists(target) and all(
            os.path.getmtime(target) >= os.path.getmtime(i) for i in inputs):
        return None
    mine = '%s.%d' % (os.path.join(OUT, name), os.getpid())  # of two at once
    run = subprocess.run(CC + FLAGS + ['-o', mine, source],
                         capture_output=True, text=True)
    if run.returncode:
        return run.stderr
    os.replace(mine, target)
    return None


def forget_other_compiler():
    """Programs another compiler or other flags made are built again."""
    stamp = os.path.join(OUT, 'compiler')
    words = ' '.join([os.environ.get('CC') or 'gcc'] + FLAGS)
    if os.path.exists(os.path.join(OUT, '../.flags')):  # with its version
        with open(os.path.join(OUT, '../.flags')) as f:
            words += f.read()
    try:
        with open(stamp) as f:
            if f.read() == words:
                return
    except FileNotFoundError:
        pass
    for path in glob.glob(os.path.join(glob.escape(OUT), 't', '*')):
        os.remove(path)
    with open(stamp, 'w') as f:
        f.write(words)


def succeeds(command):
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def host_reason():
    """Why this machine cannot be asked; '' if it can."""
    if not succeeds(ROOT_BY + ['true']):
        return 'changing identities needs root, or sudo without a password'
    if not succeeds([os.path.join(OUT, 't', 'driver')]):
        return 'this machine runs no i386 programs'
    if run_on_host('driver') != 'exit 0\n':
        return 'no IPC and mount namespaces of its own here'
    return ''


def run_on_host(name):
    """What NAME prints here, with its end as the last line."""
    run = subprocess.run(FRESH + [name], stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return run.stdout.decode(errors='replace')


def run_in_faultline(names):
    """{name: what it printed}, {name: verdict of the checkers}, last words."""
    run = vm('--ram', VM_RAM, '--add', OUT, '--',
             '/t/driver ' + ' '.join(names))
    printed, checks, name = {}, {}, None
    for line in run.stdout.splitlines():
        words = line.split()
        if line.startswith('@@@ begin'):
            name = words[2]
            printed[name] = ''
        elif line.startswith('@@@ end') and name:
            printed[name] += ' '.join(words[3:]) + '\n'
            name = None
        elif line.startswith('@@@ check'):
            checks[words[2]] = ' '.join(words[3:])
        elif name:
            printed[name] += line + '\n'
    return printed, checks, run.returncode, run.stderr


def expected(name):
    try:
        with open(os.path.join(HERE, 'expected', name + '.out')) as f:
            return f.read()
    except FileNotFoundError:
        return None


def record(name, text):
    with open(os.path.join(HERE, 'expected', name + '.out'), 'w') as f:
        f.write(text)
    print('# recorded %s' % name)


def differences(want, got):
    """A few lines that say where GOT leaves WANT."""
    if want is None:
        return 'nothing is recorded for it; it printed:\n' + got
    want, got = want.splitlines(), got.splitlines()
    notes, i = [], 0
    while len(notes) < 12 and i < max(len(want), len(got)):
        w = want[i] if i < len(want) else '(nothing)'
        g = got[i] if i < len(got) else '(nothing)'
        if w != g:
            notes += ['line %d, wanted: %s' % (i + 1, w),
                      'line %d,    got: %s' % (i + 1, g)]
        i += 1
    return '\n'.join(notes)


def test_host(rows, recording):
    reason = host_reason()
    for name, same in rows:
        what = '%s: on Linux' % name
        if not same:
            continue
        if reason:
            skip(what, reason)
            continue
        text = run_on_host(name)
        if '@@@ after' in text:
            undecided(what, 'it did not end in time')
            continue
        if recording:
            record(name, text)
        remark(text == expected(name), what, differences(expected(name), text))


def test_faultline(rows, outcome, recording):
    printed, checks, status, last = outcome
    for name, same in rows:
        text = printed.get(name, '(did not run)\n')
        if recording and not same and name in printed:
            record(name, text)
        ok(text == expected(name), '%s: in Faultline' % name,
           differences(expected(name), text))
        verdict = checks.get(name, 'the checkers did not run')
        ok(verdict == 'ok', '%s: all is as before' % name,
           verdict)
    ok(status == 0, 'the machine ended well', last)


def main(argv):
    options = [a for a in argv if a.startswith('--')]
    names = [a for a in argv if not a.startswith('--')]
    rows = programs()
    ok(not unlisted(rows), 'programs.txt names every program',
       ' '.join(unlisted(rows)))
    rows = [r for r in rows if not names or r[0] in names]
    os.makedirs(os.path.join(OUT, 't'), exist_ok=True)
    forget_other_compiler()
    with ThreadPoolExecutor(2) as pool:
        errors = list(pool.map(build, ['driver'] + [n for n, _ in rows]))
    for name, error in zip(['driver'] + [n for n, _ in rows], errors):
        if error:
            ok(False, '%s builds' % name, error)
    from_linux = '--record' in options and '--own' not in options
    with ThreadPoolExecutor(1) as pool:  # the machine runs meanwhile
        machine = from_linux or pool.submit(run_in_faultline, [n for n, _ in rows])
        test_host(rows, from_linux)
        if not from_linux:
            test_faultline(rows, machine.result(), '--own' in options)
    return done()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
