/* SPDX-License-Identifier: MIT */
/*
 * What runs over time, above one axis: a lane for each process with its
 * faults, the frames that were taken, the slots of the swap areas.
 *
 *   testwrite 6  ──▏▎──▏────
 *   testread  8        ───▎▏▏──
 *   frames       ▁▁▂▂▂▂▃▃▃▃▃
 *
 * x is the number of the event, so that nothing is too short to be seen.
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const TIME = { label: 120, lane: 20, strip: 64, axis: 16, pad: 8 };

/* Life of each frame and slot: [{id, from, to, kind}], grown on demand. */
FL.Lives = class {
  constructor(events, faults) {
    this.events = events;
    this.faults = faults;
    this.reset();
  }

  reset() {
    this.frames = [];
    this.slots = [];
    this.live = new Map();
    this.pos = 0;
  }

  update() {
    if (this.events.length < this.pos) this.reset();
    for (; this.pos < this.events.length; this.pos++)
      this.take(this.events[this.pos], this.pos);
  }

  begin(list, key, id, i, kind, owner) {
    this.end(key, i);
    const life = { id, from: i, to: null, kind, owner };
    this.live.set(key, life);
    list.push(life);
  }

  end(key, i) {
    const life = this.live.get(key);
    if (!life) return;
    life.to = i;
    this.live.delete(key);
  }

  kind(pfn, kind) {
    const life = this.live.get("f" + pfn);
    if (life && life.kind === "kernel") life.kind = kind;
  }

  take(ev, i) {
    const a = ev.a;
    if (ev.name === "page_alloc")
      this.begin(this.frames, "f" + a.pfn, a.pfn, i, "kernel");
    else if (ev.name === "page_free") this.end("f" + a.pfn, i);
    else if (ev.name === "shm_page") {
      this.kind(a.pfn, "shm");
      if (a.slot && !FL.resident(a.slot)) {
        const d = FL.decodePte(a.slot);
        this.end("s" + d.area + ":" + d.slot, i);
      }
    } else if (ev.name === "pte_set" && a.pfn && FL.resident(a.after)) {
      const fault = this.faults.of[i], was = FL.decodePte(a.before);
      if (was.kind === "swap") this.end("s" + was.area + ":" + was.slot, i);
      if (fault) this.kind(a.pfn, FL.CLASS_KEYS[fault.cls] || "kernel");
    } else if (ev.name === "shm_evict")
      this.begin(this.slots, "s" + a.area + ":" + a.slot, a.slot, i, "shm",
        "segment " + a.id);
    else if (ev.name === "swap_out")
      this.begin(this.slots, "s" + a.area + ":" + a.slot, a.slot, i, "anon",
        "process " + a.pid);
    else if (ev.name === "shm_destroy") this.endOf("segment " + a.id, i);
    else if (ev.name === "task_exit") this.endOf("process " + ev.pid, i);
  }

  endOf(owner, i) {
    for (const [key, life] of this.live)
      if (life.owner === owner) this.end(key, i);
  }
};

