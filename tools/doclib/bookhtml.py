# SPDX-License-Identifier: MIT
"""The book as one HTML page: no scripts, prints with a page break a file."""

import html

STYLE = """
body { font: 15px/1.5 Georgia, serif; max-width: 60rem; margin: 2rem auto;
       padding: 0 1rem; color: #222; background: #fdfdfb; }
h1, h2, h3 { font-family: system-ui, sans-serif; line-height: 1.2; }
h3 { border-bottom: 1px solid #ccc; padding-bottom: .2rem; }
h3 small { font-weight: normal; color: #666; margin-left: .6rem; }
pre { font: 12.5px/1.35 ui-monospace, Menlo, Consolas, monospace;
      overflow-x: auto; }
pre .n { display: inline-block; width: 3.2em; margin-right: 1em;
         text-align: right; color: #999; user-select: none; }
pre .c { color: #2d6a4f; }
table { border-collapse: collapse; font-size: 13px; }
td { padding: .1rem .8rem .1rem 0; vertical-align: top; }
td:first-child, td:nth-child(2) { font-family: ui-monospace, monospace;
                                  white-space: nowrap; }
a { color: #1d4e89; text-decoration: none; } a:hover { text-decoration: underline; }
nav li { margin: .1rem 0; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; }
  section { break-before: page; } pre { font-size: 7.5pt; white-space: pre-wrap; }
  a { color: inherit; } }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1b1b1b; } a { color: #8ab8e8; }
  pre .c { color: #8fc9a3; } h3 { border-color: #444; } h3 small { color: #999; } }
"""


def anchor(path, line=None):
    return path.replace("/", "-") + ("" if line is None else "-%d" % line)


def listing(source):
    """The lines, with comments coloured and numbers that can be linked to."""
    out, inside = [], False
    for number, line in enumerate(source.lines, 1):
        shown = []
        rest = line
        while rest:
            mark = "*/" if inside else "/*"
            at = rest.find(mark)
            end = len(rest) if at < 0 else at + (2 if inside else 0)
            if end:
                text = html.escape(rest[:end], quote=False)
                shown.append('<span class="c">%s</span>' % text
                             if inside else text)
            if at >= 0:
                inside = not inside
            rest = rest[end:]
        out.append('<span class="n" id="%s">%d</span>%s' % (
            anchor(source.path, number), number, "".join(shown)))
    return "<pre>%s</pre>" % "\n".join(out)


def contents(book):
    out = ["<nav>"]
    for number, name, sources in book.chapters:
        out.append("<h2>%d. %s</h2><ul>" % (number, html.escape(name)))
        out += ['<li><a href="#%s">%s</a> %s</li>' % (
            anchor(s.path), s.path, html.escape(s.words)) for s in sources]
        out.append("</ul>")
    out.append('<p><a href="#functions">All functions</a></p></nav>')
    return "\n".join(out)


def index(book):
    rows = ['<tr><td><a href="#%s">%s</a></td><td>%s:%d</td><td>%s</td></tr>' % (
        anchor(e.path, e.line), e.name, e.path, e.line,
        html.escape(e.sentence)) for e in book.index]
    return ('<section id="functions"><h2>Functions</h2><table>%s</table>'
            "</section>" % "\n".join(rows))


def pages(book):
    """The page, in bytes."""
    body = ["<h1>%s</h1>" % html.escape(book.title),
            "<p>%d lines in %d files, in the order in which they are best "
            "read.</p>" % (book.lines,
                           sum(len(c[2]) for c in book.chapters)),
            contents(book)]
    for number, name, sources in book.chapters:
        for source in sources:
            body.append('<section id="%s"><h3>%s <small>%d. %s: %s</small></h3>'
                        "%s</section>" % (
                            anchor(source.path), source.path, number,
                            html.escape(name), html.escape(source.words),
                            listing(source)))
    body.append(index(book))
    return ('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            "<title>%s</title><style>%s</style></head><body>\n%s\n</body></html>"
            "\n" % (html.escape(book.title), STYLE,
                    "\n".join(body))).encode("utf-8")
