# SPDX-License-Identifier: MIT
"""A trace as a picture for slides: a lane for each process, the faults in it,
the frames and the swap slots below; with the hops of one fault if asked for. Light and dark."""

from html import escape

from .faults import shown

WIDTH, LABEL, LANE, FRAMES, SLOTS = 1200, 150, 30, 150, 60
CLASSES = {"none": "#7c8794", "zero": "#7d8896", "anon": "#2f6fde",
           "file": "#128a66", "shm": "#d9730d", "swap": "#8440b8",
           "cow": "#c2185b", "faster": "#8a6a4f", "kernel": "#b4bcc8"}
STYLE = """
text { font: 14px sans-serif; fill: #1c2430 }
.dim { fill: #5b6675; font-size: 12px } .life { fill: #e3e7ec }
.end { text-anchor: end } .mono { font-family: monospace; font-size: 12px }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e9f0 } .dim { fill: #98a5b5 } .life { fill: #28313d } }
""" + "".join(".%s { fill: %s }\n" % pair for pair in CLASSES.items())


def text(x, y, words, cls=""):
    return '<text x="%.1f" y="%.1f" class="%s">%s</text>' % (
        x, y, cls, escape(shown(words)))


def rect(x, y, width, height, cls, title=""):
    return ('<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" class="%s" '
            'rx="1"><title>%s</title></rect>' %
            (x, y, width, height, escape(shown(cls)), escape(shown(title))))


class Slide:
    def __init__(self, found, chosen):
        self.found = found
        self.chosen = chosen
        hops = [i for fault in chosen for i in fault.hops]
        self.first = min(hops, default=0)
        self.last = max(hops, default=1)
        self.parts = []
        self.y = 34

    def x(self, index):
        index = min(max(index, self.first), self.last)
        return LABEL + (index - self.first) / max(
            1, self.last - self.first) * (WIDTH - LABEL - 20)

    def lanes(self):
        for pid in sorted({fault.pid for fault in self.chosen}):
            first, last = self.found.spans[pid]
            self.parts.append(text(12, self.y + 15, self.found.who(pid)))
            self.parts.append(rect(self.x(first), self.y + 7, max(
                1, self.x(last) - self.x(first)), 6, "life"))
            for fault in (f for f in self.chosen if f.pid == pid):
                x = self.x(fault.hops[0])
                width = max(2.5, self.x(fault.hops[-1]) - x)
                word = self.found.word(fault)
                self.parts.append(rect(x, self.y, width, 20, word,
                                       "%08x %s" % (fault.addr, word)))
            self.y += LANE

    def lives(self):
        """(pfn, from, to, class) of each frame that was taken or given."""
        live, done = {}, []
        for index, event in enumerate(self.found.events):
            args = event["args"]
            if event["ev"] == "page_alloc":
                live[args["pfn"]] = [index, "kernel"]
            elif event["ev"] == "pte_set" and args["pfn"] in live and \
                    index in self.found.of:
                live[args["pfn"]][1] = self.found.word(self.found.of[index])
            elif event["ev"] == "page_free" and args["pfn"] in live:
                start, word = live.pop(args["pfn"])
                done.append((args["pfn"], start, index, word))
        return self.seen(done, live)

    def slots(self):
        """(slot, from, to, class) of each swap slot that somebody held."""
        live, done = {}, []
        for index, event in enumerate(self.found.events):
            name, args = event["ev"], event["args"]
            entry = {"shm_page": "slot", "pte_set": "before"}.get(name)
            freed = None
            if entry and args[entry] and not args[entry] & 0x81:
                freed = args[entry] >> 8, args[entry] >> 1 & 63
            if name == "shm_evict":
                live[args["slot"], args["area"]] = index, "shm", args["id"]
            elif name == "swap_out":
                live[args["slot"], args["area"]] = index, "anon", args["pid"]
            gone = {"shm_destroy": ("shm", args.get("id")),
                    "task_exit": ("anon", event["pid"])}.get(name)
            for key in [k for k in live if k == freed or live[k][1:] == gone]:
                start, word, _ = live.pop(key)
                done.append((key, start, index, word))
        return self.seen(done, live)

    def seen(self, done, live):
        """Those of the lives that are in the picture."""
        done += [(key, start, len(self.found.events), word)
                 for key, (start, word, *_) in live.items()]
        return [life for life in done
                if life[2] >= self.first and life[1] <= self.last]

    def strip(self, label, lives, height, name):
        rows = {key: n for n, key in enumerate(
            sorted({life[0] for life in lives}, reverse=True))}
        unit = height / max(len(rows), 10)
        self.y += 12
        self.parts.append(text(12, self.y + 12, label))
        self.parts.append(text(12, self.y + 28, "%d seen" % len(rows), "dim"))
        for key, start, end, word in lives:
            self.parts.append(rect(
                self.x(start), self.y + rows[key] * unit,
                max(1, self.x(end) - self.x(start)), max(0.8, unit - 0.6),
                word, name(key) + ": " + word))
        self.y += height + 24

    def memory(self):
        self.strip("frames", self.lives(), FRAMES,
                   lambda pfn: "frame %x" % pfn)
        slots = self.slots()
        if slots:
            self.strip("swap slots", slots, SLOTS,
                       lambda key: "slot %d of area %d" % key)

    def legend(self):
        x = LABEL
        for word in sorted({self.found.word(f) for f in self.chosen}):
            self.parts.append(rect(x, self.y - 11, 12, 12, word))
            self.parts.append(text(x + 18, self.y, word, "dim"))
            x += 90
        self.y += 20

    def hops(self, fault):
        self.y += 14
        self.parts.append(text(12, self.y, "%08x, %s, %s: %d %s" % (
            fault.addr, self.found.word(fault), self.found.who(fault.pid),
            fault.total(), self.found.header["clock"])))
        most = max(max(fault.costs), 1)
        for index, cost in zip(fault.hops, fault.costs):
            event = self.found.events[index]
            self.y += 24
            self.parts += [
                text(24, self.y, event["ev"]),
                text(160, self.y, event["at"], "dim"),
                text(400, self.y, cost or "", "mono end"),
                rect(412, self.y - 11, cost / most * 420, 13,
                     self.found.word(fault)),
                text(850, self.y, event.get("line", ""), "dim mono")]
        self.y += 20


def make(found, chosen, event):
    slide = Slide(found, chosen)
    slide.parts.append(text(12, 20, found.header["command"] or "a trace"))
    slide.lanes()
    slide.memory()
    slide.legend()
    if event is not None and event in found.of:
        slide.hops(found.of[event])
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d">\n'
            '<style>%s</style>\n%s\n</svg>\n' %
            (WIDTH, slide.y, STYLE, "\n".join(slide.parts)))
