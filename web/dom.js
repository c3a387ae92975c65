/* SPDX-License-Identifier: MIT */
/* Making elements: el("div.class", {attributes}, children...), svg(...). */
"use strict";

var FL = globalThis.FL = globalThis.FL || {};

{
  const SVG = "http://www.w3.org/2000/svg";

  const fill = function (node, attributes, children) {
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined)
        node.setAttribute(key, value);
    }
    node.append(...children.flat().filter(c => c !== null && c !== undefined));
    return node;
  };

  FL.el = function (name, attributes, ...children) {
    const [tag, ...classes] = name.split(".");
    const node = document.createElement(tag);
    if (classes.length) node.className = classes.join(" ");
    return fill(node, attributes, children);
  };

  FL.svg = function (name, attributes, ...children) {
    const [tag, ...classes] = name.split(".");
    const node = document.createElementNS(SVG, tag);
    if (classes.length) node.setAttribute("class", classes.join(" "));
    return fill(node, attributes, children);
  };

  /* The colour of a name in view.css, as the page shows it now. */
  FL.colours = new Map(); /* those asked for; cleared when the theme changes */
  FL.colour = function (name) {
    let value = FL.colours.get(name);
    if (!value) {
      value = getComputedStyle(document.documentElement)
        .getPropertyValue("--" + name).trim();
      FL.colours.set(name, value);
    }
    return value;
  };
  if (globalThis.matchMedia)
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
      () => {
        FL.colours.clear();
        globalThis.dispatchEvent(new Event("resize"));
      });

  /* A canvas as sharp as the screen: its context, in CSS pixels. */
  FL.canvas = function (canvas, width, height) {
    const scale = globalThis.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
    const g = canvas.getContext("2d");
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, width, height);
    return g;
  };
}
