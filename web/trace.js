/* SPDX-License-Identifier: MIT */
/* The trace page: a trace that is complete. tools/trace-view inlines it. */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

/* The events as tools/trace-view packs them: one list a event. */
FL.unpack = function (data) {
  const kinds = Object.entries(data.header.events);
  return data.events.map(([tsc, pid, kind, site, caller, ...values], seq) => {
    const [name, { args }] = kinds[kind], a = {};
    args.forEach((key, k) => { a[key] = values[k]; });
    const [at, line] = data.sites[site], [by, callerLine] = data.sites[caller];
    return { seq, tsc, pid, name, a, at, line, caller: by, callerLine };
  });
};

{
  const data = JSON.parse(document.getElementById("data").textContent);
  const view = FL.page = new FL.View(FL.parts(), data);
  view.clock = data.header.clock === "instructions" ? " instructions" :
    " cycles";
  view.append(FL.unpack(data));
  view.list.build();
  const shm = view.faults.list.find(f => f.cls === FL.CLASS.SHM);
  view.select(shm ? shm.last : view.events.length - 1);
}
