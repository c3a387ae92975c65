# SPDX-License-Identifier: MIT
"""Drives Chromium through its debugging pipe: JSON with a NUL behind it.

    with Browser() as page:
        page.go("file:///tmp/t.html")
        page.click("#next")
        page.value("document.title")
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap

PATIENCE = 300  # seconds for one step
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-dev-shm-usage", "--disable-extensions", "--mute-audio",
         "--disable-background-networking", "--disable-sync",
         "--hide-scrollbars", "--remote-debugging-pipe")


def find():
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class BrowserError(Exception):
    pass


class Browser:
    def __init__(self, width=1280, height=800):
        self.home = tempfile.mkdtemp()
        to_chrome, self.out = os.pipe()
        self.inp, from_chrome = os.pipe()
        self.process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (to_chrome, from_chrome),
             "sh", find(), "--user-data-dir=" + self.home, *FLAGS],
            pass_fds=(to_chrome, from_chrome), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_chrome)
        os.close(from_chrome)
        self.number, self.data, self.session = 0, b"", None
        self.errors = []  # exceptions and console errors of the page
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.call(domain + ".enable")
        self.size(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.inp)
        os.close(self.out)
        shutil.rmtree(self.home, ignore_errors=True)

    # --- the protocol ------------------------------------------------------

    def message(self):
        while b"\0" not in self.data:
            if not select.select([self.inp], [], [], PATIENCE)[0]:
                tap.give_up("the browser does not answer")
            more = os.read(self.inp, 1 << 20)
            if not more:
                raise BrowserError("the browser has ended")
            self.data += more
        text, self.data = self.data.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.out, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BrowserError("%s: %s" % (
                        method, answer["error"]["message"]))
                return answer["result"]
            self.note(answer)

    def note(self, event):
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get(
                "description", details["text"]))
        elif event.get("method") == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    # --- the page ------------------------------------------------------

    requests = []

    def go(self, url):
        self.requests = []
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise BrowserError(result["exceptionDetails"].get(
                "exception", {}).get("description", expression))
        return result["result"].get("value")

    def wait(self, expression):
        """Until EXPRESSION holds; true."""
        deadline = time.monotonic() + PATIENCE
        while not self.value(expression):
            if time.monotonic() > deadline:
                tap.give_up("within %d seconds: %s" % (PATIENCE, expression))
            time.sleep(0.05)
        return True

    def click(self, selector):
        """A real click in the middle of the first element of SELECTOR."""
        spot = self.value(
            "(() => { const e = document.querySelector(%s); if (!e) return "
            "null; e.scrollIntoView({block: 'center'}); const r = "
            "e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + "
            "r.height / 2]; })()" % json.dumps(selector))
        if spot is None:
            raise BrowserError("there is no " + selector)
        self.click_at(*spot)

    def click_at(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                      button="left", buttons=1, clickCount=1)

    def key(self, key, shift=False):
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if kind == "keyDown" and text else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key,
                      modifiers=8 if shift else 0, **more)

    def type(self, text):
        for letter in text:
            self.key("Enter" if letter == "\n" else letter)

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": name}])

    def screenshot(self, path, full=False):
        shot = self.call("Page.captureScreenshot", format="png",
                         captureBeyondViewport=full)
        with open(path, "wb") as f:
            f.write(base64.b64decode(shot["data"]))

    def settle(self):
        """Two frames later everything is drawn."""
        self.value("new Promise(r => requestAnimationFrame(() => "
                   "requestAnimationFrame(() => setTimeout(r, 50))))")
