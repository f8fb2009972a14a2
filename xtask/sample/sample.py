#!/usr/bin/env python3
"""Makes the sample case: three volumes of an invented lawsuit, with the truth about every page.

    python sample.py --out tests/corpus/sample

The same bytes on every run: dates are fixed, random numbers seeded, versions pinned in requirements.txt.
Needs the fonts Noto Serif CJK SC and Noto Sans CJK SC (Debian: fonts-noto-cjk).
"""
import argparse
import json
import pathlib
import shutil

import docs_evidence as E
import docs_filing as L
import docs_internal as N
import docs_judgment as V
import docs_more as M
import docs_pleas as W
import docs_records as R
import facts as F
import truth
from materials import Material, colour_scan, fax_scan, grey_scan, noembed, photo, rotated, screenshot, text, tiff_scan
from truth import Volume

NOT_COUNTED = "案件事实及人名、机构名均属虚构，仅供软件测试使用。"


def contents(materials: list[Material]) -> tuple[Material, int]:
    rows, at = [], 1
    remark = {"scan": "扫描件", "photo": "照片", "image": "图像"}
    for m in materials:
        last = at + len(m.pages) - 1
        rows.append((m.title, f"{at}" if last == at else f"{at}—{last}", remark.get(m.kind, "")))
        at = last + 1
    return text(M.contents(rows)), at - 1


def main_volume() -> Volume:
    body = [
        fax_scan(L.approval(), 301), text(L.complaint()), text(L.acceptance()), colour_scan(L.fee(), 601), grey_scan(L.respond(), 701), text(W.answers()),
        text(L.identity()), text(W.evidence_list()), text(M.interest()), text(W.opinions()), text(R.interviews()), text(M.investigation()), text(R.conference()),
        text(R.appraisal_papers()), text(M.guarantor_interview()), text(R.inspection()), rotated(L.preservation(), 4), text(M.mediation()), text(L.summons()),
        text(W.plea_plaintiff()), text(W.pleas_defendants()), text(R.hearing_one()), text(R.hearing_two()), text(V.judgment()), text(R.pronounced())]
    index, pages = contents(body)
    return Volume("正卷", "main", "正卷", [text(M.cover("正　卷", NOT_COUNTED)), index, *body, text(M.note_sheet(pages))])


def evidence_volume() -> Volume:
    body = [text(E.contract()), noembed(*E.GUARANTEE), text(E.slips()), text(E.statement()), screenshot(E.chat_one(), "微信聊天记录（一）"), screenshot(E.chat_two(), "微信聊天记录（二）"),
            photo(E.receipt(), 808), tiff_scan(E.delivery_slips(), 901), text(E.appraisal()), text(E.ledger()), grey_scan(E.reminder(), 1201)]
    index, _ = contents(body)
    index.title = "证据清单"
    return Volume("证据卷", "evidence", "证据卷", [index, *body])


def internal_volume() -> Volume:
    return Volume("副卷", "internal", "副卷", [text(M.cover("副　卷", NOT_COUNTED)), text(N.notes()), text(N.outline()), text(N.report()), text(N.deliberation()), text(V.original())])


def write(out: pathlib.Path, volumes: list[Volume]) -> None:
    for v in volumes:
        folder = out / v.folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for n, m in enumerate(v.materials):
            (out / v.path(n)).write_bytes(m.data)
            print(f"{len(m.pages):4d} pages {len(m.data) / 1000:8.0f} kB  {m.kind:8s} {v.path(n)}")
    case = {"number": F.CASE_NO, "title": F.CASE_TITLE, "court": F.COURT, "volumes": [{"folder": v.folder, "title": v.title, "class": v.cls} for v in volumes]}
    (out / "case.json").write_text(json.dumps(case, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (out / "truth.json").write_text(json.dumps(truth.build(volumes), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=pathlib.Path, required=True)
    out = args.parse_args().out
    volumes = [main_volume(), evidence_volume(), internal_volume()]
    write(out, volumes)
    for v in volumes:
        print(f"{v.folder}: {len(v.materials)} materials, {sum(len(m.pages) for m in v.materials)} pages, {sum(len(m.data) for m in v.materials) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
