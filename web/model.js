/* SPDX-License-Identifier: MIT */
/*
 * The machine as its events tell it: tasks, address spaces, frames, segments,
 * swap slots. Nothing else is known here, no memory is read.
 *
 *   event --> State.apply() --> mms: areas (AVL tree) and entries
 *                               tasks, frames, segments, swap slots
 *
 * INV-WB2 apply() accepts any event at any time: a trace may begin anywhere
 *
 * Runs in pages and in node. docs/trace.md has the events, docs/web.md more.
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

FL.PAGE = 4096;

/* The kernel's numbers and words: tools/gen-facts. */
const numbers = rows => Object.fromEntries(rows.map(([name], i) => [name, i]));
const bits = rows => Object.fromEntries(rows);
const wordsOf = rows => rows.map(row => row[1]);
const textsOf = rows => rows.map(row => row[2]);

FL.CLASS = numbers(FL.facts.FAULT_CLASSES);
FL.CLASS_KEYS = wordsOf(FL.facts.FAULT_CLASSES);
FL.CLASSES = textsOf(FL.facts.FAULT_CLASSES);
FL.OUTCOMES = textsOf(FL.facts.FAULT_OUTCOMES);
FL.SHM_STATES = textsOf(FL.facts.SHM_PAGE_STATES);
FL.VERDICTS = textsOf(FL.facts.SHM_VERDICTS);
FL.VM = bits(FL.facts.AREA_FLAGS);
FL.PTE = bits([...FL.facts.PTE_BITS, ...FL.facts.PTE_ABSENT_BITS]);
FL.PF = bits(FL.facts.PF_BITS);

FL.hex = (n, width) => (n >>> 0).toString(16).padStart(width || 0, "0");

/* Does a word in a page table hold a frame? */
FL.resident = v => (v & (FL.PTE.P | FL.PTE.PROTNONE)) !== 0;

/* The fields of a word that does not: {SHM_SLOT: v => ...}. */
const field = Object.fromEntries(FL.facts.ENTRY_FIELDS.map(
  ([name, first, width]) => [name, v => v >>> first & 2 ** width - 1]));

/* What a word in a page table says: {kind, ...}. */
FL.decodePte = function (v) {
  const { P, RW, US, A, D, SHM } = FL.PTE;
  v >>>= 0;
  if (!v) return { kind: "none" };
  if (FL.resident(v))
    return { kind: "page", pfn: v >>> 12, write: !!(v & RW), user: !!(v & US),
      accessed: !!(v & A), dirty: !!(v & D), hidden: !(v & P) };
  if (v & SHM)
    return { kind: "signature", slot: field.SHM_SLOT(v),
      index: field.SHM_INDEX(v) };
  return { kind: "swap", area: field.SWAP_AREA(v), slot: field.SWAP_SLOT(v) };
};

FL.pteText = function (v) {
  const d = FL.decodePte(v);
  if (d.kind === "none") return "empty";
  if (d.kind === "page")
    return "frame " + FL.hex(d.pfn) + (d.hidden ? ", hidden" : "") +
      (d.write ? ", writable" : ", read only") +
      (d.accessed ? ", accessed" : "") + (d.dirty ? ", dirty" : "");
  if (d.kind === "signature")
    return "signature: segment slot " + d.slot + ", page " + d.index;
  return "swap area " + d.area + ", slot " + d.slot;
};

FL.flagsText = f => (f & FL.VM.READ ? "r" : "-") +
  (f & FL.VM.WRITE ? "w" : "-") + (f & FL.VM.EXEC ? "x" : "-") +
  (f & FL.VM.SHARED ? "s" : "p");

FL.vmaKind = function (vma) {
  if (vma.flags & FL.VM.SHM) return "shm";
  if (vma.flags & FL.VM.GROWSDOWN) return "stack";
  if (vma.flags & FL.VM.EXEC) return "code";
  return vma.flags & FL.VM.WRITE ? "data" : "read only";
};

/* --- the state -------------------------------------------------------- */

class Mm {
  constructor(number) {
    this.number = number;
    this.root = null;
    this.ptes = new Map(); /* page number -> word */
    this.shm = new Map(); /* page number -> signature it had */
  }

  area(addr) { /* the one that holds ADDR */
    let t = this.root;
    while (t && !(addr >= t.start && addr < t.end))
      t = addr < t.end ? t.left : t.right;
    return t || null;
  }

