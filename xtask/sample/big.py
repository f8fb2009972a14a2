#!/usr/bin/env python3
"""Makes the big volumes for measurements: 1,000 typeset pages, and 300 of them as a scan without text.

    python big.py --out target/bench/corpus

vol1000.pdf is merged from twenty documents, each with its own font subsets, as a real volume is, with
two levels of outline. The truth files give for every page its unique markers, and for shared terms the
pages they stand on and how often. The same bytes on every run.
"""
import argparse
import io
import json
import pathlib
from concurrent.futures import ProcessPoolExecutor

import pikepdf
import pypdfium2 as pdfium

import facts as F
import scanify
from bulk import KINDS, LENGTHS, SHARED, Writer
from typeset import Doc, Page, typeset

NEEDLES = {"本段含全卷罕见标记：昆仑山脚测试标记。": (137, 512, 888), "唯一隐藏标记：玄武岩裂缝比对报告第肆号。": (777,)}
ALSO = ["昆仑山脚测试标记", "玄武岩裂缝比对报告", "被告", "证人", "人民币", "EV-"]
FONTS = ["serif", "serif", "sans", "serif"]
SCANNED = [1 + i * 10 // 3 for i in range(300)]


def make_part(n: int) -> tuple[bytes, list[Page], list[dict], str]:
    """One of the documents: its PDF, its pages, their markers and its title. Seeded by its number, so any process can make it."""
    start = 1 + sum(LENGTHS[:n])
    writer = Writer(20231123 + n)
    number = f"（2023）京0199{writer.kind(n)}{1000 + n * 37}号"
    title = f"{KINDS[n]}{number}"
    blocks, marks = [], []
    for k in range(LENGTHS[n]):
        page = start + k
        needles = [text for text, pages in NEEDLES.items() if page in pages]
        b, mark = writer.page(page, KINDS[n] if k == 0 else None, needles, with_table=k % 5 == 3)
        blocks += b
        marks.append(mark)
    doc = Doc(title, blocks, date="2023-11-23", header=f"{F.COURT}　{number}　{KINDS[n]}", font=FONTS[n % len(FONTS)], size=14.5, leading=14, margin=(24, 20, 22, 22))
    pdf, pages = typeset(doc)
    if len(pages) != LENGTHS[n]:
        raise ValueError(f"{title}: {len(pages)} pages for {LENGTHS[n]}")
    return pdf, pages, marks, title


def volume(out: pathlib.Path, pool: ProcessPoolExecutor) -> None:
    target = pikepdf.new()
    texts: list[str] = []
    truth: dict = {"seed": 20231123, "pages": [], "terms": {}, "docs": []}
    with target.open_outline() as outline:
        for n, (pdf, pages, marks, title) in enumerate(pool.map(make_part, range(len(LENGTHS)))):
            at = len(texts)
            target.pages.extend(pikepdf.open(io.BytesIO(pdf)).pages)
            item = pikepdf.OutlineItem(title, at)
            item.children.extend(pikepdf.OutlineItem(f"{KINDS[n]}第{k + 1}页", at + k) for k in range(10, len(pages), 10))
            outline.root.append(item)
            texts += [p.text for p in pages]
            truth["pages"] += marks
            truth["docs"].append({"title": title, "start": at + 1, "pages": len(pages), "font": FONTS[n % len(FONTS)]})
    target.docinfo["/Title"] = "合成卷宗（一千页）"
    target.save(out / "vol1000.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True, deterministic_id=True)
    for mark in truth["pages"]:
        for key in ("code", "case", "name"):
            found = [i for i, x in enumerate(texts, 1) if mark[key] in x]
            assert found == [mark["page"]], (mark, key, found)
    for term in SHARED + ALSO:
        per_page = {str(i): c for i, x in enumerate(texts, 1) if (c := x.count(term))}
        truth["terms"][term] = {"total": sum(per_page.values()), "pages": len(per_page), "per_page": per_page}
    (out / "vol1000.truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
    (out / "vol1000.pagetext.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


def scan_pages(job: tuple[str, int, int]) -> list[bytes]:
    path, low, high = job
    file = pdfium.PdfDocument(path)
    return [scanify.jpeg(scanify.grey(file[SCANNED[i] - 1].render(scale=200 / 72, grayscale=True).to_pil(), 1000 + i, punch=i % 3 == 0), 200, 58) for i in range(low, high)]


def scan(out: pathlib.Path, pool: ProcessPoolExecutor) -> None:
    jobs = [(str(out / "vol1000.pdf"), i, i + 15) for i in range(0, len(SCANNED), 15)]
    images = [jpeg for chunk in pool.map(scan_pages, jobs) for jpeg in chunk]
    (out / "scan300.pdf").write_bytes(scanify.image_pdf(images))
    (out / "scan300.truth.json").write_text(json.dumps({"source": "vol1000.pdf", "page_map": SCANNED}), encoding="utf-8")


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=pathlib.Path, required=True)
    out = args.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    # Two processes: other work goes on beside this.
    with ProcessPoolExecutor(2) as pool:
        volume(out, pool)
        scan(out, pool)
    for name in ("vol1000.pdf", "scan300.pdf"):
        print(f"{name}: {(out / name).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
