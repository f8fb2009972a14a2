"""Blocks of a document, typeset by typst; and the source text of each page of the result.

A block is one call of a function of template.typ with the lines of text that it prints, in reading
order. Where the page breaks fell is found by walking the text that PDFium reads from the finished
PDF along the source: so the truth is the source, and a PDF that says anything else is an error here.
"""
import io
import json
import pathlib
import re
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import typst

HERE = pathlib.Path(__file__).parent
A4, A3 = (210.0, 297.0), (297.0, 420.0)
DASH, COUNTED = "— {n} —", "第{n}页 共{N}页"
LOOSE = 20.0    # leading of records and pleadings: 1.5 lines; the default is the 22 lines a page of court documents


@dataclass
class Block:
    code: str
    lines: list[str] = field(default_factory=list)


@dataclass
class Page:
    text: str
    width_pt: float
    height_pt: float
    rotate: int = 0


@dataclass
class Doc:
    title: str
    blocks: list[Block]
    date: str = "2023-03-06"
    footer: str | None = DASH
    header: str | None = None
    bookmarks: bool = False
    size: float = 16
    leading: float = 17
    font: str = "serif"
    paper: tuple[float, float] = A4
    margin: tuple[float, float, float, float] = (34, 32, 28, 26)   # top, bottom, left, right, in mm
    fill: str | None = None


def q(s: str | None) -> str:
    """A typst string literal."""
    return "none" if s is None else json.dumps(s, ensure_ascii=False)


def _runs(s: str) -> tuple[str, str]:
    """`**bold**` marks to typst arguments, and the text without the marks."""
    parts = re.split(r"\*\*", s)
    args = "".join(f"({q(x)}, {'true' if i % 2 else 'false'}), " for i, x in enumerate(parts) if x)
    return args, "".join(parts)


def p(s: str, indent: float = 2, size: float = 1) -> Block:
    args, text = _runs(s)
    return Block(f"#p({args}indent: {indent}em, size: {size}em)", [text])


def ps(text: str) -> list[Block]:
    """Paragraphs from a text with one on each line."""
    return [p(x.strip()) for x in text.strip().splitlines() if x.strip()]


def court(s: str, size: float = 22) -> Block:
    return Block(f"#court({q(s)}, size: {size}pt)", [s])


def title(s: str, size: float = 24, tracking: float = 6) -> Block:
    return Block(f"#title({q(s)}, size: {size}pt, tracking: {tracking}pt)", [s])


def h(s: str, level: int = 2, size: float = 1) -> Block:
    return Block(f"#h({q(s)}, level: {level}, size: {size}em)", [s])


def center(s: str, size: float = 1, bold: bool = False) -> Block:
    return Block(f"#center({q(s)}, size: {size}em, weight: {q('bold' if bold else 'regular')})", [s])


def right(s: str, pad: float = 0) -> Block:
    return Block(f"#right({q(s)}, pad-right: {pad}mm)", [s])


def qa(who: str, s: str) -> Block:
    return Block(f"#qa({q(who)}, {q(s)})", [f"{who}：{s}"])


def gap(mm: float) -> Block:
    return Block(f"#gap({mm}mm)")


def pb() -> Block:
    return Block("#pagebreak(weak: true)")


def raw(code: str, *lines: str) -> Block:
    return Block(code, list(lines))


def hand(s: str, indent: float = 2, size: float = 20) -> Block:
    return Block(f"#handp({q(s)}, indent: {indent}em, size: {size}pt)", [s])


def bubble(side: str, who: str, s: str) -> Block:
    return Block(f"#bubble({q(side)}, {q(who)}, {q(s)})", [who, s] if side == "l" else [s, who])


def seal(name: str, under: str | None = None, size: float = 42, dx: float = -6, dy: float = -30) -> Block:
    return Block(f"#stamp({q(name)}, under: {q(under)}, size: {size}mm, dx: {dx}mm, dy: {dy}mm)", [name] + ([under] if under else []))


Cell = str | tuple[str, int]


