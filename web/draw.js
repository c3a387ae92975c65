/* SPDX-License-Identifier: MIT */
/*
 * Drawings of one instant: the segment between frames and entries, the tree
 * of areas, the page tables. Each takes a State and draws into a node; none
 * keeps anything.
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const textAt = (x, y, text, cls = "", more = {}) =>
  FL.svg("text" + cls, { x, y, ...more }, text);

function picture(width, height, title) {
  return FL.svg("svg.picture", { viewBox: `0 0 ${width} ${height}`, width,
    height, role: "img", "aria-label": title });
}

function taskLabel(state, mm) {
  const tasks = state.tasksOf(mm);
  if (!tasks.length) return "address space " +
    (typeof mm.number === "number" ? FL.hex(mm.number) : mm.number);
  return tasks.map(t => (t.name || "process") + " " + t.pid).join(", ");
}

/* --- the segment ------------------------------------------------------ */

const SEG = { row: 30, frameX: 8, frameW: 104, pageW: 132, cell: 24 };

/* The numbers of at most LIMIT pages worth showing, FOCUS among them. */
function pagesToShow(seg, limit, focus) {
  const wanted = new Set([...seg.pages.keys()]);
  if (focus !== null && focus !== undefined) wanted.add(focus);
  for (let i = 0; wanted.size < Math.min(limit, seg.npages); i++)
    wanted.add(i);
  const all = [...wanted].sort((a, b) => a - b);
  if (all.length <= limit) return all;
  const at = Math.max(0, all.indexOf(focus));
  const from = Math.min(Math.max(0, at - (limit >> 1)), all.length - limit);
  return all.slice(from, from + limit);
}

function segmentLines(state, seg, attach, shown, rowY, blockY, x) {
  const lines = [], boxes = [];
  shown.forEach((index, k) => {
    const addr = attach.vma.start + (index - attach.index) * FL.PAGE;
    if (addr < attach.vma.start || addr >= attach.vma.end) return;
    const word = attach.mm.ptes.get(addr >>> 12) || 0;
    const d = FL.decodePte(word), mapped = d.kind === "page";
    const y = blockY + 20 + boxes.length * SEG.cell;
    const cls = mapped ? d.write ? ".rw" : ".ro" : ".sig";
    lines.push(FL.svg("path.link" + (mapped ? ".mapped" : ""), {
      d: curve(x.pageEnd, rowY[k], x.entry, y + SEG.cell / 2 - 2) }));
    boxes.push(FL.svg("g.entry" + cls, { "data-addr": addr },
      FL.svg("title", {}, FL.hex(addr, 8) + " holds " + FL.hex(word, 8) +
        ": " + FL.pteText(word)),
      FL.svg("rect", { x: x.entry, y, width: x.entryW, height: SEG.cell - 4,
        rx: 4 }),
      textAt(x.entry + 8, y + 14, FL.hex(addr, 8)),
      textAt(x.entry + x.entryW - 8, y + 14, mapped ?
        "→ " + FL.hex(d.pfn) + (d.write ? " rw" : " r-") : d.kind === "none" ?
        "empty" : "page " + index + "?", ".end")));
  });
  return { lines, boxes };
}

function curve(x0, y0, x1, y1) {
  const mid = (x0 + x1) / 2;
  return `M${x0},${y0} C${mid},${y0} ${mid},${y1} ${x1},${y1}`;
}

/* The box left of page INDEX: its frame, or its place on the disk. */
function homeOf(state, page, y) {
  const box = { x: SEG.frameX, y: y - 12, width: SEG.frameW, height: 24,
    rx: 4 };
  if (page.swap !== undefined)
    return FL.svg("g.slot", {}, FL.svg("rect", box),
      textAt(SEG.frameX + 8, y + 4, "slot " + page.swap));
  return FL.svg("g.frame", { "data-pfn": page.pfn }, FL.svg("rect", box),
    textAt(SEG.frameX + 8, y + 4, "frame " + FL.hex(page.pfn)),
    textAt(SEG.frameX + SEG.frameW - 8, y + 4, "×" +
      state.references(page.pfn), ".end"));
}

