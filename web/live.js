/* SPDX-License-Identifier: MIT */
/*
 * The page with the machine: console, buttons that hold it and step, and the
 * same panels as the trace page, which follow the newest event.
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const MOST_EVENTS = 120000, REDRAW = 250; /* milliseconds while it runs */

/* Where "hold" stops: a name, and which events it means. */
const STOPS = [
  ["shm", "a page of a segment", ev => ev.name === "fault_vma" &&
    ev.a.flags & FL.VM.SHM],
  ["fault", "any page fault", ev => ev.name === "fault_enter"],
  ["event", "any event", () => true],
  ["filter", "what the filter keeps", null],
];

class Live {
  constructor() {
    this.view = new FL.View(FL.parts(), FL.meta);
    this.view.clock = " instructions";
    this.view.laneLimit = 6;
    this.view.around = 4;
    if (innerWidth < 1560) this.view.detail.place = null; /* no room */
    this.stop = null; /* which event holds the machine; null: none */
    this.fresh = []; /* events the page has not drawn */
    this.machine = new FL.Machine(globalThis.V86, {
      wasm_path: "v86/v86.wasm", bios: { url: "bios/seabios.bin" },
      vga_bios: { url: "bios/vgabios.bin" },
      multiboot: { url: "faultline/kernel" },
      initrd: { url: "faultline/initrd" },
    }, FL.meta);
    const { machine } = this;
    machine.onEvent = ev => this.event(ev);
    machine.onHold = () => this.draw();
    this.terminal = new FL.Terminal(document.getElementById("terminal"),
      bytes => machine.type(bytes));
    machine.onSerial = b => this.terminal.byte(b);
    this.makeButtons(document.getElementById("machine"));
    machine.ready.then(() => this.go(null));
  }

  makeButtons(into) {
    const button = (id, label, title, act) => {
      this[id] = FL.el("button", { id: "m-" + id, title, onclick: act },
        label);
      return this[id];
    };
    this.at = FL.el("select", { id: "m-at", "aria-label": "hold at" },
      STOPS.map(([key, text]) => FL.el("option", { value: key }, text)));
    this.status = FL.el("span.status", { id: "m-status",
      "aria-live": "polite" }, "starting");
    into.append(this.status,
      button("hold", "Hold at", "hold the machine at the next such event",
        () => this.go(this.chosenStop())), this.at,
      button("step", "Step", "to the next event", () => this.go(() => true)),
      button("back", "Back", "to where it was held before",
        () => this.goBack()),
      button("run", "Run", "let it run", () => this.go(null)));
  }

  chosenStop() {
    const stop = STOPS.find(([key]) => key === this.at.value)[2];
    return stop || (() => FL.matches(this.view, this.view.events.length - 1));
  }

  /* A new event; true: hold the machine at it. */
  event(ev) {
    if (ev.seq === 0) this.view.truncate(0); /* the machine has rebooted */
    this.view.append([ev]);
    this.later();
    return this.stop !== null && Boolean(this.stop(ev));
  }

  /* Runs on, up to an event for which STOP holds. */
  async go(stop) {
    this.stop = stop;
    await this.machine.run();
    this.showStatus();
  }

  async goBack() {
    this.back.disabled = true;
    this.view.truncate(await this.machine.back());
    this.draw();
  }

  later() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (!this.machine.held) this.draw();
    }, REDRAW);
  }

  draw() {
    const { view } = this;
    if (view.events.length > MOST_EVENTS) view.forget(MOST_EVENTS / 2);
    view.list.build();
    view.select(view.events.length - 1);
    this.showStatus();
  }

  showStatus() {
    const { held } = this.machine;
    this.status.textContent = held ? "held" : this.stop ?
      "runs up to the stop" : "runs";
    this.status.className = "status" + (held ? " held" : "");
    this.step.disabled = this.run.disabled = !held && !this.stop;
    this.back.disabled = !this.machine.canGoBack();
  }
}

FL.live = new Live();
FL.page = FL.live.view;
