/* SPDX-License-Identifier: MIT */
/*
 * The way that the page draws through the tree of areas, against the node
 * lines of /proc/<pid>/why. usage: node tests/web/path.js TRACE OUTPUT; OUTPUT
 * is what that run printed: "@ PID ADDR" and the node lines that follow it.
 * Prints how many ways there were, and a line for each breach.
 */
"use strict";

const { execFileSync } = require("child_process");
const fs = require("fs"), path = require("path"), vm = require("vm");
const ROOT = path.join(__dirname, "../..");

vm.runInThisContext(execFileSync(path.join(ROOT, "tools/gen-facts"),
  { encoding: "utf8" }));
for (const name of ["avl", "model", "faults"])
  vm.runInThisContext(fs.readFileSync(path.join(ROOT, "web", name + ".js"),
    "utf8"), { filename: name + ".js" });

const told = []; /* {pid, addr, nodes: ["START END"]} */
for (const line of fs.readFileSync(process.argv[3], "utf8").split("\n")) {
  const [what, ...words] = line.trim().split(" ");
  if (what === "@")
    told.push({ pid: Number(words[0]), addr: parseInt(words[1], 16),
      nodes: [] });
  else if (what === "node") told[told.length - 1].nodes.push(words.join(" "));
}

/* The processes rest while they are asked: their trees are those of the end. */
const state = new FL.State();
const pids = new Set(told.map(t => t.pid));
const left = new Set(pids);
for (const line of fs.readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  const ev = JSON.parse(line);
  if (ev.record) continue;
  if (ev.ev === "task_exit" && left.delete(ev.pid) && !left.size) break;
  state.apply({ ...ev, name: ev.ev, a: ev.args });
}

const breaches = [];
for (const { pid, addr, nodes } of told) {
  const got = FL.pathTo(state.mmOf(pid).root, addr).map(v =>
    FL.hex(v.start, 8) + " " + FL.hex(v.end, 8));
  if (got.join() !== nodes.join())
    breaches.push(`${FL.hex(addr, 8)} of ${pid}: ${got.join(", ")}; not ${
      nodes.join(", ")}`);
}
console.log(`${told.length} ways through the trees of ${pids.size} processes`);
console.log(breaches.slice(0, 20).join("\n"));
process.exit(breaches.length || told.length < 10 ? 1 : 0);