/* The segment in the middle, frames left, entries that map it right. */
FL.drawSegment = function (into, state, seg, focus) {
  const width = Math.max(460, into.clientWidth - 4);
  const attaches = state.attaches(seg);
  const limit = Math.max(4, Math.min(12,
    Math.floor(14 / Math.max(1, attaches.length))));
  const shown = pagesToShow(seg, limit, focus.page);
  const x = { entryW: Math.min(190, width * 0.34) };
  x.entry = width - x.entryW - 8;
  x.page = (SEG.frameX + SEG.frameW + x.entry - SEG.pageW) / 2;
  x.pageEnd = x.page + SEG.pageW;
  const top = 44, rowY = shown.map((_, k) => top + k * SEG.row + 13);
  const lines = [], boxes = [];
  let y = 26;
  for (const attach of attaches.slice(0, 12)) {
    const part = segmentLines(state, seg, attach, shown, rowY, y, x);
    boxes.push(textAt(x.entry, y + 14, taskLabel(state, attach.mm),
      ".label"), ...part.boxes);
    lines.push(...part.lines);
    y += 28 + part.boxes.length * SEG.cell;
  }
  if (!attaches.length)
    boxes.push(textAt(x.entry, 54, "nobody has it attached", ".dim"));
  shown.forEach((index, k) => {
    const page = seg.pages.get(index);
    const cls = !page ? ".untouched" : page.swap !== undefined ? ".swapped" :
      ".resident";
    if (page) lines.push(FL.svg("path.link.home", { d: curve(
      SEG.frameX + SEG.frameW, rowY[k], x.page, rowY[k]) }));
    if (page) boxes.push(homeOf(state, page, rowY[k]));
    boxes.push(FL.svg("g.page" + cls + (index === focus.page ? ".now" : ""),
      {}, FL.svg("rect", { x: x.page, y: rowY[k] - 13, width: SEG.pageW,
        height: 26, rx: 4 }),
      textAt(x.page + 8, rowY[k] + 4, "page " + index),
      textAt(x.pageEnd - 8, rowY[k] + 4, !page ? "untouched" :
        page.swap !== undefined ? "on disk" : "resident", ".end.dim")));
  });
  const more = seg.npages - shown.length;
  let bottom = Math.max(y, top + shown.length * SEG.row + 6);
  const svg = picture(width, bottom + (more ? 20 : 4), "segment " + seg.id);
  svg.append(textAt(SEG.frameX, 20, "frames", ".head"),
    textAt(x.page, 20, "segment " + seg.id + ", " +
      pages(0, seg.npages * FL.PAGE),
      ".head"),
    textAt(x.entry, 20, "entries that map it", ".head"), ...lines, ...boxes);
  if (more) svg.append(textAt(x.page, bottom + 12, "and " + more +
    " more", ".dim"));
  into.replaceChildren(svg);
};

/* One private frame and the entries that map it. */
FL.drawFrame = function (into, state, pfn, addr) {
  const width = Math.max(460, into.clientWidth - 4);
  const frame = state.frames.get(pfn) || { kind: "kernel" };
  const found = state.mappers(pfn).slice(0, 10);
  const svg = picture(width, 44 + Math.max(2, found.length) * 30,
    "frame " + FL.hex(pfn));
  const y0 = 44 + Math.max(2, found.length) * 15, x = width - 270;
  svg.append(textAt(40, 20, "frame", ".head"),
    textAt(x, 20, "entries that map it", ".head"));
  found.forEach((m, k) => {
    const y = 40 + k * 30;
    svg.append(FL.svg("path.link.mapped",
      { d: curve(190, y0, x, y + 11) }),
    FL.svg("g.entry" + (m.word & FL.PTE.RW ? ".rw" : ".ro") +
      (m.addr === addr ? ".now" : ""), {},
    FL.svg("rect", { x, y, width: 262, height: 22, rx: 4 }),
    textAt(x + 8, y + 15, FL.hex(m.addr, 8) + (m.word & FL.PTE.RW ? " rw" : " r-")),
    textAt(x + 254, y + 15, taskLabel(state, m.mm), ".end")));
  });
  if (!found.length)
    svg.append(textAt(x, 56, "no entry maps it", ".dim"));
  svg.append(FL.svg("g.frame.kind-" + frame.kind, {},
    FL.svg("rect", { x: 40, y: y0 - 20, width: 150, height: 40, rx: 6 }),
    textAt(54, y0 - 2, "frame " + FL.hex(pfn)),
    textAt(54, y0 + 13, frame.kind + (frame.count ? ", count " + frame.count :
      ""), ".dim")));
  into.replaceChildren(svg);
};