  link(start, end, flags, offset) {
    this.unlink(start, end);
    this.root = FL.avlInsert(this.root,
      { start, end, flags, offset: offset || 0 });
  }

  unlink(start, end) {
    const vma = FL.areas(this.root).find(v => v.start < end && v.end > start);
    if (!vma) return false;
    this.root = FL.avlRemove(this.root, vma);
    return true;
  }

  set(addr, word) {
    const page = addr >>> 12;
    const d = FL.decodePte(word);
    if (d.kind === "signature") this.shm.set(page, word);
    if (word) this.ptes.set(page, word >>> 0);
    else this.ptes.delete(page);
  }

  zap(start, end) {
    const first = start >>> 12, last = end / FL.PAGE;
    const inside = p => p >= first && p < last;
    for (const map of [this.ptes, this.shm])
      for (const page of [...map.keys()].filter(inside))
        map.delete(page);
  }
}

FL.State = class {
  constructor() {
    this.tasks = new Map();
    this.mms = new Map();
    this.frames = new Map();
    this.segments = new Map();
    this.swap = new Map();
    this.free = null;
    this.index = -1; /* of the last event applied */
  }

  clone() {
    return Object.assign(new FL.State(), copyOf({ ...this }));
  }

  task(pid) {
    let t = this.tasks.get(pid);
    if (!t) {
      t = { pid, name: pid ? "" : "idle", parent: 0, mm: null,
        cls: FL.CLASS.NONE };
      this.tasks.set(pid, t);
    }
    return t;
  }

  mm(number) {
    let mm = this.mms.get(number);
    if (!mm) this.mms.set(number, mm = new Mm(number));
    return mm;
  }

  /* The address space of PID; one of its own until its number is known. */
  mmOf(pid) {
    const t = this.task(pid);
    if (t.mm === null) t.mm = "of " + pid;
    return this.mm(t.mm);
  }

  /* PID runs in address space NUMBER: what was known under "of PID" moves. */
  adopt(pid, number) {
    const t = this.task(pid), old = this.mms.get("of " + pid);
    if (old) {
      this.mms.delete("of " + pid);
      if (!this.mms.has(number)) {
        old.number = number;
        this.mms.set(number, old);
      }
    }
    t.mm = number;
  }

  frame(pfn) {
    let f = this.frames.get(pfn);
    if (!f) this.frames.set(pfn, f = { pfn, order: 0, kind: "kernel",
      count: null, since: this.index });
    return f;
  }

  segment(id) {
    let s = this.segments.get(id);
    if (!s) this.segments.set(id, s = { id, slot: id & 0x7fff, key: 0,
      npages: 1, pages: new Map() });
    return s;
  }

  segmentOfSlot(slot) {
    for (const s of this.segments.values())
      if (s.slot === slot) return s;
    return null;
  }

  apply(ev) {
    this.index++;
    const t = this.task(ev.pid);
    t.seen = this.index;
    const handler = handlers[ev.name];
    if (handler) handler.call(this, ev.a, ev, t);
  }

  /* Every entry that maps frame PFN: [{mm, addr, word}]. */
  mappers(pfn) {
    const found = [];
    for (const mm of this.mms.values())
      for (const [page, word] of mm.ptes)
        if (FL.resident(word) && word >>> 12 === pfn)
          found.push({ mm, addr: page * FL.PAGE, word });
    return found;
  }

  tasksOf(mm) {
    return [...this.tasks.values()].filter(t => t.mm === mm.number);
  }

  /* Private slots that no entry names any more are free. */
  sweepSlots() {
    const named = new Set();
    for (const mm of this.mms.values())
      for (const word of mm.ptes.values()) {
        const d = FL.decodePte(word);
        if (d.kind === "swap") named.add(d.area + ":" + d.slot);
      }
    for (const [key, slot] of this.swap)
      if (slot.kind === "anon" && !named.has(key)) this.swap.delete(key);
  }

  /* References to the frame of a page of SEG: its page slot and entries. */
  references(pfn) { return 1 + this.mappers(pfn).length; }

  /* The attaches of SEG: [{mm, vma, index: page at its start}]. */
  attaches(seg) {
    const found = [];
    for (const mm of this.mms.values())
      for (const vma of FL.areas(mm.root)) {
        if (!(vma.flags & FL.VM.SHM)) continue;
        const sig = mm.shm.get(vma.start >>> 12);
        const d = sig === undefined ? null : FL.decodePte(sig);
        if (d ? d.slot === seg.slot : vma.segment === seg.id)
          found.push({ mm, vma, index: d ? d.index : 0 });
      }
    return found;
  }
};

