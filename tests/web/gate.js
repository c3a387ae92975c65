/* SPDX-License-Identifier: MIT */
/*
 * The machine of the web page, in node: TAP.
 * usage: node tests/web/gate.js FOLDER [NAME=VALUE...]
 * FOLDER is what tools/web laid out; NAME=VALUE are addresses and offsets of
 * the kernel, from gdb: with them the trees in memory are compared, too.
 */
"use strict";

const fs = require("fs"), path = require("path"), vm = require("vm");
const [folder, ...facts] = process.argv.slice(2);
const at = Object.fromEntries(facts.map(f => f.split("=")).map(([k, v]) =>
  [k, Number(v)]));
const load = name => vm.runInThisContext(fs.readFileSync(path.join(folder,
  name), "utf8"), { filename: name });

["meta.js", "facts.js", "avl.js", "model.js", "faults.js", "machine.js"].forEach(load);
const { V86 } = require(path.join(path.resolve(folder), "v86/libv86.js"));
const PROMPT = "faultline:/# ";
/* Two seconds of a machine far slower than any that runs this. */
const FIRST_FAULT = 20e6, TO_PROMPT = 100e6, LIMIT = 3e9;

let tests = 0, failed = 0, text = "", waiting = [];

function ok(good, name, note) {
  console.log(`${good ? "ok" : "not ok"} ${++tests} - ${name}`);
  if (!good && note !== undefined) console.log("# " + note);
  failed += !good;
}

const buffer = name => ({ buffer: new Uint8Array(fs.readFileSync(
  path.join(folder, name))).buffer });
const machine = new FL.Machine(V86, {
  wasm_path: path.join(folder, "v86/v86.wasm"),
  bios: buffer("bios/seabios.bin"), vga_bios: buffer("bios/vgabios.bin"),
  multiboot: buffer("faultline/kernel"), initrd: buffer("faultline/initrd"),
}, FL.meta);
const events = [], state = new FL.State();
let stop = () => false;

machine.onEvent = ev => {
  events.push(ev);
  state.apply(ev);
  return stop(ev);
};
machine.onSerial = b => {
  text += String.fromCharCode(b);
  waiting = waiting.filter(w => !w());
};
const says = what => new Promise(resolve => {
  const from = text.length;
  waiting.push(() => text.includes(what, from) && (resolve(), true));
});
const held = () => new Promise(resolve => { machine.onHold = resolve; });

/* What has not come by then never comes. */
setInterval(() => {
  if (machine.instructions() < LIMIT) return;
  ok(false, "the machine does what it should within " + LIMIT +
    " instructions", text.slice(-500).replace(/\n/g, "\n# "));
  console.log(`1..${tests}`);
  process.exit(1);
}, 500);

/* --- the trees of the machine's memory -------------------------------- */

const word = kva => machine.v86.v86.cpu.mem32s[(kva - 0xc0000000) >>> 2] >>> 0;

function treeInMemory(vma) {
  if (!vma) return "-";
  return `(${treeInMemory(word(vma + at.left))} ${FL.hex(word(vma +
    at.start))} ${treeInMemory(word(vma + at.right))})`;
}

const treeInModel = t => t ? `(${treeInModel(t.left)} ${FL.hex(t.start)} ${
  treeInModel(t.right)})` : "-";

function compareTrees() {
  let n = 0, wrong = null;
  for (let p = word(at.all_mms); p !== at.all_mms; p = word(p)) {
    const mm = p - at.all, number = word(mm + at.pgd_paddr) >>> 12;
    const want = treeInMemory(word(mm + at.mmap_avl));
    const got = treeInModel((state.mms.get(number) || { root: null }).root);
    n++;
    if (got !== want) wrong = `mm ${FL.hex(number)}\n# got  ${got}\n# want ${
      want}`;
  }
  ok(n && !wrong, `the trees of ${n} address spaces have the shape of those ` +
    "in memory", wrong);
}

/* --- the tests -------------------------------------------------------- */

async function boot() {
  const prompt = says(PROMPT);
  await machine.ready;
  machine.run();
  await prompt;
  const first = events.find(ev => ev.name === "fault_enter");
  ok(first && first.tsc < FIRST_FAULT,
    "the first fault comes within two seconds", first && first.tsc);
  ok(machine.instructions() < TO_PROMPT, "and the prompt",
    machine.instructions());
  ok(events.every((ev, i) => ev.seq === i && ev.line),
    "no event is lost, each has its line");
  ok(text.includes("ok: ten records"), "the worked example has run");
}

async function hold() {
  let arrived = held();
  stop = ev => ev.name === "fault_vma" && ev.a.flags & FL.VM.SHM;
  machine.type("testread\n");
  await arrived;
  const n = events.length, tsc = [];
  ok(machine.held, "held at a page of a segment");
  stop = () => true;
  for (let i = 0; i < 3; i++) {
    arrived = held();
    machine.run();
    await arrived;
    tsc.push(events[events.length - 1].tsc - events[events.length - 2].tsc);
  }
  const names = events.slice(n).map(ev => ev.name).join(" ");
  ok(names === "fault_class shm_page pte_set", "three steps, three hops",
    names);
  // v86 counts in slices: one gap may be some tens off
  ok(tsc.every(t => t > 0 && t < 2000),
    "instructions leave out the time it was held", tsc.join());
}

async function back() {
  const last = events[events.length - 1];
  ok(machine.canGoBack() && await machine.back() === events.length - 1,
    "one step back");
  events.pop();
  const arrived = held();
  machine.run();
  await arrived;
  const again = events[events.length - 1];
  ok(JSON.stringify([again.seq, again.name, again.a]) ===
    JSON.stringify([last.seq, last.name, last.a]), "and the same step again",
  JSON.stringify(again));
}

async function all() {
  await boot();
  if (at.all_mms) compareTrees();
  const answered = says("ok: ten records");
  await hold();
  await back();
  stop = () => false;
  machine.run();
  await answered;
  ok(true, "the console answers");
  console.log(`1..${tests}`);
  process.exit(failed ? 1 : 0);
}

all().catch(e => {
  console.log("Bail out! " + e);
  process.exit(1);
});
