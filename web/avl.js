/* SPDX-License-Identifier: MIT */
/*
 * The tree of areas: key end, balanced as mm/vma_avl.c does it.
 *
 * INV-WB1 the same areas come and go in the same order, so the tree has the
 *         shape of the one in the machine: tests/web/gate.t compares them
 */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

const height = t => t ? t.height : 0;

function measure(n) {
  n.height = 1 + Math.max(height(n.left), height(n.right));
  return n;
}

function turn(n, from, to) { /* the child on side FROM comes up */
  const child = n[from];
  n[from] = child[to];
  child[to] = measure(n);
  return measure(child);
}

function balance(n) {
  const diff = height(n.left) - height(n.right);
  if (diff > 1) {
    if (height(n.left.left) < height(n.left.right))
      n.left = turn(n.left, "right", "left");
    return turn(n, "left", "right");
  }
  if (diff < -1) {
    if (height(n.right.right) < height(n.right.left))
      n.right = turn(n.right, "left", "right");
    return turn(n, "right", "left");
  }
  return measure(n);
}

FL.avlInsert = function (t, vma) {
  if (!t) {
    vma.left = vma.right = null;
    return measure(vma);
  }
  const side = vma.end < t.end ? "left" : "right";
  t[side] = FL.avlInsert(t[side], vma);
  return balance(t);
};

function removeFirst(t) { /* [the first node, the rest] */
  if (!t.left) return [t, t.right];
  const [first, rest] = removeFirst(t.left);
  t.left = rest;
  return [first, balance(t)];
}

FL.avlRemove = function (t, vma) {
  if (!t) return null;
  if (t !== vma) {
    const side = vma.end < t.end ? "left" : "right";
    t[side] = FL.avlRemove(t[side], vma);
    return balance(t);
  }
  if (!t.right) return t.left;
  const [heir, rest] = removeFirst(t.right);
  heir.left = t.left;
  heir.right = rest;
  return balance(heir);
};

/* The areas of tree T, lowest first. */
FL.areas = function (t, into = []) {
  if (!t) return into;
  FL.areas(t.left, into);
  into.push(t);
  return FL.areas(t.right, into);
};

/* The nodes find_vma() passes for ADDR, up to the one that holds it; the last
 * that ends above it wins. */
FL.pathTo = function (t, addr) {
  const path = [];
  while (t) {
    path.push(t);
    if (addr >= t.start && addr < t.end) break;
    t = addr < t.end ? t.left : t.right;
  }
  return path;
};
