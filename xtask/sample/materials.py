"""A material: one file of the case and the truth about its pages; and the ways to make one from a document."""
import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import pikepdf

import plainpdf
import scanify
from typeset import Doc, Page, rasters, typeset


@dataclass
class Material:
    title: str
    kind: str          # text | scan | photo | noembed | image
    ext: str
    data: bytes
    pages: list[Page]


def text(doc: Doc) -> Material:
    pdf, pages = typeset(doc)
    return Material(doc.title, "text", "pdf", pdf, pages)


def rotated(doc: Doc, number: int) -> Material:
    """The page of that number is stored standing and shown lying, by /Rotate 90, as scanners with a feeder do."""
    pdf, pages = typeset(doc)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        page = file.pages[number - 1]
        x0, y0, x1, y1 = (float(v) for v in page.mediabox)
        # A quarter turn to the left, which /Rotate 90 turns back.
        turn = f"q 0 1 -1 0 {y1 - y0:.3f} 0 cm\n".encode()
        page.contents_add(file.make_stream(turn), prepend=True)
        page.contents_add(file.make_stream(b"\nQ"))
        page.mediabox = [0, 0, y1 - y0, x1 - x0]
        for box in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
            if box in page.obj:
                del page.obj[box]
        page.obj.Rotate = 90
        out = io.BytesIO()
        file.save(out, deterministic_id=True)
    p = pages[number - 1]
    pages[number - 1] = replace(p, width_pt=p.height_pt, height_pt=p.width_pt, rotate=90)
    return Material(doc.title, "text", "pdf", out.getvalue(), pages)


def _scan(doc: Doc, dpi: int, encode: Callable[[int, object], bytes]) -> Material:
    pdf, pages = typeset(doc)
    images = [encode(n, im) for n, im in enumerate(rasters(pdf, dpi))]
    sizes = {(p.width_pt, p.height_pt) for p in pages}
    assert len(sizes) == 1, "one size of paper in the feeder"
    return Material(doc.title, "scan", "pdf", scanify.image_pdf(images, sizes.pop()), pages)


def grey_scan(doc: Doc, seed: int) -> Material:
    return _scan(doc, 200, lambda n, im: scanify.jpeg(scanify.grey(im, seed + n), 200, 58))


def fax_scan(doc: Doc, seed: int) -> Material:
    return _scan(doc, 200, lambda n, im: scanify.tiff(scanify.bilevel(im, seed + n), 200))


def colour_scan(doc: Doc, seed: int) -> Material:
    return _scan(doc, 300, lambda n, im: scanify.jpeg(scanify.colour(im, seed + n), 300, 72))


def noembed(title: str, paragraphs: list[str]) -> Material:
    data, pages = plainpdf.write(title, paragraphs)
    return Material(title, "noembed", "pdf", data, pages)


def photo(doc: Doc, seed: int) -> Material:
    pdf, pages = typeset(doc)
    im = scanify.photograph(next(rasters(pdf, 260)), seed)
    dpi = 200
    return Material(doc.title, "photo", "jpg", scanify.jpeg(im, dpi, 86, exif=True), [Page(pages[0].text, im.width * 72 / dpi, im.height * 72 / dpi)])


def screenshot(doc: Doc, title: str) -> Material:
    pdf, pages = typeset(doc)
    out = io.BytesIO()
    # A palette, because a screenshot has few colours: a quarter of the bytes and sharper than JPEG.
    im = next(rasters(pdf, 144)).quantize(64, dither=0)
    im.save(out, "PNG", optimize=True, dpi=(144, 144))
    return Material(title, "image", "png", out.getvalue(), [Page(pages[0].text, im.width / 2, im.height / 2)])


def tiff_scan(doc: Doc, seed: int) -> Material:
    """Several pages in one TIFF: the first grey, the others black and white."""
    pdf, pages = typeset(doc)
    ims = list(rasters(pdf, 200))
    first = scanify.grey(ims[0], seed, punch=False, noise=0.0)
    rest = [scanify.bilevel(im, seed + n) for n, im in enumerate(ims[1:], 1)]
    for im in [first, *rest]:
        im.encoderinfo = {"dpi": (200, 200), "compression": "tiff_lzw" if im is first else "group4"}
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=(200, 200), compression="tiff_lzw")
    sized = [Page(p.text, round(im.width * 72 / 200, 2), round(im.height * 72 / 200, 2)) for p, im in zip(pages, ims)]
    return Material(doc.title, "image", "tif", out.getvalue(), sized)
