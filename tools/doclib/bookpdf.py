# SPDX-License-Identifier: MIT
"""The book as a PDF (1.4) of A4 pages, in the viewer's own Courier.

    catalog -> pages -> page -> contents: text, compressed
           '-> outlines: chapters, files

A page is a list of (font, size, x, y, text) in points from its lower left
corner. The same book makes the same bytes.
"""

import textwrap
import zlib

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 595, 842, 48, 800, 40
SIZE, LEADING = 8, 10
ROWS = (TOP - BOTTOM) // LEADING - 3
COLUMNS = 102  # characters of SIZE in a line
PLAIN, BOLD, SLANTED = "F1", "F2", "F3"
FONTS = {PLAIN: "Courier", BOLD: "Courier-Bold", SLANTED: "Courier-Oblique"}


def wrap(text, width):
    return [text[i:i + width] for i in range(0, len(text), width)] or [""]


class Pages:
    """What stands on each page, and where chapters and files begin."""

    def __init__(self):
        self.pages, self.marks = [], []

    def begin(self, title, level=None):
        self.pages.append([(BOLD, 10, LEFT, TOP, title),
                           (PLAIN, SIZE, WIDTH - LEFT - 30, TOP,
                            "%4d" % (len(self.pages) + 1))])
        if level is not None:
            self.marks.append((level, title, len(self.pages) - 1))
        self.row = 0

    def line(self, text, title, font=PLAIN):
        if self.row == ROWS:
            self.begin(title)
        y = TOP - 20 - self.row * LEADING
        self.pages[-1].append((font, SIZE, LEFT, y, text))
        self.row += 1


def layout(book):
    out = Pages()
    out.begin(book.title, 0)
    first = out.pages[-1]
    for number, name, sources in book.chapters:
        for i, source in enumerate(sources):
            title = "%d. %s: %s" % (number, name, source.path)
            out.begin(title, 1)
            for n, line in enumerate(source.lines, 1):
                for part, text in enumerate(wrap(line, COLUMNS - 6)):
                    label = "" if part else "%4d" % n
                    out.line("%-6s%s" % (label, text), title)
    out.begin("Functions", 0)
    for entry in book.index:
        place = "%s:%d" % (entry.path, entry.line)
        out.line("%-30s %s" % (entry.name, place), "Functions", BOLD)
        for text in textwrap.wrap(entry.sentence, COLUMNS - 4):
            out.line("    " + text, "Functions", SLANTED)
    y = TOP - 30
    for level, title, page in out.marks[1:]:
        first.append((PLAIN, SIZE, LEFT, y, "%-78s %4d" % (title, page + 1)))
        y -= LEADING + 2
    return out


def escaped(text):
    text = text.encode("latin-1", "replace")
    return (text.replace(b"\\", b"\\\\").replace(b"(", b"\\(")
            .replace(b")", b"\\)"))


def stream(page):
    parts = [b"BT"]
    for font, size, x, y, text in page:
        parts.append(b"/%s %d Tf 1 0 0 1 %d %d Tm (%s) Tj" % (
            font.encode(), size, x, y, escaped(text)))
    parts.append(b"ET")
    data = zlib.compress(b"\n".join(parts), 9)
    return (b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
            % (len(data), data))


def outlines(marks, first_page, at):
    """Objects of the side panel, the first of them number AT."""
    objects = [b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (
        at + 1, at + len(marks), len(marks))]
    for i, (_, title, page) in enumerate(marks):
        links = b""
        if i:
            links += b" /Prev %d 0 R" % (at + i)
        if i + 1 < len(marks):
            links += b" /Next %d 0 R" % (at + i + 2)
        objects.append(b"<< /Title (%s) /Parent %d 0 R /Dest [%d 0 R /Fit]%s >>"
                       % (escaped(title), at, first_page + 2 * page, links))
    return objects


def pages(book):
    """The file, in bytes. Objects: 1 catalog, 2 pages, 3 to 5 fonts, then each
    page and its contents, then the outlines."""
    out = layout(book)
    first = 3 + len(FONTS)
    panel = first + 2 * len(out.pages)
    kids = b" ".join(b"%d 0 R" % (first + 2 * i) for i in range(len(out.pages)))
    fonts = b" ".join(b"/%s %d 0 R" % (name.encode(), 3 + i)
                      for i, name in enumerate(FONTS))
    objects = [b"<< /Type /Catalog /Pages 2 0 R /Outlines %d 0 R "
               b"/PageMode /UseOutlines >>" % panel,
               b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids,
                                                             len(out.pages))]
    objects += [b"<< /Type /Font /Subtype /Type1 /BaseFont /%s "
                b"/Encoding /WinAnsiEncoding >>" % base.encode()
                for base in FONTS.values()]
    for i, page in enumerate(out.pages):
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] "
                       b"/Resources << /Font << %s >> >> /Contents %d 0 R >>"
                       % (WIDTH, HEIGHT, fonts, first + 2 * i + 1))
        objects.append(stream(page))
    objects += outlines(out.marks, first, panel)
    return assemble(objects)


def assemble(objects):
    data, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + (b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d "
                   b"/Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
                       len(objects) + 1, table, len(objects) + 1, len(data)))
