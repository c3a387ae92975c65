# SPDX-License-Identifier: MIT
"""How a tool ends: what goes wrong outside of it is one sentence.

    if __name__ == "__main__":
        cli.run("tools/size", lambda: main(sys.argv))

A file that cannot be read or written, a full disk, a closed standard output, a
program that fails, or what the tool itself has a sentence for: the status is 1
unless the tool says otherwise. A reader that has gone ends a tool as it ends
others: by SIGPIPE.
"""

import os
import sys

try:
    import _signal as signal  # without the names of its enums, which are dear
except ImportError:
    import signal

STANDARD = ("standard input", "standard output", "standard error")


def say(text):
    """TEXT and a newline on standard error, whatever bytes its names have."""
    code = sys.getfilesystemencoding()
    try:
        data = text.encode(code, "surrogateescape")
    except UnicodeError:
        data = text.encode(code, "backslashreplace")
    try:
        write_all(2, data + b"\n")
    except OSError:
        pass  # there is nobody to be told


def write_all(fd, data):
    try:
        while data:
            data = data[os.write(fd, data):]
    except OSError as e:
        e.filename = STANDARD[fd]
        raise


def described(error):
    """An OSError as a sentence, with the file's name if it knows it."""
    name, why = error.filename, error.strerror or str(error)
    if name is None:
        return why
    return "%s: %s" % (STANDARD[name] if name in (0, 1, 2) else
                       os.fsdecode(name), why)


def hold_standard_files():
    """A file that we open must not become standard output because that was
    closed; what is written there shall be an error."""
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if fd == 2 else os.O_RDONLY)
            os.set_inheritable(fd, True)


def die_of(number):
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def leave(status):
    """The end, without what Python does for long-lived programs."""
    os._exit(status)


def _text_output():
    """sys.stdout whose errors say that they are of standard output."""
    import io

    class Output(io.FileIO):
        def write(self, data):
            try:
                return super().write(data)
            except OSError as e:
                e.filename = STANDARD[1]
                raise

    return io.TextIOWrapper(io.BufferedWriter(Output(1, "w", closefd=False)),
                            errors="backslashreplace",
                            line_buffering=os.isatty(1))


def _failed_program(error):
    """The sentence for a CalledProcessError, else None."""
    subprocess = sys.modules.get("subprocess")
    if subprocess and isinstance(error, subprocess.CalledProcessError):
        return "%s failed with status %d" % (error.cmd[0], error.returncode)
    return None


def _attempt(name, main, failure, expected):
    try:
        status = main()
        sys.stdout.flush()
        return status or 0
    except BrokenPipeError:
        die_of(signal.SIGPIPE)
    except KeyboardInterrupt:
        die_of(signal.SIGINT)
    except expected as e:
        say("%s: %s" % (name, e))
    except OSError as e:
        say("%s: %s" % (name, described(e)))
    except UnicodeError as e:
        say("%s: a text is not in the code it should be in: %s" % (name, e))
    except MemoryError:
        say("%s: there is not enough memory" % name)
    except Exception as e:
        text = _failed_program(e)
        if text is None:
            raise
        say("%s: %s" % (name, text))
    return failure


def run(name, main, failure=1, expected=()):
    """Ends with MAIN's status, or with FAILURE and a sentence of NAME's. The
    text of an exception of the classes EXPECTED is the sentence."""
    hold_standard_files()
    sys.stdout = _text_output()
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", errors="replace")
    leave(_attempt(name, main, failure, expected))
