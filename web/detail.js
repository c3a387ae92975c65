/* SPDX-License-Identifier: MIT */
/*
 * Two panels: the selected event in words, its fault hop by hop and the source
 * line it was left at; and the address space as a tree of areas and as page
 * tables.
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const HEX = new Set(["addr", "start", "end", "to_start", "to_end", "code",
  "eip", "flags", "pte", "slot", "pfn", "before", "after", "first", "step",
  "mm", "from", "key", "entry", "esp", "offset", "prot", "to", "a", "b", "c"]);

function argument(ev, key, value) {
  if (typeof value === "string") return value;
  if (ev.name === "task_switch" || !HEX.has(key) || (key === "slot" &&
      ev.a.area !== undefined)) return String(value);
  return "0x" + FL.hex(value);
}

FL.Detail = class {
  constructor(into, view) {
    this.view = view;
    this.what = FL.el("div.body");
    this.code = FL.el("div.source");
    into.append(FL.el("h2", {}, "Event"), this.what, this.code);
    this.place = "at"; /* or caller, or user: the line shown; null: none */
  }

  show(ev, i, state) {
    const fault = this.view.faults.of[i];
    const cls = fault ? FL.CLASS_KEYS[fault.cls] : "none";
    const parts = [
      FL.el("div.title", {}, FL.el("span.chip.c-" + cls, {}, ev.name),
        " " + this.view.nameOf(ev.pid) + " " + ev.pid,
        FL.el("span.dim", {}, " at " + FL.number(ev.tsc))),
      FL.el("p.words", {}, FL.describe(ev)),
      FL.el("div.args", {}, Object.entries(ev.a).map(([k, v]) =>
        FL.el("span", {}, FL.el("i", {}, k), argument(ev, k, v)))),
    ];
    if (fault) parts.push(this.hops(fault, i));
    this.what.replaceChildren(...parts);
    this.source(ev, fault, state);
  }

  hops(fault, now) {
    const { events, faults } = this.view;
    const most = Math.max(...fault.hops.map(i => faults.cost(i)), 1);
    const rows = fault.hops.map(i => FL.el("tr" + (i === now ? ".now" : ""),
      { onclick: () => this.view.select(i), "data-seq": events[i].seq },
      FL.el("td", {}, events[i].name),
      FL.el("td.dim", {}, (events[i].at || "")),
      FL.el("td.num", {}, i === fault.first ? "" :
        FL.number(faults.cost(i))),
      FL.el("td.meter", {}, FL.el("i.c-" + FL.CLASS_KEYS[fault.cls],
        { style: `width:${faults.cost(i) / most * 100}%` }))));
    return FL.el("table.hops", {}, FL.el("caption", {},
      FL.faultTitle(fault) + ": " + FL.number(faults.total(fault)) +
      (this.view.clock || " instructions")), FL.el("tbody", {}, rows));
  }

  /* Where one can look: [{key, label, file, line}]. */
  places(ev, fault, state) {
    const found = [];
    const add = (key, label, line) => {
      const [file, n] = (line || "").split(":");
      if (n && this.view.meta.sources[file])
        found.push({ key, label, file, line: +n });
    };
    add("at", ev.at || "here", ev.line);
    add("caller", "called by " + ev.caller, ev.callerLine);
    const user = fault && this.userLine(fault, state);
    if (user) add("user", "the program", user);
    return found;
  }

  /* FILE:LINE of the instruction of the program that faulted. */
  userLine(fault, state) {
    const lines = (this.view.meta.programs || {})[
      (state.tasks.get(fault.pid) || {}).name];
    let best = null;
    for (const [addr, line] of lines || []) {
      if (addr > fault.eip) break;
      best = line;
    }
    return best;
  }

  source(ev, fault, state) {
    const all = this.places(ev, fault, state);
    const at = this.place && (all.find(p => p.key === this.place) || all[0]);
    const chips = FL.el("div.chips", {}, all.map(p => FL.el("button.chip" +
      (p === at ? ".on" : ""), { title: "show or hide the source line",
      onclick: () => {
        this.place = p === at ? null : p.key;
        this.source(ev, fault, state);
      } }, p.label)));
    if (!at) return this.code.replaceChildren(chips);
    const text = this.view.meta.sources[at.file].split("\n");
    const around = this.view.around || 9, rows = [];
    for (let n = Math.max(0, at.line - around - 1);
      n < Math.min(text.length, at.line + around); n++)
      rows.push(FL.el("div" + (n + 1 === at.line ? ".now" : ""), {},
        FL.el("i", {}, String(n + 1)), text[n].replace(/\t/g, "    ") || " "));
    this.code.replaceChildren(chips, FL.el("div.file", { id: "source-at" },
    at.file + ":" + at.line), FL.el("pre", {}, rows));
  }
};

