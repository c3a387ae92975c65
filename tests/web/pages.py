# SPDX-License-Identifier: MIT
"""What the two tests with a browser share: TAP, the folder, pictures."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import BUILD, ok, skip_all

SHOTS = os.path.join(BUILD, "web-shots")


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            skip_all("%s is missing: tools/setup --web" % program)


def web_folder(path):
    """`make web` into PATH; skips where the parts cannot be had."""
    made = subprocess.run(["tools/web", "-o", path], stderr=subprocess.PIPE,
                          encoding="utf-8")
    if made.returncode:
        reason = made.stderr.strip()
        if "is missing" in reason or "cannot fetch" in reason:
            skip_all(reason)
        print("Bail out! " + reason)
        sys.exit(1)


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map,
                      ".wasm": "application/wasm"}

    def log_message(self, *_):
        pass


def serve(folder):
    """A file server for FOLDER on a free port; its address."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return "http://127.0.0.1:%d/" % server.server_port


def shot(page, name, full=False):
    """A picture to look at, in the build folder; it must not be empty."""
    os.makedirs(SHOTS, exist_ok=True)
    path = os.path.join(SHOTS, name + ".png")
    page.settle()
    page.screenshot(path, full)
    ok(os.path.getsize(path) > 15000, "picture %s" % path,
       os.path.getsize(path))


def no_overflow(page, name):
    wide = page.value("document.documentElement.scrollWidth - innerWidth")
    ok(wide <= 0, "%s: nothing sticks out sideways" % name, wide)
