# SPDX-License-Identifier: MIT
"""Which events belong to one fault, and what each hop cost.

A hop's instructions are those of its own process: what others did while it
slept is left out. web/faults.js does the same for the pages.
"""


def shown(text):
    """TEXT, which a program may have chosen, without characters that a terminal
    or a picture would not take as such."""
    return "".join(c if c.isprintable() else
                   ascii(c)[1:-1] for c in str(text))


class Fault:
    def __init__(self, event, index, cls):
        self.pid = event["pid"]
        self.addr = event["args"]["addr"]
        self.cls = cls
        self.hops = [index]  # numbers of its events
        self.costs = [0]  # instructions since the hop before
        self.what = ""

    def total(self):
        return sum(self.costs)


class Faults:
    """events, header; list: all faults; of: {number of an event: Fault};
    names: {pid: last name}; spans: {pid: [first, last event]}"""

    def __init__(self, header, events):
        self.header = header
        self.events = events
        words = header["classes"]
        self.none = words.index("none") if "none" in words else 0
        self.list, self.of = [], {}
        self.names, self.spans = {0: "idle"}, {}
        self.used, self.open, self.before = {}, {}, {}
        for index, event in enumerate(events):
            self.take(event, index)

    def take(self, event, index):
        pid, name, args = event["pid"], event["ev"], event["args"]
        if index:
            ran = args["from"] if name == "task_switch" else pid
            spent = event["tsc"] - self.events[index - 1]["tsc"]
            self.used[ran] = self.used.get(ran, 0) + spent
        self.spans.setdefault(pid, [index, index])[1] = index
        if name == "task_name":
            self.names[args["task"]] = args["name"]
        elif name == "fault_enter":
            self.open[pid] = Fault(event, index, self.none)
            self.before[pid] = self.used.get(pid, 0)
            self.list.append(self.open[pid])
            self.of[index] = self.open[pid]
        elif pid in self.open and name not in ("task_switch", "syscall"):
            self.hop(self.open[pid], event, index)

    def hop(self, fault, event, index):
        now = self.used.get(fault.pid, 0)
        fault.hops.append(index)
        fault.costs.append(now - self.before[fault.pid])
        self.before[fault.pid] = now
        self.of[index] = fault
        args = event["args"]
        if event["ev"] == "fault_class":
            fault.cls = args["class"]
        elif event["ev"] == "shm_page":
            fault.what = "segment %d page %d" % (args["id"], args["index"])
        elif event["ev"] == "fault_exit":
            del self.open[fault.pid]

    def who(self, pid):
        name = shown(self.names.get(pid, "process"))
        return "%s %d" % (name, pid) if pid else name

    def word(self, fault):
        """The class of FAULT."""
        words = self.header["classes"]
        return words[fault.cls] if fault.cls < len(words) else str(fault.cls)


def choose(found, pids, classes):
    """The faults of processes PIDS and CLASSES; None stands for all."""
    return [f for f in found.list
            if (not pids or f.pid in pids) and
            (not classes or found.word(f) in classes)]