/* --- the tree of areas ------------------------------------------------ */

/* In-order columns, depth as rows: [{vma, x, y, parent}]. */
function placeTree(t, depth, placed, parent) {
  if (!t) return placed;
  const spot = { vma: t, depth, parent };
  placeTree(t.left, depth + 1, placed, spot);
  spot.column = placed.length;
  placed.push(spot);
  return placeTree(t.right, depth + 1, placed, spot);
}

FL.drawTree = function (into, state, mm, addr) {
  const spots = placeTree(mm.root, 0, [], null);
  if (!spots.length) {
    into.replaceChildren(FL.el("p.dim", {}, "No area is known yet."));
    return;
  }
  const room = Math.max(300, into.clientWidth - 4);
  const step = Math.max(33, Math.min(64, (room - 70) / spots.length));
  const deep = Math.max(...spots.map(s => s.depth));
  const width = Math.max(room, step * (spots.length - 1) + 80);
  const left = (width - step * (spots.length - 1)) / 2;
  const path = addr === null ? [] : FL.pathTo(mm.root, addr);
  const hit = path.filter(v => addr < v.end).pop();
  const svg = picture(width, deep * 52 + 48, "the tree of areas");
  if (width > room && width < room * 1.5)
    svg.setAttribute("style", "width: 100%; height: auto");
  const at = s => [left + s.column * step, 8 + s.depth * 52];
  for (const s of spots) {
    if (!s.parent) continue;
    const [x, y] = at(s), [px, py] = at(s.parent);
    const on = path.includes(s.vma) && path.includes(s.parent.vma);
    svg.append(FL.svg("path.branch" + (on ? ".on" : ""),
      { d: `M${px},${py + 32} C${px},${py + 44} ${x},${y - 12} ${x},${y}` }));
  }
  for (const s of spots) {
    const [x, y] = at(s), v = s.vma, kind = FL.vmaKind(v);
    const bal = height(v.left) - height(v.right);
    svg.append(FL.svg("g.area.kind-" + kind.replace(" ", "-") +
      (path.includes(v) ? ".on" : "") + (v === hit ? ".now" : ""),
    { transform: `translate(${x - 32},${y})` },
    FL.svg("title", {}, FL.hex(v.start, 8) + "–" + FL.hex(v.end, 8) + " " +
      FL.flagsText(v.flags) + " " + kind + ", height " + v.height +
      ", balance " + (bal > 0 ? "+" : "") + bal),
    FL.svg("rect", { width: 64, height: 32, rx: 6 }),
    textAt(32, 14, FL.hex(v.start, 8), ".mid"),
    textAt(32, 26, FL.flagsText(v.flags) + " h" + v.height +
      (bal ? (bal > 0 ? " ↙" : " ↘") : ""), ".mid.dim")));
  }
  into.replaceChildren(svg);
  const spot = spots.find(s => s.vma === hit);
  if (spot && width >= room * 1.5)
    into.scrollLeft = at(spot)[0] - room / 2;
};

/* --- the page tables -------------------------------------------------- */

