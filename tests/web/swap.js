/* SPDX-License-Identifier: MIT */
/*
 * The pages' model and swap, with events made up: a page of a segment and one
 * of a process go out and come back. A line for each breach; status 1 then.
 */
"use strict";

const fs = require("fs"), path = require("path"), vm = require("vm");
const WEB = path.join(__dirname, "../../web");

vm.runInThisContext(require("child_process").execFileSync(path.join(WEB,
  "../tools/gen-facts"), { encoding: "utf8" }));
for (const name of ["avl", "model", "faults", "time"])
  vm.runInThisContext(fs.readFileSync(path.join(WEB, name + ".js"), "utf8"),
    { filename: name + ".js" });

const SIGNATURE = FL.PTE.SHM, ENTRY = 7 << 8, FRAME = 0x9000 | 0x67;
const ATTACH = FL.VM.READ | FL.VM.WRITE | FL.VM.SHARED | FL.VM.SHM;
const shmPage = (slot, pfn) => ["shm_page", { id: 0, index: 0, slot, pfn,
  state: 0 }];
const pte = (addr, before, after) => ["pte_set", { addr, before, after,
  pfn: after >>> 12, count: 1, mm: 5 }];
const story = [
  ["task_exec", { entry: 0, esp: 0, mm: 5 }],
  ["vma_link", { mm: 5, start: 0x40000000, end: 0x40001000, flags: ATTACH,
    offset: 0 }],
  ["pte_range", { start: 0x40000000, end: 0x40001000, first: SIGNATURE,
    step: 1 << 18, mm: 5 }],
  ["shm_get", { id: 0, key: 1, npages: 1 }],
  shmPage(0, 8), pte(0x40000000, SIGNATURE, 0x8067),
  pte(0x40000000, 0x8067, SIGNATURE), /* out: back to the signature */
  ["shm_evict", { id: 0, index: 0, pfn: 8, area: 0, slot: 3 }],
  ["page_free", { pfn: 8, order: 0, free: 1 }],
  ["swap_out", { pid: 1, addr: 0x50000000, pfn: 9, area: 0, slot: 7 }],
  pte(0x50000000, FRAME, ENTRY),
  shmPage(3 << 8, 10), pte(0x40000000, SIGNATURE, 0xa067), /* and in again */
  pte(0x50000000, ENTRY, 0xb067),
].map(([name, a], i) => ({ seq: i, tsc: i * 100, pid: 1, name, a }));

let failed = 0;

function is(got, want, name) {
  if (JSON.stringify(got) === JSON.stringify(want)) return;
  failed = 1;
  console.log(`${name}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
}

const history = new FL.History(story, 4);
let s = history.at(8);
is([...s.swap.keys()], ["0:3"], "the slot of the segment's page");
is(s.segments.get(0).pages.get(0), { swap: "0:3" }, "the page is on the disk");
is(s.mms.get(5).ptes.get(0x40000), SIGNATURE, "its entry is the signature");
is(s.attaches(s.segments.get(0)).length, 1, "it is still attached");
s = history.at(10);
is([...s.swap.keys()], ["0:3", "0:7"], "and that of the process");
s = history.at(story.length - 1);
is([...s.swap.keys()], [], "nothing is left in swap");
is(s.segments.get(0).pages.get(0), { pfn: 10 }, "the page has a new frame");

const faults = new FL.Faults(story), lives = new FL.Lives(story, faults);
faults.update();
lives.update();
is(lives.slots.map(l => [l.id, l.from, l.to]), [[3, 7, 11], [7, 9, 13]],
  "slots over time");
process.exit(failed);