/* --- the address space ------------------------------------------------ */

FL.Space = class {
  constructor(into, view) {
    this.view = view;
    this.table = null; /* chosen by a click; null: follow the event */
    this.who = FL.el("select", { "aria-label": "address space",
      onchange: () => {
        this.fixed = this.who.value === "follow" ? null : this.who.value;
        view.refresh();
      } });
    this.tree = FL.el("div.tree");
    this.grid = FL.el("canvas.grid", { "aria-label": "page tables",
      onclick: e => this.click(e), onpointermove: e => this.point(e) });
    this.note = FL.el("div.note", {});
    this.legend = FL.el("div.legend", {}, [["cell", "empty"],
      ["sig", "signature"], ["c-shm", "shm"], ["c-anon", "writable"],
      ["c-ro", "read only"], ["c-file", "file"], ["c-zero", "zero page"],
      ["c-swap", "swapped"]].map(([c, text]) => FL.el("span", {},
      FL.el("i", { style: `background:var(--${c})` }), text)));
    into.append(FL.el("h2", {}, "Address space ", this.who), this.tree,
      FL.el("div.tables", {}, this.grid, FL.el("div.side", {}, this.note,
        this.legend)));
    this.fixed = null;
  }

  choices(state, number) {
    const options = [...state.mms.values()].filter(mm => mm.root)
      .map(mm => FL.el("option", { value: String(mm.number),
        selected: this.fixed === String(mm.number) }, taskLabel(state, mm)));
    const text = options.map(o => o.textContent + o.selected).join();
    if (text === this.shown) return;
    this.shown = text;
    this.who.replaceChildren(FL.el("option", { value: "follow" },
      "follow the event"), ...options);
  }

  show(ev, state) {
    const own = ev.a.mm || state.task(ev.pid).mm;
    const chosen = this.fixed && [...state.mms.values()]
      .find(m => String(m.number) === this.fixed);
    const mm = chosen || state.mms.get(own);
    this.choices(state);
    if (!mm) {
      this.tree.replaceChildren(FL.el("p.dim", {},
        "The kernel itself runs; it has no areas."));
      this.at = null;
      this.grid.hidden = true;
      return;
    }
    this.grid.hidden = false;
    this.mm = mm;
    this.state = state;
    const fault = this.view.faults.of[this.view.index];
    const addr = fault ? fault.addr : ev.a.addr !== undefined ?
      ev.a.addr >>> 0 : null;
    this.addr = addr !== null && addr < 0xc0000000 ? addr : null;
    FL.drawTree(this.tree, state, mm, this.addr);
    if (this.table === null && this.addr !== null) this.last = this.addr >>> 22;
    this.drawGrid();
    this.say(this.addr);
  }

  drawGrid() {
    const table = this.table !== null ? this.table : this.last || 0x20;
    this.at = FL.drawGrid(this.grid, this.state, this.mm, table, this.addr);
  }

  say(addr) {
    if (addr === null) return this.note.replaceChildren();
    const word = this.mm.ptes.get(addr >>> 12) || 0;
    const vma = this.mm.area(addr);
    this.note.replaceChildren(
      FL.el("b", {}, FL.hex(addr, 8)), FL.el("div", {}, vma ?
        FL.hex(vma.start, 8) + "–" + FL.hex(vma.end, 8) + " " +
        FL.flagsText(vma.flags) + " " + FL.vmaKind(vma) : "no area"),
      FL.el("div", {}, "directory " + (addr >>> 22) + ", entry " +
        (addr >>> 12 & 1023)),
      FL.el("code", {}, FL.hex(word, 8)), " ", FL.pteText(word));
  }

  point(e) {
    const hit = this.at && this.at(e.offsetX, e.offsetY);
    if (hit && hit.addr !== undefined) this.say(hit.addr);
  }

  click(e) {
    const hit = this.at && this.at(e.offsetX, e.offsetY);
    if (!hit || hit.table === undefined) return;
    this.table = this.table === hit.table ? null : hit.table;
    this.drawGrid();
  }
};
