/* SPDX-License-Identifier: MIT */
/*
 * From events to faults: which events belong to one fault, how many
 * instructions each hop took, and what each says in words.
 *
 *   fault_enter .. fault_exit of one process, in between perhaps others' events
 *
 * INV-WB3 a hop's instructions are those of its own process: what ran while it
 *         slept is left out
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

FL.Faults = class {
  constructor(events) {
    this.events = events;
    this.reset();
  }

  reset() {
    this.list = []; /* {pid, first, last, addr, cls, hops: [index]} */
    this.of = []; /* event -> fault or undefined */
    this.cpu = []; /* event -> instructions its process has had */
    this.lanes = new Map(); /* pid -> {pid, name, first, last, forks} */
    this.open = new Map(); /* pid -> fault not finished */
    this.used = new Map(); /* pid -> instructions */
    this.pos = 0;
  }

  /* Takes in what the list of events has grown by, or lost. */
  update() {
    if (this.events.length < this.pos) this.reset();
    for (; this.pos < this.events.length; this.pos++)
      this.take(this.events[this.pos], this.pos);
  }

  take(ev, i) {
    const before = this.events[i - 1];
    const ran = ev.name === "task_switch" ? ev.a.from : ev.pid;
    if (before) {
      const spent = Math.max(0, ev.tsc - before.tsc);
      this.used.set(ran, (this.used.get(ran) || 0) + spent);
    }
    this.cpu[i] = this.used.get(ev.pid) || 0;
    this.lane(ev, i);
    if (ev.name === "fault_enter") this.begin(ev, i);
    const fault = this.open.get(ev.pid);
    if (!fault) return;
    this.of[i] = fault;
    if (ev.name === "task_switch" || ev.name === "syscall") return;
    fault.hops.push(i);
    fault.last = i;
    if (ev.name === "fault_class") fault.cls = ev.a.class;
    if (ev.name === "shm_page") Object.assign(fault,
      { seg: ev.a.id, page: ev.a.index, state: ev.a.state });
    if (ev.name === "fault_signal") fault.signal = ev.a.signo;
    if (ev.name === "fault_exit") {
      fault.outcome = ev.a.outcome;
      this.open.delete(ev.pid);
    }
  }

  begin(ev, i) {
    const fault = { pid: ev.pid, first: i, last: i, addr: ev.a.addr >>> 0,
      code: ev.a.code, eip: ev.a.eip, cls: FL.CLASS.NONE, hops: [],
      n: this.list.length };
    this.open.set(ev.pid, fault);
    this.list.push(fault);
  }

  lane(ev, i) {
    let lane = this.lanes.get(ev.pid);
    if (!lane) this.lanes.set(ev.pid, lane = { pid: ev.pid, first: i,
      last: i, name: ev.pid ? "" : "idle" });
    lane.last = i;
    if (ev.name === "task_fork") this.lanes.delete(ev.a.child);
    if (ev.name === "task_fork") this.lanes.set(ev.a.child,
      { pid: ev.a.child, first: i, last: i, name: lane.name });
    const named = ev.name === "task_name" && this.lanes.get(ev.a.task);
    if (named) named.name = FL.nameOf(ev.a);
    if (ev.name === "task_exit") lane.end = i;
  }

  /* Instructions between event I and the hop before it, in its fault. */
  cost(i) {
    const fault = this.of[i];
    if (!fault) return null;
    const k = fault.hops.indexOf(i);
    return k > 0 ? this.cpu[i] - this.cpu[fault.hops[k - 1]] : 0;
  }

  total(fault) { return this.cpu[fault.last] - this.cpu[fault.first]; }
};

/* The name in a task_name event: a string, or four words of 4 letters. */
FL.nameOf = function (a) {
  if (a.name !== undefined) return a.name;
  let text = "";
  for (const word of [a.name0, a.name1, a.name2, a.name3])
    for (let i = 0; i < 32; i += 8) {
      const c = (word || 0) >>> i & 255;
      if (!c) return text;
      text += String.fromCharCode(c);
    }
  return text;
};

/* --- in words --------------------------------------------------------- */

const h8 = n => FL.hex(n, 8);
const pages = (a, b) => {
  const n = (b - a) / FL.PAGE;
  return n + (n === 1 ? " page" : " pages");
};

function access(code) {
  return (code & FL.PF.USER ? "the program " : "the kernel ") +
    (code & FL.PF.WRITE ? "writes" : "reads") +
    (code & FL.PF.PRESENT ? ", not allowed by the entry" : ", no page there");
}

