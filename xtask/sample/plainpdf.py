"""A PDF written by hand whose Chinese fonts are named but not embedded, as old office software made them.

Readers without the fonts must substitute them, so no reader shows exactly the same; the text is exact.
Two fonts: STSong-Light addressed by UCS-2, SimSun addressed by GBK; every other page uses the second.
"""
from typeset import Page

SIZE, PITCH, LEFT, TOP = 15, 28, 85, 770
WIDTH_CHARS, LINES = 28, 24
# Digits and Latin letters take half the width of a Chinese character in both fonts.
DESCENDANT = ("<</Type/Font/Subtype/CIDFontType0/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement {sup}>>"
              "/DW 1000/W[1 95 500 814 939 500]/FontDescriptor<</Type/FontDescriptor/FontName/{name}/Flags 6/FontBBox[-25 -254 1000 880]"
              "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>")
FONTS = [("STSong-Light", "UniGB-UCS2-H", "utf-16-be", 4), ("SimSun", "GBK-EUC-H", "gbk", 2)]
STOPS = "，。；：、）》”？！"


def _width(s: str) -> float:
    return sum(0.5 if ord(c) < 128 else 1.0 for c in s)


def _wrap(paragraph: str, indent: int) -> list[str]:
    lines, line = [], "\u3000" * indent
    for c in paragraph:
        # A stop never begins a line: it hangs over the end of the one before.
        if _width(line + c) > WIDTH_CHARS and c not in STOPS:
            lines.append(line)
            line = ""
        line += c
    return lines + [line]


def write(title: str, paragraphs: list[str]) -> tuple[bytes, list[Page]]:
    flow: list[tuple[int, str]] = [(0, "\u3000" * int((WIDTH_CHARS - len(title)) / 2) + title), (-1, "")]
    for n, par in enumerate(paragraphs, 1):
        flow += [(n, line) for line in _wrap(par, 2)]
    chunks = [flow[i:i + LINES] for i in range(0, len(flow), LINES)]
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(objects)

    add("<</Type/Catalog/Pages 2 0 R>>")
    add("")                                        # the page tree, written last
    fonts = []
    for name, encoding, _, supplement in FONTS:
        d = add(DESCENDANT.format(name=name, sup=supplement))
        fonts.append(add(f"<</Type/Font/Subtype/Type0/BaseFont/{name}-{encoding}/Encoding/{encoding}/DescendantFonts[{d} 0 R]>>"))
    kids, pages = [], []
    for k, chunk in enumerate(chunks):
        f = k % 2
        codec = FONTS[f][2]
        ops = [f"BT /F{f} {SIZE} Tf {PITCH} TL {LEFT} {TOP} Td"]
        for _, line in chunk:
            ops.append(f"<{line.encode(codec).hex()}> Tj T*")
        foot = f"第{k + 1}页 共{len(chunks)}页"
        ops.append(f"ET BT /F{f} 11 Tf {297 - _width(foot) * 5.5:.1f} 60 Td <{foot.encode(codec).hex()}> Tj ET")
        stream = "\n".join(ops).encode()
        content = add(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        kids.append(add(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F{f} {fonts[f]} 0 R>>>>/Contents {content} 0 R>>"))
        text: dict[int, str] = {}
        for n, line in chunk:
            text[n] = text.get(n, "") + line.lstrip("\u3000")
        pages.append(Page("\n".join([*(t for t in text.values() if t), foot]), 595, 842))
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{k} 0 R' for k in kids)}]>>".encode()
    out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for n, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % o for o in offsets)
    ident = "e5a1c0de" * 4
    out += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/ID[<{ident}><{ident}>]>>\nstartxref\n{xref}\n%%EOF\n".encode()
    return out, pages
