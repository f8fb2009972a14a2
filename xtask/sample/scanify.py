"""Typeset pages made to look as if they had come from a scanner, a fax or a telephone's camera."""
import io
from collections.abc import Iterable

import img2pdf
import numpy as np
from PIL import Image, ImageFilter

A4_PT = (210 / 25.4 * 72, 297 / 25.4 * 72)


def _noise(rng: np.random.Generator, h: int, w: int, sigma: float) -> np.ndarray:
    """Noise with a grain of two pixels, as a scanner's is after its own sharpening."""
    small = rng.normal(0, sigma, (h // 2 + 1, w // 2 + 1)).astype(np.float32)
    return np.kron(small, np.ones((2, 2), np.float32))[:h, :w]


def grey(im: Image.Image, seed: int, punch: bool = True, skew: float = 0.5, noise: float = 3.0) -> Image.Image:
    """A skewed grey page with a shaded edge, specks and punch holes."""
    rng = np.random.default_rng(seed)
    im = im.convert("L").rotate(float(rng.normal(0, skew)), Image.Resampling.BICUBIC, fillcolor=255,
                                translate=(int(rng.integers(-12, 12)), int(rng.integers(-12, 12))))
    a = np.asarray(im.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    h, w = a.shape
    a = a * 0.90 + 18 + _noise(rng, h, w, noise) + np.linspace(rng.uniform(-6, 2), rng.uniform(-10, 4), w, dtype=np.float32)[None, :]
    for _ in range(int(rng.integers(20, 70))):
        y, x = int(rng.integers(0, h - 3)), int(rng.integers(0, w - 3))
        a[y:y + 2, x:x + 2] -= rng.uniform(60, 160)
    a[:, :int(rng.integers(4, 16))] -= 70
    if punch:
        yy, xx = np.mgrid[0:h, 0:w]
        for cy in (0.38, 0.62):
            a[(yy - h * cy) ** 2 + (xx - w * 0.045) ** 2 < (w * 0.014) ** 2] = 62
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))


def bilevel(im: Image.Image, seed: int) -> Image.Image:
    """Black and white as a fax or an old scanner gives it: ragged strokes, a little pepper."""
    rng = np.random.default_rng(seed)
    im = im.convert("L").rotate(float(rng.normal(0, 0.3)), Image.Resampling.BICUBIC, fillcolor=255)
    a = np.asarray(im.filter(ImageFilter.GaussianBlur(0.5)), dtype=np.float32)
    a = a + _noise(rng, *a.shape, 14)
    black = a < 150
    pepper = rng.random(a.shape) < 0.00004
    return Image.fromarray(np.where(black | pepper, 0, 255).astype(np.uint8)).convert("1", dither=Image.Dither.NONE)


def colour(im: Image.Image, seed: int) -> Image.Image:
    """A straight colour scan on faintly yellow paper."""
    rng = np.random.default_rng(seed)
    im = im.rotate(0.22, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)).filter(ImageFilter.GaussianBlur(0.7))
    a = np.asarray(im, dtype=np.float32) * np.array([0.95, 0.94, 0.90], np.float32) + 6
    a += _noise(rng, a.shape[0], a.shape[1], 1.4)[:, :, None]
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))


def _perspective(source: list[tuple[float, float]], target: list[tuple[float, float]]) -> list[float]:
    """PIL's eight coefficients of the map from target to source points."""
    rows = []
    for (x, y), (u, v) in zip(target, source):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return list(np.linalg.solve(np.array(rows), np.array(source).reshape(8)))


def photograph(paper: Image.Image, seed: int, size: tuple[int, int] = (2000, 1500)) -> Image.Image:
    """The paper lying on a wooden table, seen a little from the side under a lamp."""
    rng = np.random.default_rng(seed)
    w, h = size
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    grain = np.sin(yy / 9 + 3 * np.sin(xx / 260) + _noise(rng, h, w, 0.25)) * 7 + np.sin(yy / 57 + xx / 900) * 9
    table = np.stack([128 + grain, 92 + grain * 0.8, 60 + grain * 0.6], axis=2)
    pw, ph = paper.size
    corners = [(w * 0.10, h * 0.13), (w * 0.91, h * 0.09), (w * 0.95, h * 0.88), (w * 0.06, h * 0.93)]
    data = _perspective([(0, 0), (pw, 0), (pw, ph), (0, ph)], corners)
    sheet = paper.convert("RGB").transform(size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC)
    mask = Image.new("L", paper.size, 255).transform(size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BILINEAR)
    shadow = np.asarray(mask.filter(ImageFilter.GaussianBlur(18)), np.float32)[:, :, None] / 255
    m = np.asarray(mask.filter(ImageFilter.GaussianBlur(0.8)), np.float32)[:, :, None] / 255
    crease = 1 - 0.06 * np.exp(-((xx - w * 0.52 - yy * 0.02) / 9) ** 2)
    a = table * (1 - 0.45 * np.roll(shadow, (14, 10), (0, 1))) * (1 - m) + np.asarray(sheet, np.float32) * m * (np.array([0.97, 0.95, 0.89], np.float32) * crease[:, :, None])
    light = 1.08 - 0.42 * (((xx - w * 0.3) / w) ** 2 + ((yy - h * 0.25) / h) ** 2)
    a = a * light[:, :, None] + rng.normal(0, 2.2, a.shape).astype(np.float32)
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))


def jpeg(im: Image.Image, dpi: int, quality: int, exif: bool = False) -> bytes:
    out = io.BytesIO()
    extra = {}
    if exif:
        tags = Image.Exif()
        tags[0x010F], tags[0x0110] = "Sample", "Phone 0"
        tags[0x0112], tags[0x011A], tags[0x011B], tags[0x0128] = 1, dpi, dpi, 2
        tags[0x0132] = "2023:02:26 20:31:07"
        extra["exif"] = tags.tobytes()
    im.save(out, "JPEG", quality=quality, dpi=(dpi, dpi), **extra)
    return out.getvalue()


def tiff(im: Image.Image, dpi: int, compression: str = "group4") -> bytes:
    out = io.BytesIO()
    im.save(out, "TIFF", compression=compression, dpi=(dpi, dpi))
    return out.getvalue()


def image_pdf(images: Iterable[bytes], size_pt: tuple[float, float] = A4_PT) -> bytes:
    """One page for each image, without a text layer and without anything that changes from run to run."""
    return img2pdf.convert(list(images), layout_fun=img2pdf.get_layout_fun(size_pt), nodate=True, engine=img2pdf.Engine.internal)
