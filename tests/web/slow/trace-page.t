#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clicks through a trace page in Chromium: list, hops, source, time, filter,
keys, segment, tables, themes, a narrow window. Pictures: build/web-shots."""

import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import pages  # noqa: E402
from browser import Browser, find  # noqa: E402
from tap import done, ok, skip_all, vm  # noqa: E402

EVENT = "FL.page.events[FL.page.index]"


def make(folder):
    trace = os.path.join(folder, "t.jsonl")
    vm("--icount", "--trace", trace, "--",
       "testwrite; testread; whofaults; parentchild")
    page = os.path.join(folder, "t.html")
    subprocess.run(["tools/trace-view", trace, "-o", page], check=True)
    return "file://" + page


def look(page):
    """The page as it opens: at the first fault of a segment."""
    ok(page.value(EVENT + ".name") == "fault_exit", "it opens at a fault")
    ok(page.value("document.querySelectorAll('.hops tr').length") == 7,
       "the hops of a first touch: seven")
    ok(page.value("!!document.querySelector('#segment g.page.now') && "
                  "!!document.querySelector('#segment path.link.mapped')"),
       "the segment has its page, and a line to an entry")
    ok(page.value("document.querySelectorAll('#space g.area').length") > 5 and
       page.value("!!document.querySelector('#space g.area.now')"),
       "the tree has its areas, one is marked")
    fault = "FL.page.faults.of[FL.page.index]"
    ok(page.value("document.querySelector('#space .note').textContent"
                  ".startsWith(FL.hex(%s.addr, 8))" % fault),
       "the tables tell the address")


def click(page):
    page.click("#prev")
    ok(page.value(EVENT + ".name") == "pte_set", "one event back: the entry")
    page.click(".hops tr:nth-child(5)")
    ok(page.value(EVENT + ".name") == "shm_page", "a click on a hop")
    source = page.value("document.querySelector('#source-at').textContent")
    ok(source.startswith("ipc/shm/shm_fault.c:"), "the source line of it", source)
    ok("TRACE(shm_page" in page.value(
        "document.querySelector('.source .now').textContent"),
       "is the one that is marked")
    page.click(".source .chips button:nth-child(3)")
    ok(page.value("document.querySelector('#source-at').textContent")
       .startswith("user/shm/testwrite.c:"), "and the line of the program")
    page.value("FL.page.select(FL.page.faults.of[FL.page.index].first)")
    page.click(".row.fault.now .open")
    ok(page.value("document.querySelectorAll('.row.hop').length") >= 7,
       "a fault opens into its hops in the list")
    page.click("#next-fault")
    ok(page.value(EVENT + ".name") == "fault_exit", "the next fault")


def keys(page):
    page.value("document.activeElement.blur()")
    before = page.value("FL.page.index")
    page.key("ArrowRight")
    page.key("ArrowRight")
    page.key("ArrowLeft")
    ok(page.value("FL.page.index") == before + 1, "arrows step")
    page.key("Home")
    ok(page.value("FL.page.index") == 0, "Home")
    page.key("End")
    ok(page.value("FL.page.index === FL.page.events.length - 1"), "End")
    page.key("?")
    ok(page.value("document.getElementById('help').open"), "? tells the keys")
    page.key("Escape")
    page.value("document.getElementById('help').close()")


def scrub(page):
    box = page.value("(() => { const r = document.querySelector("
                     "'canvas.timeline').getBoundingClientRect();"
                     "return [r.x, r.y, r.width]; })()")
    page.click_at(box[0] + box[2] * 0.5, box[1] + 60)
    share = page.value("FL.page.index / FL.page.events.length")
    ok(0.3 < share < 0.6, "a click into the time goes there", share)


def filters(page):
    page.key("/")
    page.type("class=shm")
    rows = page.value("FL.page.list.rows.filter(r => r.fault).length")
    shm = page.value("FL.page.faults.list.filter(f => f.cls === 4).length")
    ok(rows == shm > 5, "a filter leaves the faults of segments", (rows, shm))
    page.click("#first")
    page.click("#next-fault")
    ok(page.value("FL.page.faults.of[FL.page.index].cls") == 4,
       "steps keep to it")
    page.value("FL.page.filterBox.value = ''; FL.page.setFilter('')")


def looks(page):
    page.value("FL.page.select(FL.page.faults.list.filter(f => f.seg === 1)"
               ".pop().hops[3])")
    for scheme in ("light", "dark"):
        page.scheme(scheme)
        pages.shot(page, "trace-" + scheme)
    page.size(420, 900)
    page.settle()
    pages.no_overflow(page, "narrow")
    pages.shot(page, "trace-narrow")
    page.size(1280, 800)
    page.click("#theme")
    ok(page.value("document.documentElement.dataset.theme") == "light",
       "the toggle turns dark into light")


def main():
    if not find():
        skip_all("chromium is missing: tools/setup --web")
    with tempfile.TemporaryDirectory() as folder, Browser() as page:
        page.scheme("light")
        page.go(make(folder))
        for part in (look, click, keys, scrub, filters, looks):
            part(page)
        ok(not [u for u in page.requests if not u.startswith(
            ("file:", "data:"))], "nothing was fetched", page.requests)
        ok(not page.errors, "no error in the page", "\n".join(page.errors))
    sys.exit(done())


if __name__ == "__main__":
    main()