/* Sizes of a cell in the directory and in the table, by room for both. */
const gridSizes = room => room < 470 ? { pgd: 4, pte: 7, gap: 14 } :
  { pgd: 6, pte: 8, gap: 22 };

/* Table number -> {page, signature, swap}: what its entries hold. */
function countTables(mm) {
  const tables = new Map();
  for (const [page, word] of mm.ptes) {
    const n = page >>> 10;
    let t = tables.get(n);
    if (!t) tables.set(n, t = { page: 0, signature: 0, swap: 0 });
    const kind = FL.decodePte(word).kind;
    if (t[kind] !== undefined) t[kind]++;
  }
  return tables;
}

function entryColour(state, word) {
  const d = FL.decodePte(word);
  if (d.kind === "none") return FL.colour("cell");
  if (d.kind === "signature") return FL.colour("sig");
  if (d.kind === "swap") return FL.colour("c-swap");
  const frame = state.frames.get(d.pfn);
  if (frame && frame.kind === "shm") return FL.colour("c-shm");
  if (frame && frame.kind === "zero") return FL.colour("c-zero");
  if (frame && frame.kind === "file") return FL.colour("c-file");
  return d.write ? FL.colour("c-anon") : FL.colour("c-ro");
}

function gridCell(g, x, y, size, colour, mark) {
  g.fillStyle = colour;
  g.fillRect(x, y, size - 1, size - 1);
  if (!mark) return;
  g.strokeStyle = FL.colour("accent");
  g.lineWidth = 2;
  g.strokeRect(x - 1, y - 1, size + 1, size + 1);
}

/* Directory left, one table right. Returns a function: point -> its cell. */
FL.drawGrid = function (canvas, state, mm, table, addr) {
  const GRID = gridSizes(canvas.parentNode.clientWidth);
  const pgdW = 32 * GRID.pgd, pteX = pgdW + GRID.gap;
  const width = pteX + 32 * GRID.pte, high = 32 * GRID.pte + 18;
  const g = FL.canvas(canvas, width, high), tables = countTables(mm);
  g.font = "11px " + FL.colour("sans");
  g.fillStyle = FL.colour("dim");
  g.fillText("directory", 0, 11);
  g.fillText("table " + table + ": " + FL.hex(table * 1024 * FL.PAGE, 8) +
    " and 4 MiB up", pteX, 11);
  for (let n = 0; n < 768; n++) {
    const t = tables.get(n);
    const colour = !t ? FL.colour("cell") : t.page ? FL.colour("c-anon") :
      t.swap ? FL.colour("c-swap") : FL.colour("sig");
    gridCell(g, (n % 32) * GRID.pgd, 18 + (n >> 5) * GRID.pgd, GRID.pgd,
      colour, n === table);
  }
  for (let n = 0; n < 1024; n++) {
    const page = table * 1024 + n;
    gridCell(g, pteX + (n % 32) * GRID.pte, 18 + (n >> 5) * GRID.pte,
      GRID.pte, entryColour(state, mm.ptes.get(page) || 0), false);
  }
  if (addr !== null && addr >>> 22 === table) {
    const n = addr >>> 12 & 1023;
    gridCell(g, pteX + (n % 32) * GRID.pte, 18 + (n >> 5) * GRID.pte,
      GRID.pte, entryColour(state, mm.ptes.get(addr >>> 12) || 0), true);
  }
  return (x, y) => gridAt(GRID, x, y - 18, table);
};

function gridAt(GRID, x, y, table) {
  if (y < 0) return null;
  if (x < 32 * GRID.pgd && y < 24 * GRID.pgd)
    return { table: Math.floor(y / GRID.pgd) * 32 + Math.floor(x / GRID.pgd) };
  x -= 32 * GRID.pgd + GRID.gap;
  if (x < 0 || x >= 32 * GRID.pte || y >= 32 * GRID.pte) return null;
  return { addr: (table * 1024 + Math.floor(y / GRID.pte) * 32 +
    Math.floor(x / GRID.pte)) * FL.PAGE };
}