function copyOf(x) { /* deep; keeps Maps and the class of address spaces */
  if (x instanceof Map)
    return new Map([...x].map(([k, v]) => [k, copyOf(v)]));
  if (x === null || typeof x !== "object") return x;
  return Object.assign(Object.create(Object.getPrototypeOf(x)),
    Object.fromEntries(Object.entries(x).map(([k, v]) => [k, copyOf(v)])));
}


/* --- what each event changes ------------------------------------------ */

function endTask(state, pid) {
  const t = state.task(pid);
  t.gone = true;
}

/* An attach whose area is not known yet: read and write. */
const ATTACH_FLAGS = FL.VM.READ | FL.VM.WRITE | FL.VM.SHARED | FL.VM.MAYREAD |
  FL.VM.MAYWRITE | FL.VM.MAYEXEC | FL.VM.MAYSHARE | FL.VM.SHM;
/* What mprotect leaves of an entry. */
const KEPT_BITS = -FL.PAGE | FL.PTE.A | FL.PTE.D;
/* What a frame holds, by the class of the fault that maps it. */
const KINDS = { [FL.CLASS.ZERO_READ]: "zero", [FL.CLASS.FILE]: "file",
  [FL.CLASS.SHM]: "shm" };

const handlers = {
  fault_enter(a, ev, t) {
    t.fault = a.addr >>> 0;
    t.cls = FL.CLASS.NONE;
  },
  fault_vma(a, ev) {
    const mm = this.mmOf(ev.pid), known = mm.area(a.addr);
    if (!known || known.start !== a.start || known.end !== a.end)
      mm.link(a.start, a.end, a.flags);
  },
  fault_class(a, ev, t) { t.cls = a.class; },
  fault_exit(a, ev, t) {
    t.rss = a.rss;
    t.minflt = a.minflt;
    t.majflt = a.majflt;
    t.fault = null;
  },
  shm_get(a) {
    this.segments.delete(a.id);
    Object.assign(this.segment(a.id), { key: a.key, npages: a.npages });
  },
  shm_attach(a, ev) {
    const seg = this.segment(a.id);
    seg.npages = Math.max(seg.npages, a.npages);
    const mm = this.mmOf(ev.pid);
    if (!mm.area(a.addr))
      mm.link(a.addr, a.addr + a.npages * FL.PAGE, ATTACH_FLAGS);
    mm.area(a.addr).segment = a.id;
  },
  shm_destroy(a) {
    for (const page of this.segment(a.id).pages.values())
      this.swap.delete(page.swap);
    this.segments.delete(a.id);
  },
  shm_page(a) {
    const seg = this.segment(a.id), was = seg.pages.get(a.index);
    seg.npages = Math.max(seg.npages, a.index + 1);
    if (was && was.swap !== undefined) this.swap.delete(was.swap);
    seg.pages.set(a.index, { pfn: a.pfn });
    Object.assign(this.frame(a.pfn), { kind: "shm", seg: a.id,
      page: a.index });
  },
  shm_evict(a) {
    const key = a.area + ":" + a.slot;
    this.segment(a.id).pages.set(a.index, { swap: key });
    this.swap.set(key, { kind: "shm", since: this.index, seg: a.id,
      page: a.index });
  },
  swap_out(a) {
    this.swap.set(a.area + ":" + a.slot,
      { kind: "anon", since: this.index, pid: a.pid, addr: a.addr });
  },
  page_alloc(a) {
    this.frames.set(a.pfn, { pfn: a.pfn, order: a.order, kind: "kernel",
      count: 1, since: this.index });
    this.free = a.free;
  },
  page_free(a) {
    const f = this.frames.get(a.pfn);
    if (f && f.seg !== undefined) forgetPage(this, f);
    this.frames.delete(a.pfn);
    this.free = a.free;
  },
  pte_set(a, ev, t) {
    const d = FL.decodePte(a.after);
    if (a.mm && t.fault !== null && t.mm !== a.mm && t.fault !== undefined &&
        t.fault === a.addr >>> 0)
      this.adopt(ev.pid, a.mm);
    const mm = a.mm ? this.mm(a.mm) : this.mmOf(ev.pid);
    mm.set(a.addr, a.after);
    if (FL.decodePte(a.before).kind === "swap") this.sweepSlots();
    if (d.kind !== "page") return;
    const f = this.frame(d.pfn);
    f.count = a.count;
    if (f.kind === "kernel" && t.cls !== FL.CLASS.NONE)
      f.kind = KINDS[t.cls] || "anon";
  },
  pte_range(a, ev) {
    const mm = a.mm ? this.mm(a.mm) : this.mmOf(ev.pid);
    for (let addr = a.start, w = a.first; addr < a.end;
      addr += FL.PAGE, w += a.step)
      mm.set(addr, w);
  },
  pte_zap(a) {
    this.mm(a.mm).zap(a.start, a.end);
    if (this.swap.size) this.sweepSlots();
  },
  pte_copy(a) {
    const from = this.mm(a.from), to = this.mm(a.mm);
    for (const [page, w] of from.ptes) {
      const addr = page * FL.PAGE;
      if (addr < a.start || addr >= a.end) continue;
      if (!FL.resident(w)) {
        to.ptes.set(page, w);
        continue;
      }
      const word = (a.cow ? w & ~FL.PTE.RW : w) >>> 0;
      from.ptes.set(page, word);
      to.ptes.set(page, (word & ~FL.PTE.A) >>> 0);
    }
  },
  pte_protect(a) {
    for (const [page, w] of this.mm(a.mm).ptes) {
      const addr = page * FL.PAGE;
      if (addr >= a.start && addr < a.end && FL.resident(w))
        this.mm(a.mm).ptes.set(page, (w & KEPT_BITS | a.prot) >>> 0);
    }
  },
  vma_link(a) { this.mm(a.mm).link(a.start, a.end, a.flags, a.offset); },
  vma_unlink(a) { this.mm(a.mm).unlink(a.start, a.end); },
  vma_bounds(a) {
    const vma = this.mm(a.mm).area(a.start);
    if (vma) Object.assign(vma, { start: a.to_start, end: a.to_end });
  },
  vma_flags(a) {
    const vma = this.mm(a.mm).area(a.start);
    if (vma) vma.flags = a.flags;
  },
  mm_free(a) {
    this.mms.delete(a.mm);
    for (const t of this.tasks.values())
      if (t.mm === a.mm) t.mm = null;
  },
  task_fork(a, ev, t) {
    this.tasks.delete(a.child);
    Object.assign(this.task(a.child), { name: t.name, parent: ev.pid,
      mm: a.mm || null, seen: this.index });
  },
  task_exec(a, ev, t) {
    if (a.mm) this.adopt(ev.pid, a.mm);
    t.entry = a.entry;
  },
  task_name(a) { this.task(a.task).name = FL.nameOf(a); },
  task_exit(a, ev) { endTask(this, ev.pid); },
};

