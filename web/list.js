/* SPDX-License-Identifier: MIT */
/*
 * The list of events: a fault is one row that opens into its hops, anything
 * else is a row. Only the rows in sight are in the document. And the filter.
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const ROW = 24;

/*
 * A filter is words, all of which must hold: pid=4,5 class=shm,cow seg=0
 * addr=bfff (a part of the address) event=pte_set, or any part of the text.
 * [[key or null, [values]], ...]
 */
FL.parseFilter = function (text) {
  return text.toLowerCase().split(/\s+/).filter(Boolean).map(word => {
    const at = word.search(/[=:]/);
    return at < 0 ? [null, [word]] :
      [word.slice(0, at), word.slice(at + 1).split(",")];
  });
};

function faultHas(fault, key, want) {
  if (!fault) return false;
  if (key === "class") return FL.CLASS_KEYS[fault.cls].startsWith(want) ||
    String(fault.cls) === want;
  if (key === "seg") return String(fault.seg) === want;
  return key === "addr" && FL.hex(fault.addr, 8).includes(want);
}

function eventHas(view, ev, i, key, want) {
  const fault = view.faults.of[i];
  if (key === "pid") return String(ev.pid) === want;
  if (key === "event") return ev.name.includes(want);
  if (key === "seg" && ev.name.startsWith("shm_"))
    return String(ev.a.id) === want;
  if (key === "addr" && ev.a.addr !== undefined)
    return FL.hex(ev.a.addr, 8).includes(want);
  if (key !== null) return faultHas(fault, key, want);
  return ev.name.includes(want) || view.nameOf(ev.pid).includes(want) ||
    FL.describe(ev).toLowerCase().includes(want);
}

FL.matches = (view, i) => view.filter.every(([key, values]) =>
  values.some(want => eventHas(view, view.events[i], i, key, want)));

FL.List = class {
  constructor(into, view) {
    this.view = view;
    this.space = FL.el("div.space");
    this.box = FL.el("div.list", { tabindex: 0, role: "listbox",
      "aria-label": "events" }, this.space);
    this.box.addEventListener("scroll", () => this.paint());
    this.box.addEventListener("pointerup", e => this.press(e));
    this.open = new Set(); /* faults shown with their hops */
    this.rows = [];
    into.append(this.box);
  }

  /* By place, not by element: rows are drawn anew under the pointer. */
  press(e) {
    const edge = this.box.getBoundingClientRect();
    const y = e.clientY - edge.top + this.box.scrollTop;
    const row = this.rows[Math.floor(y / ROW)];
    if (!row || e.button) return;
    if (row.fault && e.clientX - edge.left < 26) this.toggle(row.fault);
    else this.view.select(row.i);
  }

  /* What is in the list now; the faults that are open with their hops. */
  build() {
    const { events, faults, filter } = this.view;
    this.rows = [];
    this.rowOf = new Map();
    for (let i = 0; i < events.length; i++) {
      const fault = faults.of[i];
      if (fault && fault.first !== i) continue;
      if (fault) this.addFault(fault);
      else if (!filter.length || FL.matches(this.view, i))
        this.add({ i });
    }
    this.space.style.height = this.rows.length * ROW + "px";
  }

  add(row) {
    if (!this.rowOf.has(row.i)) this.rowOf.set(row.i, this.rows.length);
    this.rows.push(row);
  }

  addFault(fault) {
    const { filter } = this.view;
    if (filter.length && !fault.hops.some(i => FL.matches(this.view, i)))
      return;
    const row = this.rows.length;
    this.rows.push({ i: fault.first, fault });
    if (this.open.has(fault.first))
      for (const i of fault.hops) this.add({ i, hop: fault });
    else for (const i of fault.hops) this.rowOf.set(i, row);
  }

  toggle(fault) {
    if (this.open.has(fault.first)) this.open.delete(fault.first);
    else this.open.add(fault.first);
    this.build();
    this.reveal(fault.last);
    this.paint();
  }

  reveal(i) {
    const row = this.rowOf.get(i);
    if (row === undefined) return;
    const y = row * ROW, box = this.box;
    if (y < box.scrollTop + ROW || y > box.scrollTop + box.clientHeight -
        2 * ROW)
      box.scrollTop = Math.max(0, y - box.clientHeight / 2);
  }

  paint() {
    const from = Math.max(0, Math.floor(this.box.scrollTop / ROW) - 4);
    const count = Math.ceil(this.box.clientHeight / ROW) + 8;
    this.space.replaceChildren(...this.rows.slice(from, from + count)
      .map((row, k) => this.element(row, (from + k) * ROW)));
  }

  element(row, y) {
    const { view } = this, ev = view.events[row.i], { fault, hop } = row;
    const inFault = fault && !this.open.has(fault.first) &&
      view.index >= fault.first && fault.hops.includes(view.index);
    const now = inFault || (!fault && view.index === row.i);
    const node = FL.el("div.row" + (fault ? ".fault" : hop ? ".hop" : "") +
      (now ? ".now" : "") + (row.i > view.index ? ".later" : ""),
    { style: `top:${y}px`, role: "option", "aria-selected": String(now),
      "data-seq": ev.seq, "aria-expanded": fault ?
        String(this.open.has(fault.first)) : null });
    if (fault) this.fillFault(node, fault, ev);
    else node.append(FL.el("span.seq", {}, hop ? "" : String(ev.seq)),
      FL.el("span.name", {}, ev.name), hop ? this.bar(row.i, hop) :
        FL.el("span.what", {}, FL.describe(ev)));
    return node;
  }

  fillFault(node, fault, ev) {
    const open = this.open.has(fault.first), cls = FL.CLASS_KEYS[fault.cls];
    node.append(FL.el("span.open", { title: "hops (Enter)" },
      open ? "▾" : "▸"),
    FL.el("span.chip.c-" + cls, {}, cls),
    FL.el("span.who", {}, this.view.nameOf(fault.pid) + " " + fault.pid),
    FL.el("span.what", {}, FL.hex(fault.addr, 8) + (fault.seg === undefined ?
      "" : " seg " + fault.seg + " p" + fault.page)),
    FL.el("span.cost", { title: "instructions" },
      FL.number(this.view.faults.total(fault))));
    node.dataset.fault = fault.n;
  }

  /* Instructions of hop I as a bar beside those of the whole fault. */
  bar(i, fault) {
    const cost = this.view.faults.cost(i);
    const share = cost / Math.max(1, this.view.faults.total(fault));
    return FL.el("span.bar", {}, FL.el("i.c-" + FL.CLASS_KEYS[fault.cls],
      { style: `width:${Math.round(share * 100)}%` }),
    FL.el("b", {}, FL.number(cost)));
  }
};

FL.number = n => Math.round(n).toLocaleString("en");