def table(cols: str, rows: list[list[Cell]], size: float = 10.5, stroke: float = 0.5, align: str = "center",
          head: bool = True, inset: float = 5, row_height: str = "auto", bold_first: bool = False) -> Block:
    """A ruled table; a cell is a text or (text, columns it spans). Rows are the lines of its text."""
    cells, lines = [], []
    for i, row in enumerate(rows):
        for j, c in enumerate(row):
            s, span = c if isinstance(c, tuple) else (c, 1)
            bold = (head and i == 0) or (bold_first and j % 2 == 0 and len(row) > 1)
            cells.append(f"({q(s)}, {span}, {'true' if bold else 'false'})")
        lines.append(" ".join(s for s in ((c[0] if isinstance(c, tuple) else c) for c in row) if s))
    align = align if align.startswith("(") else f"std.{align}"
    code = f"#tbl(({cols},), ({', '.join(cells)},), size: {size}pt, stroke: {stroke}pt, align: {align}, inset: {inset}pt, rows: {row_height})"
    return Block(code, lines)


def sheet(paper: tuple[float, float], blocks: list[Block]) -> Block:
    """Blocks on a page of another size within the document."""
    body = "\n".join(b.code for b in blocks)
    return Block(f"#page(width: {paper[0]}mm, height: {paper[1]}mm)[\n{body}\n]", [x for b in blocks for x in b.lines])


def to_pdf(doc: Doc) -> bytes:
    y, m, d = (int(x) for x in doc.date.split("-"))
    t, b, lft, r = doc.margin
    source = (
        '#import "template.typ": *\n'
        f"#show: setup.with(title: {q(doc.title)}, date: ({y}, {m}, {d}), size: {doc.size}pt, leading: {doc.leading}pt, font: {doc.font}, "
        f"width: {doc.paper[0]}mm, height: {doc.paper[1]}mm, margin: (top: {t}mm, bottom: {b}mm, left: {lft}mm, right: {r}mm), "
        f"header: {q(doc.header)}, footer: {q(doc.footer)}, fill: {doc.fill or 'none'}, bookmarks: {'true' if doc.bookmarks else 'false'})\n"
        + "\n".join(x.code for x in doc.blocks))
    # Tags would cost a third of the size and no reader here uses them.
    return typst.compile(source.encode(), root=str(HERE), pdf_tags=False)


def bare(s: str) -> str:
    """Only what every PDF reader agrees on: no spaces, and no hyphens, which PDFium marks at line ends."""
    return re.sub(r"[\s\x00-\x20\xa0\xad\ufffe\ufeff\u200b-]", "", s)


def pages_of(doc: Doc, pdf: bytes) -> list[Page]:
    lines = [x for b in doc.blocks for x in b.lines]
    stream = [(c, n) for n, line in enumerate(lines) for c in line]
    kept = [i for i, (c, _) in enumerate(stream) if bare(c)]
    source = "".join(stream[i][0] for i in kept)
    file = pdfium.PdfDocument(pdf)
    out, at = [], 0
    for n in range(len(file)):
        page = file[n]
        got = bare(page.get_textpage().get_text_range())
        head = doc.header or ""
        foot = (doc.footer or "").replace("{n}", str(n + 1)).replace("{N}", str(len(file)))
        if not (got.startswith(bare(head)) and got.endswith(bare(foot))):
            raise ValueError(f"{doc.title} p{n + 1}: header or footer not found in {got[:60]}…{got[-30:]}")
        body = got[len(bare(head)):len(got) - len(bare(foot))]
        want = source[at:at + len(body)]
        # PDFium reads wrapped table cells and curved seals out of order, but never other characters.
        if want != body and sorted(want) != sorted(body):
            k = next(i for i in range(len(body)) if want[i:i + 1] != body[i])
            raise ValueError(f"{doc.title} p{n + 1}: source {want[max(0, k - 10):k + 20]!r}, PDF {body[max(0, k - 10):k + 20]!r}")
        text, last = [head] if head else [], -1
        if body:
            for c, line in stream[kept[at]:kept[at + len(body) - 1] + 1]:
                if line != last:
                    text.append("")
                    last = line
                text[-1] += c
        at += len(body)
        width, height = page.get_size()
        out.append(Page("\n".join(x.strip() for x in text + ([foot] if foot else [])), round(width, 2), round(height, 2)))
    if at != len(source):
        raise ValueError(f"{doc.title}: the PDF lacks {source[at:at + 40]!r}")
    return out


def typeset(doc: Doc) -> tuple[bytes, list[Page]]:
    pdf = to_pdf(doc)
    return pdf, pages_of(doc, pdf)


def rasters(pdf: bytes, dpi: float, pages: list[int] | None = None):
    """PIL images of the pages, in colour."""
    file = pdfium.PdfDocument(io.BytesIO(pdf))
    for n in pages if pages is not None else range(len(file)):
        yield file[n].render(scale=dpi / 72).to_pil().convert("RGB")
