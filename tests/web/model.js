/* SPDX-License-Identifier: MIT */
/*
 * What the pages' model makes of a trace, against what the kernel says in the
 * same trace. usage: node tests/web/model.js TRACE; a line for each breach.
 */
"use strict";

const fs = require("fs"), path = require("path"), vm = require("vm");
const WEB = path.join(__dirname, "../../web");

vm.runInThisContext(require("child_process").execFileSync(path.join(WEB,
  "../tools/gen-facts"), { encoding: "utf8" }));
for (const name of ["avl", "model", "faults", "time"])
  vm.runInThisContext(fs.readFileSync(path.join(WEB, name + ".js"), "utf8"),
    { filename: name + ".js" });

const records = fs.readFileSync(process.argv[2], "utf8").trim().split("\n")
  .map(line => JSON.parse(line));
const events = records.filter(r => !r.record).map(r => ({ ...r, name: r.ev,
  a: r.args }));
const told = {}, breaches = [];

function check(what, ev, got, want) {
  told[what] = (told[what] || 0) + 1;
  if (got !== want)
    breaches.push(`${what}: event ${ev.seq} ${ev.name}: ${got}, not ${want}`);
}

const HARDWARE = FL.PTE.A | FL.PTE.D; /* set without an event */
const soft = word => (FL.resident(word) ? word & ~HARDWARE : word) >>> 0;

function before(state, ev) {
  const { a } = ev;
  if (ev.name === "pte_set")
    check("entry before", ev, FL.hex(soft(state.mm(a.mm).ptes.get(
      a.addr >>> 12) || 0), 8), FL.hex(soft(a.before), 8));
  if (ev.name !== "fault_vma" || state.task(ev.pid).mm === null) return;
  const area = state.mmOf(ev.pid).area(a.addr);
  check("area", ev, area && [area.start, area.end, area.flags].join(),
    [a.start, a.end, a.flags].join());
}

function balanced(t) {
  return !t || (balanced(t.left) && balanced(t.right) && t.height === 1 +
    Math.max(height(t.left), height(t.right)) &&
    Math.abs(height(t.left) - height(t.right)) < 2);
}

function after(state, ev) {
  const { a } = ev;
  if (ev.name === "fault_exit" && state.task(ev.pid).mm !== null) {
    const resident = [...state.mmOf(ev.pid).ptes.values()].filter(w =>
      FL.resident(w) && (state.frames.get(w >>> 12) || {}).kind !== "zero");
    check("resident pages", ev, resident.length, a.rss);
  }
  if (ev.name === "shm_attach")
    check("attaches", ev, state.attaches(state.segment(a.id)).length,
      a.nattch);
  if (/^vma_/.test(ev.name))
    check("balance", ev, balanced(state.mm(a.mm).root), true);
}

const state = new FL.State();
for (const ev of events) {
  before(state, ev);
  state.apply(ev);
  after(state, ev);
}

/* Going to a place must give what walking there gives. */
const history = new FL.History(events, 300);
for (const i of [events.length - 1, 10, events.length >> 1, 301, 299]) {
  const walked = new FL.State();
  for (let k = 0; k <= i; k++) walked.apply(events[k]);
  const count = s => [...s.mms.values()].map(m => m.number + ":" +
    m.ptes.size + ":" + FL.areas(m.root).length).join();
  check("history", events[i], count(history.at(i)), count(walked));
}

const faults = new FL.Faults(events);
faults.update();
for (const f of faults.list)
  check("instructions", events[f.first], f.hops.reduce((sum, i) =>
    sum + faults.cost(i), 0), faults.total(f));

console.log(Object.entries(told).map(([k, n]) => `${k} ${n}`).join(", "));
console.log(breaches.slice(0, 20).join("\n"));
process.exit(breaches.length ? 1 : 0);
