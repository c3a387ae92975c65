#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Drives the machine in its page, in Chromium: boots, types, holds it at a
page of a segment, steps, steps back, lets it run. Pictures: build/web-shots."""

import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import pages  # noqa: E402
from browser import Browser, find  # noqa: E402
from tap import done, ok, skip_all  # noqa: E402

NAME = "FL.page.events[FL.page.events.length - 1].name"
READY = "FL.live.machine.held && !document.getElementById('m-step').disabled"


def text_has(page, text, times=1):
    return page.wait("FL.live.terminal.screen.text().split(%r).length > %d" %
                     (text, times))


def boot(page):
    ok(page.wait("!!(globalThis.FL && FL.live)"), "the page is there",
       page.errors)
    ok(text_has(page, "faultline:/# "), "the machine boots to a prompt",
       page.value("FL.live.terminal.screen.text()"))
    ok(page.value("FL.page.faults.list.length") > 500,
       "its faults have come through the gate")
    page.settle()
    pages.shot(page, "live-runs")


def hold(page):
    page.click("#m-hold")
    page.click("#console")
    page.type("testread\n")
    ok(page.wait(READY), "held at a page of the segment")
    ok(page.value(NAME) == "fault_vma", "where its area was found",
       page.value(NAME))
    names = []
    for _ in range(3):
        n = page.value("FL.page.events.length")
        page.click("#m-step")
        page.wait("%s && FL.page.events.length === %d && FL.page.index === %d"
                  % (READY, n + 1, n))
        names.append(page.value(NAME))
    ok(names == ["fault_class", "shm_page", "pte_set"],
       "each step is the next hop", names)
    ok(page.value("document.querySelectorAll('.hops tr').length") == 5 and
       page.value("!!document.querySelector('#segment path.link.mapped')"),
       "hops and segment follow")
    for scheme in ("light", "dark"):
        page.scheme(scheme)
        pages.shot(page, "live-" + scheme)


def back(page):
    n = page.value("FL.page.events.length")
    page.click("#m-back")
    ok(page.wait("FL.page.events.length === %d && %s === 'shm_page'" %
                 (n - 1, NAME)), "a step back", page.value(NAME))
    page.click("#m-step")
    ok(page.wait("FL.page.events.length === %d && %s === 'pte_set'" %
                 (n, NAME)), "and forward again", page.value(NAME))


def run(page):
    page.click("#m-run")
    ok(text_has(page, "ok: ten records", 2), "it runs on, the program ends")
    page.click("#console")
    page.type("echo $((6 * 7))\n")
    ok(text_has(page, "\n42"), "the console answers")
    page.size(420, 900)
    page.settle()
    pages.no_overflow(page, "narrow")
    pages.shot(page, "live-narrow")


def reboot(page):
    page.size(1280, 800)
    page.click("#console")
    page.type("reboot\n")
    ok(text_has(page, "faultline:/# ", 4), "it boots again",
       page.value("FL.live.terminal.screen.text()"))
    ok(page.value("FL.page.events[0].seq === 0 && "
                  "FL.page.events.every((ev, i) => ev.seq === i)"),
       "and its events begin anew")


def main():
    if not find():
        skip_all("chromium is missing: tools/setup --web")
    with tempfile.TemporaryDirectory() as folder:
        pages.web_folder(folder + "/web")
        with Browser() as page:
            page.scheme("light")
            address = pages.serve(folder + "/web")
            page.go(address)
            for part in (boot, hold, back, run, reboot):
                part(page)
            ok(not [u for u in page.requests if not u.startswith(
                (address, "data:", "blob:"))], "nothing came from elsewhere",
               page.requests)
            ok(not page.errors, "no error in the page",
               "\n".join(page.errors))
    sys.exit(done())


if __name__ == "__main__":
    main()