FL.Timeline = class {
  constructor(into, view) {
    this.view = view;
    this.canvas = FL.el("canvas.timeline", { tabindex: 0, role: "slider",
      "aria-label": "time, in events", "aria-valuemin": 0 });
    into.append(this.canvas);
    this.into = into;
    this.range = null; /* [from, to] of the events shown; null: all */
    this.lives = new FL.Lives(view.events, view.faults);
    this.listen();
  }

  listen() {
    const c = this.canvas;
    const goTo = e => {
      if (!(e.buttons & 1)) return;
      this.view.select(this.eventAt(e.offsetX));
    };
    c.addEventListener("pointerdown", e => {
      c.setPointerCapture(e.pointerId);
      goTo(e);
    });
    c.addEventListener("pointermove", e => {
      goTo(e);
      c.title = this.hint(e.offsetX, e.offsetY);
    });
    c.addEventListener("wheel", e => {
      if (!e.ctrlKey && !e.shiftKey) return;
      e.preventDefault();
      this.zoom(e.deltaY < 0 ? 0.7 : 1.4, this.eventAt(e.offsetX));
    }, { passive: false });
  }

  shown() {
    return this.range || [0, Math.max(1, this.view.events.length - 1)];
  }

  /* Factor below 1: nearer. */
  zoom(factor, around) {
    const n = Math.max(1, this.view.events.length - 1);
    const [from, to] = this.shown();
    const size = Math.max(20, (to - from) * factor);
    if (size >= n) this.range = null;
    else {
      const share = (around - from) / (to - from);
      const start = Math.max(0, Math.min(n - size, around - share * size));
      this.range = [start, start + size];
    }
    this.draw();
  }

  x(i) {
    const [from, to] = this.shown();
    return TIME.label + (i - from) / (to - from) * this.width;
  }

  eventAt(x) {
    const [from, to] = this.shown();
    const i = Math.round(from + (x - TIME.label) / this.width * (to - from));
    return Math.max(0, Math.min(this.view.events.length - 1, i));
  }

  hint(x, y) {
    const lane = this.lanes && this.lanes[Math.floor((y - TIME.pad) /
      TIME.lane)];
    const ev = this.view.events[this.eventAt(x)];
    return x < TIME.label || !ev ? lane ? laneName(lane) : "" :
      "event " + ev.seq + ", " + ev.pid + ": " + ev.name;
  }

  draw() {
    this.lives.update();
    const n = this.view.events.length, full = this.into.clientWidth;
    this.lanes = this.nearLanes(this.view.laneLimit || 8);
    const slots = this.lives.slots.length > 0;
    const lanesH = this.lanes.length * TIME.lane;
    const high = TIME.pad + lanesH + TIME.strip * (slots ? 2 : 1) + TIME.axis;
    const g = this.g = FL.canvas(this.canvas, full, high);
    this.width = full - TIME.label - 12;
    g.font = "12px " + FL.colour("sans");
    g.textBaseline = "middle";
    this.lanes.forEach((lane, k) => this.drawLane(lane, TIME.pad +
      k * TIME.lane, n));
    this.drawStrip("frames", this.lives.frames, TIME.pad + lanesH, n);
    if (slots) this.drawStrip("swap slots", this.lives.slots,
      TIME.pad + lanesH + TIME.strip, n);
    this.drawAxis(high, n);
    this.canvas.setAttribute("aria-valuemax", Math.max(0, n - 1));
    this.canvas.setAttribute("aria-valuenow", this.view.index);
  }

  /* The MOST processes that run nearest to the selected event, in order. */
  nearLanes(most) {
    const now = this.view.index;
    const far = l => Math.max(0, l.first - now, now - l.last);
    const all = [...this.view.faults.lanes.values()].filter(l => l.pid);
    const kept = new Set([...all].sort((a, b) => far(a) - far(b))
      .slice(0, most));
    return all.filter(l => kept.has(l)).sort((a, b) => a.first - b.first);
  }

  clip(from, to) { /* pixels of [from, to], or null */
    const a = Math.max(TIME.label, this.x(from));
    const b = Math.min(TIME.label + this.width, this.x(to));
    return b >= a ? [a, b] : null;
  }

  drawLane(lane, y, n) {
    const g = this.g;
    g.fillStyle = FL.colour(lane.pid === this.view.pid() ? "text" : "dim");
    g.fillText(laneName(lane), 8, y + 10, TIME.label - 16);
    const life = this.clip(lane.first, lane.end === undefined ? n - 1 :
      lane.end);
    if (life) {
      g.fillStyle = FL.colour("cell");
      g.fillRect(life[0], y + 7, Math.max(1, life[1] - life[0]), 6);
    }
    const mine = this.view.faults.list.filter(f => f.pid === lane.pid &&
      f.first >= lane.first);
    for (const f of mine) this.drawFault(f, y, false);
    for (const f of mine) this.drawFault(f, y, true);
    g.globalAlpha = 1;
  }

  /* Those of shared and swapped pages stand out, and on top of the others. */
  drawFault(f, y, special) {
    if ((f.cls === FL.CLASS.SHM || f.cls === FL.CLASS.SWAP) !== special) return;
    const at = this.clip(f.first, f.last), g = this.g;
    if (!at) return;
    g.fillStyle = FL.colour("c-" + FL.CLASS_KEYS[f.cls]);
    g.globalAlpha = this.view.matchesFault(f) ? 1 : 0.15;
    if (special)
      g.fillRect(at[0] - 0.5, y, Math.max(3.5, at[1] - at[0]), 19);
    else g.fillRect(at[0], y + 4, Math.max(2, at[1] - at[0]), 12);
  }

  drawStrip(title, lives, y, n) {
    const g = this.g, rows = new Map();
    g.fillStyle = FL.colour("dim");
    g.fillText(title, 8, y + 12);
    g.fillStyle = FL.colour("sunken");
    g.fillRect(TIME.label, y + 4, this.width, TIME.strip - 8);
    const ids = [...new Set(lives.map(l => l.id))].sort((a, b) => b - a);
    ids.forEach((id, k) => rows.set(id, k));
    const unit = (TIME.strip - 10) / Math.max(8, ids.length);
    g.fillStyle = FL.colour("dim");
    if (ids.length)
      g.fillText(ids.length + " seen", 8, y + 28);
    for (const life of lives) {
      const at = this.clip(life.from, life.to === null ? n - 1 : life.to);
      if (!at) continue;
      g.fillStyle = FL.colour("c-" + life.kind);
      g.fillRect(at[0], y + 5 + rows.get(life.id) * unit,
        Math.max(1, at[1] - at[0]), Math.max(0.7, unit - (unit > 3 ? 1 : 0)));
    }
  }

  drawAxis(high, n) {
    const g = this.g, x = this.x(this.view.index), [from, to] = this.shown();
    g.fillStyle = FL.colour("dim");
    g.font = "10px " + FL.colour("sans");
    const parts = this.width < 500 ? 2 : 4;
    for (let k = 0; k <= parts; k++) {
      const i = Math.round(from + (to - from) * k / parts);
      g.textAlign = k === parts ? "right" : k ? "center" : "left";
      if (n) g.fillText("event " + (this.view.events[Math.min(i, n - 1)].seq),
        TIME.label + this.width * k / parts, high - 7);
    }
    g.textAlign = "left";
    if (x < TIME.label || x > TIME.label + this.width) return;
    g.fillStyle = FL.colour("accent");
    g.fillRect(Math.round(x) - 1, 0, 2, high - TIME.axis);
    g.beginPath();
    g.moveTo(x - 6, 0);
    g.lineTo(x + 6, 0);
    g.lineTo(x, 8);
    g.fill();
  }
};

function laneName(lane) {
  return (lane.name || (lane.pid ? "process" : "idle")) +
    (lane.pid ? " " + lane.pid : "");
}