/* The frame of a page slot was freed: the page is as if never touched. */
function forgetPage(state, frame) {
  const seg = state.segments.get(frame.seg);
  const page = seg && seg.pages.get(frame.page);
  if (page && page.pfn === frame.pfn) seg.pages.delete(frame.page);
}

/* --- states by number ------------------------------------------------- */

/* State after event N of a growing list: kept every STEP events. */
FL.History = class {
  constructor(events, step = 2000) {
    this.events = events;
    this.step = step;
    this.begin(new FL.State());
  }

  begin(state) { /* the state before the first event of the list */
    this.kept = [state]; /* kept[k]: before event k * step */
    this.last = state.clone();
  }

  truncate(length) { /* the list was cut: stepping back */
    this.kept.length = Math.min(this.kept.length,
      Math.floor(length / this.step) + 1);
    this.last = this.kept[this.kept.length - 1].clone();
  }

  at(index) {
    const near = Math.min(this.kept.length - 1,
      Math.floor((index + 1) / this.step));
    if (this.last.index > index || this.last.index < this.kept[near].index)
      this.last = this.kept[near].clone();
    while (this.last.index < index) {
      this.last.apply(this.events[this.last.index + 1]);
      const n = (this.last.index + 1) / this.step;
      if (Number.isInteger(n) && n === this.kept.length)
        this.kept.push(this.last.clone());
    }
    return this.last;
  }
};
