/* SPDX-License-Identifier: MIT */
/*
 * The page around the drawings: one event is selected, everything shows the
 * machine as it was right after it. Used by the trace page and, beside the
 * running machine, by web/machine.js.
 *
 *   View.events --> Faults, History --> timeline, list, detail, segment,
 *        ^                              tree and page tables
 *        '-- append() while a machine runs
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const KEYS = [
  ["← →", "an event back, forward"], ["Shift ← →", "a fault back, forward"],
  ["Home End", "first, last"], ["Space", "play, pause"],
  ["Enter", "open or close the fault's hops"], ["/", "filter"],
  ["+ −", "time: nearer, farther"], ["t", "light or dark"],
  ["?", "this list"],
];

FL.View = class {
  constructor(parts, meta) {
    this.parts = parts; /* elements: timeline list detail segment space tools */
    this.meta = meta; /* sources: {path: text} */
    FL.calls = meta.calls; /* names of the system calls */
    this.events = [];
    this.filter = [];
    this.index = -1;
    this.faults = new FL.Faults(this.events);
    this.history = new FL.History(this.events);
    this.timeline = new FL.Timeline(parts.timeline, this);
    this.list = new FL.List(parts.list, this);
    this.detail = new FL.Detail(parts.detail, this);
    this.space = new FL.Space(parts.space, this);
    this.chosen = null; /* a segment chosen by hand */
    this.segmentBody = FL.el("div.body");
    this.segmentTools = FL.el("div.chips");
    parts.segment.append(FL.el("h2", {}, "Shared segment"),
      this.segmentTools, this.segmentBody);
    this.makeTools(parts.tools);
    document.addEventListener("keydown", e => this.key(e));
    globalThis.addEventListener("resize", () => this.later());
    FL.theme();
  }

  makeTools(into) {
    const button = (id, label, title, act) =>
      FL.el("button", { id, title, "aria-label": title, onclick: act }, label);
    this.filterBox = FL.el("input.filter", { id: "filter", type: "search",
      placeholder: "filter: shm, pid=7, class=cow, addr=bfff …",
      "aria-label": "filter", oninput: () => this.setFilter(
        this.filterBox.value) });
    this.where = FL.el("span.where", { id: "where", "aria-live": "polite" });
    into.append(
      FL.el("span.group", {},
        button("first", "|‹", "first event (Home)", () => this.select(0)),
        button("prev-fault", "«", "fault before (Shift ←)",
          () => this.stepFault(-1)),
        button("prev", "‹", "event before (←)", () => this.step(-1)),
        button("play", "▶", "play (Space)", () => this.play()),
        button("next", "›", "next event (→)", () => this.step(1)),
        button("next-fault", "»", "next fault (Shift →)",
          () => this.stepFault(1)),
        button("last", "›|", "last event (End)",
          () => this.select(this.events.length - 1))),
      this.where, this.filterBox,
      FL.el("span.group", {},
        button("theme", "◐", "light or dark (t)", () => FL.theme(true)),
        button("keys", "?", "keys (?)", () => this.help())));
  }

  help() {
    if (!this.dialog) {
      this.dialog = FL.el("dialog", { id: "help", onclick: () =>
        this.dialog.close() }, FL.el("h2", {}, "Keys"), FL.el("dl", {},
        KEYS.map(([k, what]) => [FL.el("dt", {}, k), FL.el("dd", {}, what)])));
      document.body.append(this.dialog);
    }
    this.dialog.showModal();
  }

  /* --- events ------------------------------------------------------------ */

  append(events) {
    for (const ev of events) this.events.push(ev);
    this.faults.update();
  }

  truncate(length) {
    this.events.length = length;
    this.faults.reset();
    this.faults.update();
    this.history.truncate(length);
    this.timeline.lives.reset();
    if (this.index >= length) this.index = length - 1;
  }

  /* Drops the first N events; what they led to is kept. */
  forget(n) {
    const base = this.history.at(n - 1).clone();
    base.index = -1;
    this.events.splice(0, n);
    this.faults.reset();
    this.faults.update();
    this.history.begin(base);
    this.timeline.lives.reset();
    this.timeline.range = null;
    this.list.open.clear();
    this.index = Math.max(0, this.index - n);
  }

  nameOf(pid) {
    const lane = this.faults.lanes.get(pid);
    return lane && lane.name || (pid ? "process" : "idle");
  }

  pid() { return this.index < 0 ? -1 : this.events[this.index].pid; }
  state() { return this.history.at(this.index); }

  matchesFault(fault) {
    return !this.filter.length || fault.hops.some(i => FL.matches(this, i));
  }

  /* --- moving ------------------------------------------------------------ */

  select(i) {
    if (!this.events.length) return;
    this.index = Math.max(0, Math.min(this.events.length - 1, i));
    this.refresh();
    this.list.reveal(this.index);
    this.list.paint();
  }

  step(by) {
    let i = this.index + by;
    while (this.filter.length && i >= 0 && i < this.events.length &&
           !FL.matches(this, i))
      i += by;
    if (i >= 0 && i < this.events.length) this.select(i);
    else if (by > 0) this.stop();
  }

  stepFault(by) {
    const all = this.faults.list;
    const ok = f => this.matchesFault(f);
    const found = by > 0 ? all.find(f => f.first > this.index && ok(f)) :
      all.filter(f => f.last < this.index && ok(f)).pop();
    if (found) this.select(found.last);
  }

  play() {
    if (this.timer) return this.stop();
    this.timer = setInterval(() => this.step(1), 120);
    document.getElementById("play").textContent = "⏸";
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    document.getElementById("play").textContent = "▶";
  }

  setFilter(text) {
    this.filter = FL.parseFilter(text);
    this.list.build();
    this.timeline.draw();
    this.list.reveal(this.index);
    this.list.paint();
  }

  key(e) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) ||
      e.target.closest(".console");
    if (e.key === "Escape" && typing) e.target.blur();
    if (typing || e.ctrlKey || e.altKey || e.metaKey) return;
    const act = {
      ArrowLeft: () => e.shiftKey ? this.stepFault(-1) : this.step(-1),
      ArrowRight: () => e.shiftKey ? this.stepFault(1) : this.step(1),
      Home: () => this.select(0), End: () => this.select(Infinity),
      " ": () => this.play(), "/": () => this.filterBox.focus(),
      "+": () => this.timeline.zoom(0.7, this.index),
      "-": () => this.timeline.zoom(1.4, this.index),
      t: () => FL.theme(true), "?": () => this.help(),
      Enter: () => this.openFault(),
    }[e.key];
    if (!act || (e.target.tagName === "BUTTON" && /^( |Enter)$/.test(e.key)))
      return;
    e.preventDefault();
    act();
  }

  openFault() {
    const fault = this.faults.of[this.index];
    if (fault) this.list.toggle(fault);
  }

  /* --- drawing ----------------------------------------------------------- */

  later() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = null;
      this.list.build();
      this.refresh();
      this.list.paint();
    });
  }

  refresh() {
    this.timeline.draw();
    const ev = this.events[this.index];
    if (!ev) return;
    const state = this.state();
    this.where.textContent = `event ${FL.number(ev.seq)} of ` +
      FL.number(this.events[this.events.length - 1].seq);
    this.detail.show(ev, this.index, state);
    this.showSegment(ev, state);
    this.space.show(ev, state);
  }

  /* The segment of event EV: named by it, or holding the page it is about. */
  segmentOf(ev, state) {
    if (ev.name.startsWith("shm_")) return state.segments.get(ev.a.id);
    const slot = /^swap_/.test(ev.name) &&
      state.swap.get(ev.a.area + ":" + ev.a.slot);
    if (slot && slot.kind === "shm") return state.segments.get(slot.seg);
    const fault = this.faults.of[this.index];
    const addr = fault ? fault.addr : ev.a.addr;
    const mm = state.mms.get(ev.a.mm || state.task(ev.pid).mm);
    const sig = mm && addr !== undefined && mm.shm.get(addr >>> 12);
    return sig ? state.segmentOfSlot(FL.decodePte(sig).slot) : null;
  }

  showSegment(ev, state) {
    const fault = this.faults.of[this.index];
    const all = [...state.segments.values()];
    const mine = this.segmentOf(ev, state);
    if (mine) this.lastSegment = mine.id;
    const id = this.chosen !== null ? this.chosen : this.lastSegment;
    const seg = (this.chosen === null && mine) ||
      state.segments.get(id) || all[all.length - 1];
    const own = fault && !mine && this.chosen === null &&
      this.framePicture(fault, state);
    this.segmentTools.replaceChildren(...all.slice(-8).map(s => FL.el(
      "button.chip" + (s === seg && !own ? ".on" : ""), { onclick: () => {
        this.chosen = this.chosen === s.id ? null : s.id;
        this.refresh();
      } }, "segment " + s.id)));
    if (own) FL.drawFrame(this.segmentBody, state, own, fault.addr);
    else if (seg) FL.drawSegment(this.segmentBody, state, seg,
      { page: mine !== seg ? null : ev.a.index !== undefined ? ev.a.index :
        fault && fault.page });
    else this.segmentBody.replaceChildren(FL.el("p.dim", {},
      "There is no segment at this time. shmget makes one."));
  }

  /* The frame a private fault is about, once it is known. */
  framePicture(fault, state) {
    const mm = state.mms.get(state.task(fault.pid).mm);
    const word = mm && mm.ptes.get(fault.addr >>> 12);
    return FL.resident(word) ? word >>> 12 : null;
  }
};

/* The elements of the page that FL.View fills. */
FL.parts = function () {
  const parts = {};
  for (const id of ["timeline", "list", "detail", "segment", "space", "tools"])
    parts[id] = document.getElementById(id);
  return parts;
};

/* Sets the theme kept from last time; NEXT: the other one. */
FL.theme = function (next) {
  const root = document.documentElement;
  let now = null;
  try { now = localStorage.getItem("theme"); } catch { /* a file: none */ }
  if (next) {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" :
      matchMedia("(prefers-color-scheme: dark)").matches;
    now = dark ? "light" : "dark";
    try { localStorage.setItem("theme", now); } catch { /* as above */ }
  }
  if (now) root.dataset.theme = now;
  FL.colours.clear();
  if (next) globalThis.dispatchEvent(new Event("resize"));
};
