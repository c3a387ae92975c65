/* SPDX-License-Identifier: MIT */
/*
 * A terminal for the serial console: what the shell's line editor and vi need
 * of a VT100, 80 x 24, and the lines that have scrolled away.
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const COLUMNS = 80, LINES = 24, SCROLLBACK = 1000;
const KEY_BYTES = { Enter: "\r", Backspace: "\x7f", Tab: "\t", Escape: "\x1b",
  ArrowUp: "\x1b[A", ArrowDown: "\x1b[B", ArrowRight: "\x1b[C",
  ArrowLeft: "\x1b[D", Home: "\x1b[H", End: "\x1b[F", Delete: "\x1b[3~",
  PageUp: "\x1b[5~", PageDown: "\x1b[6~" };

/* The bytes of keyboard event E, or null. */
FL.keyBytes = function (e) {
  if (e.metaKey || e.altKey) return null;
  if (e.ctrlKey) {
    const code = e.key.toUpperCase().charCodeAt(0);
    return e.key.length === 1 && code >= 64 && code < 96 ?
      String.fromCharCode(code & 31) : null;
  }
  return KEY_BYTES[e.key] || (e.key.length === 1 ? e.key : null);
};

FL.Screen = class {
  constructor() {
    this.lines = [[]]; /* of characters; the last LINES are the screen */
    this.row = this.column = 0;
    this.escape = null;
  }

  top() { return Math.max(0, this.lines.length - LINES); }

  line() {
    const at = this.top() + this.row;
    while (this.lines.length <= at) this.lines.push([]);
    return this.lines[at];
  }

  byte(b) {
    const c = String.fromCharCode(b);
    if (this.escape !== null) this.sequence(c);
    else if (c === "\x1b") this.escape = "";
    else if (c === "\n") this.down();
    else if (c === "\r") this.column = 0;
    else if (c === "\b") this.column = Math.max(0, this.column - 1);
    else if (c === "\t") this.column = Math.min(COLUMNS - 1,
      (this.column | 7) + 1);
    else if (b >= 32) this.put(c);
  }

  put(c) {
    if (this.column >= COLUMNS) {
      this.column = 0;
      this.down();
    }
    const line = this.line();
    while (line.length < this.column) line.push(" ");
    line[this.column++] = c;
  }

  down() {
    if (this.row < LINES - 1 && this.top() + this.row + 1 <
        Math.max(this.lines.length, LINES)) this.row++;
    else this.lines.push([]);
    this.line();
    if (this.lines.length > SCROLLBACK) this.lines.shift();
  }

  sequence(c) {
    this.escape += c;
    if (this.escape.length === 1 && "[(".includes(c)) return;
    if (this.escape[0] === "[" && !/[@-~]/.test(c)) return;
    const text = this.escape;
    this.escape = null;
    if (text[0] === "[") this.control(text.slice(-1),
      text.slice(1, -1).split(";").map(n => parseInt(n, 10) || 0));
  }

  control(letter, [n, m]) {
    const move = Math.max(1, n);
    if (letter === "A") this.row = Math.max(0, this.row - move);
    if (letter === "B") this.row = Math.min(LINES - 1, this.row + move);
    if (letter === "C") this.column = Math.min(COLUMNS - 1,
      this.column + move);
    if (letter === "D") this.column = Math.max(0, this.column - move);
    if (letter === "G") this.column = move - 1;
    if (letter === "H" || letter === "f") {
      this.row = Math.min(LINES, move) - 1;
      this.column = Math.min(COLUMNS, Math.max(1, m || 1)) - 1;
    }
    if (letter === "K") this.clearLine(n);
    if (letter === "J") this.clear(n);
    if (letter === "P") this.line().splice(this.column, move);
    if (letter === "@") this.line().splice(this.column, 0,
      ...Array(move).fill(" "));
  }

  clearLine(how) {
    const line = this.line();
    if (how === 0) line.length = Math.min(line.length, this.column);
    else if (how === 2) line.length = 0;
    else line.fill(" ", 0, this.column + 1);
  }

  clear(how) {
    if (how === 0) this.clearLine(0);
    const from = this.top() + (how === 0 ? this.row + 1 : 0);
    for (let i = from; i < this.lines.length; i++) this.lines[i].length = 0;
  }

  text() { return this.lines.map(line => line.join("")).join("\n"); }
};

FL.Terminal = class {
  constructor(into, send) {
    this.screen = new FL.Screen();
    this.pre = FL.el("pre");
    this.box = FL.el("div.console", { tabindex: 0, id: "console",
      role: "textbox", "aria-label": "console of the machine" }, this.pre);
    into.append(this.box);
    this.box.addEventListener("keydown", e => {
      const bytes = FL.keyBytes(e);
      if (bytes === null) return;
      e.preventDefault();
      send(bytes);
    });
    this.box.addEventListener("paste", e => send(
      e.clipboardData.getData("text").replace(/\r?\n/g, "\r")));
  }

  byte(b) {
    this.screen.byte(b);
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = null;
      this.paint();
    });
  }

  paint() {
    const { screen } = this, at = screen.top() + screen.row;
    const before = screen.lines.slice(0, at).map(l => l.join("") + "\n");
    const line = screen.line(), c = screen.column;
    this.pre.replaceChildren(before.join("") + line.slice(0, c).join(""),
      FL.el("span.cursor", {}, line[c] || " "), line.slice(c + 1).join(""),
      screen.lines.slice(at + 1).map(l => "\n" + l.join("")).join(""));
    this.box.scrollTop = this.box.scrollHeight;
  }
};