const words = {
  mark: a => "the program's mark " + a.value,
  fault_enter: a => h8(a.addr) + ": " + access(a.code) +
    " (instruction " + h8(a.eip) + ")",
  fault_vma: a => "area " + h8(a.start) + "–" + h8(a.end) + " " +
    FL.flagsText(a.flags) + (a.flags & FL.VM.SHM ? " shared memory" : ""),
  fault_class: a => FL.CLASSES[a.class] + "; the entry holds " + h8(a.pte) +
    ", " + FL.pteText(a.pte),
  shm_page: a => "segment " + a.id + " page " + a.index + ": " +
    (FL.SHM_STATES[a.state] || "") + " (frame " + FL.hex(a.pfn) + ")",
  page_alloc: a => "frame " + FL.hex(a.pfn) + (a.order ? ", " +
    (1 << a.order) + " of them" : "") + " leaves the free lists, " + a.free +
    " left",
  page_free: a => "frame " + FL.hex(a.pfn) + " is free again, " + a.free +
    " now",
  pte_set: a => h8(a.addr) + ": " + FL.pteText(a.before) + " → " +
    FL.pteText(a.after) + (a.count ? "; count " + a.count : ""),
  pte_range: a => pages(a.start, a.end) + " from " + h8(a.start) + ": " +
    FL.pteText(a.first) + " and on",
  pte_zap: a => pages(a.start, a.end) + " from " + h8(a.start) +
    " emptied, " + a.dropped + " frames dropped",
  pte_copy: a => "entries of " + h8(a.start) + "–" + h8(a.end) +
    " copied" + (a.cow ? ", read only in both" : ""),
  pte_protect: a => h8(a.start) + "–" + h8(a.end) + " gets other rights",
  fault_exit: a => (FL.OUTCOMES[a.outcome] || "outcome " + a.outcome) +
    "; " + a.rss + " pages resident, " + a.minflt + " minor and " + a.majflt +
    " major faults",
  fault_fixup: a => "the kernel's copy goes on at its fixup",
  fault_signal: a => "signal " + a.signo + " for " + h8(a.addr),
  shm_get: a => "segment " + a.id + " is made, key " + FL.hex(a.key) + ", " +
    pages(0, a.npages * FL.PAGE),
  shm_attach: a => "segment " + a.id + " attached at " + h8(a.addr) + ", " +
    a.nattch + " attached",
  shm_detach: a => "segment " + a.id + " leaves " + h8(a.addr) + ", " +
    a.nattch + " attached",
  shm_destroy: a => "segment " + a.id + " is destroyed",
  shm_evict: a => "segment " + a.id + " page " + a.index + " goes to slot " +
    a.slot + ", frame " + FL.hex(a.pfn) + " is given up",
  swap_out: a => "page " + h8(a.addr) + " of " + a.pid + " goes to slot " +
    a.slot,
  swap_cached: a => "slot " + a.slot + " is still in frame " + FL.hex(a.pfn),
  cache_drop: a => "frame " + FL.hex(a.pfn) + " of a file is given up",
  reclaim_enter: a => "memory is looked for: " + a.free + " frames free" +
    ", urgency " + a.urgency,
  reclaim_exit: a => a.freed + " frames were found, " + a.free + " are free",
  shm_scan: a => "segment " + a.id + " page " + a.index + ": " + (a.young ?
    "used lately" : "not used lately") + ", mapped " + a.mapped + " times: " +
    FL.VERDICTS[a.verdict],
  swap_read: a => "slot " + a.slot + " is read into frame " + FL.hex(a.pfn),
  swap_write: a => "frame " + FL.hex(a.pfn) + " is written to slot " + a.slot,
  swap_done: a => "slot " + a.slot + (a.error ? ": error " + a.error :
    " is written"),
  vma_link: a => "area " + h8(a.start) + "–" + h8(a.end) + " " +
    FL.flagsText(a.flags) + " enters the tree",
  vma_unlink: a => "area " + h8(a.start) + "–" + h8(a.end) +
    " leaves the tree",
  vma_bounds: a => "area " + h8(a.start) + "–" + h8(a.end) +
    " becomes " + h8(a.to_start) + "–" + h8(a.to_end),
  vma_flags: a => "area " + h8(a.start) + " is " + FL.flagsText(a.flags),
  mm_free: a => "the address space is gone",
  task_fork: a => "a child, process " + a.child,
  task_exec: a => "the program begins at " + h8(a.entry),
  task_name: a => "process " + a.task + " is called " + FL.nameOf(a),
  task_exit: a => "ends, status " + FL.hex(a.code),
  task_switch: a => "process " + a.to + " gets the processor",
  syscall: a => ((FL.calls || {})[a.nr] || "call " + a.nr) + "(" +
    [a.a, a.b, a.c].map(n => FL.hex(n)).join(", ") + ")",
};

/* One sentence for EV; its arguments where there is none. */
FL.describe = function (ev) {
  const say = words[ev.name];
  if (say) return say(ev.a);
  return Object.entries(ev.a).map(([k, v]) => k + "=" + v).join(" ");
};

FL.faultTitle = function (f) {
  const what = f.cls !== FL.CLASS.NONE ? FL.CLASSES[f.cls] :
    f.signal ? "refused" : "fault";
  return h8(f.addr) + " " + what +
    (f.seg !== undefined ? " (segment " + f.seg + ", page " + f.page + ")" :
      "");
};
