/* SPDX-License-Identifier: MIT */
/*
 * The machine: Faultline in v86, its console, and the gate port through which
 * the kernel offers each event before it goes on (docs/trace.md).
 *
 *   kernel: inl(0xe10)          --> note the time: the trace begins
 *           outl(0xe10, record) --> read it, onEvent() --> hold?
 *           inl(0xe10) == "PAUS": waits           run() --> no more
 *
 * INV-WB4 port 0xf4 is never touched: the kernel knows the gate and leaves it
 * INV-WB5 a state is kept only while the machine is held, so going back ends
 *         in the same loop, at the same event
 *
 * Runs in the page and in node (tests/web).
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const GATE = 0xe10, PAUSED = 0x50415553, KEEP_STATES = 60;

/*
 * The time, as v86 takes it: it stands still while the machine is held, but
 * for the millisecond v86 waits for before its loop ends. Else a timer would
 * interrupt behind every step. This file therefore comes before v86.
 */
FL.time = {
  real: performance.now.bind(performance), held: false, lost: 0,
  told: 0, /* the time v86 knows */
  timers: 0, /* when it last looked whether a timer is due */
  rests: false, /* held, and v86's loop has ended */
  now() {
    if (!this.held) this.told = this.real() - this.lost;
    else if (!this.rests) this.told += 0.6;
    return this.told;
  },
  stop() {
    this.held = true;
    this.rests = false;
    this.told = this.timers; /* what became due since then can wait */
  },
  go() {
    if (this.held) this.lost = this.real() - this.told;
    this.held = false;
  },
};
Object.defineProperty(performance, "now", { value: () => FL.time.now(),
  configurable: true, writable: true });

FL.Machine = class {
  /* FILES: {wasm_path, bios, vga_bios, multiboot, initrd} as v86 has them. */
  constructor(V86, files, meta) {
    this.meta = meta;
    this.count = 0; /* events so far */
    this.held = false;
    this.states = []; /* {count, clock, state}: where one can go back to */
    /* last: what v86 said; total: instructions; begin: when the trace began
     * to write its event; skew: instructions the trace itself has taken */
    this.clock = { last: 0, total: 0, begin: 0, skew: 0 };
    this.offered = false; /* an event has come, the kernel waits */
    this.onEvent = () => false; /* true: hold the machine here */
    this.onHold = () => {};
    this.onSerial = () => {};
    this.v86 = new V86({
      memory_size: 64 << 20, vga_memory_size: 1 << 20, autostart: false,
      fastboot: true, disable_speaker: true, disable_mouse: true,
      disable_keyboard: true, cmdline: "", ...files,
    });
    this.ready = new Promise(resolve =>
      this.v86.add_listener("emulator-ready", () => {
        this.openGate();
        this.cleanReboots();
        this.watchTimers();
        resolve();
      }));
    this.v86.add_listener("serial0-output-byte", b => this.onSerial(b));
  }

  openGate() {
    const { io } = this.v86.v86.cpu, device = { name: "gate" };
    io.register_write(GATE, device, undefined, undefined,
      address => this.offer(address >>> 0));
    io.register_read(GATE, device, undefined, undefined,
      () => this.answer());
  }

  watchTimers() {
    const { cpu } = this.v86.v86, look = cpu.run_hardware_timers;
    cpu.run_hardware_timers = (acpi, now) => {
      FL.time.timers = now;
      return look.call(cpu, acpi, now);
    };
  }

  /* v86 loads the kernel again, but leaves its bss as it was. */
  cleanReboots() {
    const { cpu } = this.v86.v86, reboot = cpu.reboot_internal;
    cpu.reboot_internal = () => {
      cpu.reset_memory();
      this.states = [];
      reboot.call(cpu);
    };
  }

  /* The kernel reads the gate. */
  answer() {
    const { clock } = this, now = this.instructions();
    if (this.held) return PAUSED;
    FL.time.go();
    if (this.offered) clock.skew += now - clock.begin;
    else clock.begin = now;
    this.offered = false;
    return 0;
  }

  /* Instructions since the start; v86 counts in 32 bits. */
  instructions() {
    const now = this.v86.get_instruction_counter() >>> 0;
    this.clock.total += now - this.clock.last >>> 0;
    this.clock.last = now;
    return this.clock.total;
  }

  offer(address) {
    const ev = this.read(address);
    this.offered = true;
    this.count++;
    if (this.onEvent(ev)) this.hold();
  }

  /* The record at physical ADDRESS: struct trace_event. */
  read(address) {
    const word = k => this.v86.v86.cpu.mem32s[(address >>> 2) + k] >>> 0;
    const [name, args] = this.meta.points[word(3) & 0xffff] || ["?", []];
    const a = {};
    args.forEach((key, k) => { a[key] = word(5 + k); });
    const place = address_ => this.meta.places[address_] || [null, null];
    const [at, line] = place(word(11)), [caller, callerLine] = place(word(4));
    return { seq: word(2), tsc: this.clock.begin - this.clock.skew,
      pid: word(3) << 0 >> 16, name, a, at, line,
      caller: caller || "0x" + word(4).toString(16), callerLine };
  }

  hold() {
    this.held = true;
    FL.time.stop();
    this.stopped = this.v86.stop().then(async () => {
      FL.time.rests = true;
      const state = await this.v86.save_state();
      this.states.push({ count: this.count, clock: { ...this.clock }, state });
      if (this.states.length > KEEP_STATES) this.states.shift();
      this.onHold();
    });
  }

  /* Goes on; from an event at which it was held, too. */
  async run() {
    await this.stopped;
    this.held = false;
    await this.v86.run();
  }

  canGoBack() { return this.held && this.states.length > 1; }

  /* To the event at which it was held before. */
  async back() {
    await this.stopped;
    this.states.pop();
    const last = this.states[this.states.length - 1];
    await this.v86.restore_state(last.state);
    this.clock = { ...last.clock,
      last: this.v86.get_instruction_counter() >>> 0 };
    this.count = last.count;
    this.held = this.offered = true;
    return last.count;
  }

  type(text) { this.v86.serial0_send(text); }
};
