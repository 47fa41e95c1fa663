"""Compile the annotated problem sections: texts/<style>.txt + marks/<style>.txt -> problems.jsonl and README counts.

Run it from anywhere: ``python data/annotated/problems/compile.py`` (``--view STYLE`` prints the texts with inline
marks for proof-reading, ``--lint`` lists labels that the wording makes doubtful, ``--check`` only verifies that the
compiled files are up to date). See README.md for the format of texts and marks.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

SPLIT = {
    "train": [
        "security",
        "finance",
        "housing",
        "zone",
        "frontier",
        "emergency",
        "education",
        "prefecture",
        "provoffice",
        "neighbourhood",
        "taxbranch",
        "landbureau",
        "personnel",
        "publichospital",
        "longform",
    ],
    "dev": [
        "ministry",
        "city",
        "bureau",
        "township",
        "early",
        "wrapped",
        "hospital",
        "needs",
        "rectify",
        "market",
        "district",
        "office",
        "labour",
        "customs",
        "countygov",
        "townhall",
        "university",
        "justice",
        "waterbureau",
    ],
    "test": [
        "province",
        "county",
        "street",
        "police",
        "tax",
        "statistics",
        "traditional",
        "scan",
        "florid",
        "terse",
        "agency",
        "commission",
        "department",
        "metropolis",
    ],
}
CATEGORIES = {
    "cov": "coverage", "tim": "timeliness", "qua": "quality", "int": "interpretation", "req": "requests",
    "man": "management", "pla": "platform", "act": "interaction", "pub": "publicity", "cap": "capacity",
    "awa": "awareness", "mec": "mechanism", "sup": "supervision", "bal": "balance", "dig": "digital", "oth": "other",
}  # fmt: skip
KINDS = {
    "p": ("problem", "current"), "pp": ("problem", "previous"), "d": ("remedy", "done"), "r": ("remedy", "planned"),
}  # fmt: skip
GAP = "[\\s\u3000]*"
CLOSING = re.compile("[。；;！!]")
MARKER = re.compile(
    r"\s|[一二三四五六七八九十]是[^否]|其[一二三四五]|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．](?!\d)|[①-⑳]"
    r"|第[一二三四五六七八][，,、]|(?:首先|其次|再次|最后)[，,]|[-*•·▪◆●–—]|[，。；、,;:：]"
)
FREE_UNTIL, STATISTICS_UNTIL, FORM_2019_UNTIL = 2013, 2018, 2020


class Bad(Exception):
    """A mark that does not fit its text or the guide's lists."""


def read_texts(path: Path) -> list[str]:
    """Texts stand between lines ``%% n``; white space inside a text is kept."""
    parts = re.split(r"^%% (\d+)\n", path.read_text(encoding="utf-8"), flags=re.M)
    if parts[0].strip() or [int(n) for n in parts[1::2]] != list(range(1, len(parts) // 2 + 1)):
        raise Bad(f"{path.name}: numbers of the texts")
    return [text.strip("\n") for text in parts[2::2]]


def read_marks(path: Path) -> list[tuple[list[str], list[str]]]:
    """(words of the header: year and flags, mark lines) of every text."""
    out: list[tuple[list[str], list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("# "):
            number, *words = line[2:].split()
            out.append((words, []))
            if int(number) != len(out):
                raise Bad(f"{path.name}: block {line} is number {len(out)}")
        elif line:
            out[-1][1].append(line)
    return out


def search(needle: str, text: str, start: int) -> tuple[int, int]:
    found = re.compile(GAP.join(map(re.escape, needle))).search(text, start)
    if found is None:
        raise Bad(f"not found: {needle}")
    return found.span()


def locate(spec: str, text: str, start: int) -> tuple[int, int]:
    """Span of ``head…tail``, ``head~N`` (to the N-th closing mark), ``head¶`` (to the line's end) or a whole quote."""
    context, _, spec = spec.rpartition("<<")
    if context:
        start = search(context, text, start)[1]
    if "…" in spec:
        head, tail = spec.split("…")
        begin, after = search(head, text, start)
        return begin, search(tail, text, after)[1]
    if m := re.fullmatch(r"(.+?)~(\d?)", spec):
        begin, after = search(m[1], text, start)
        ends = [c.start() for c in CLOSING.finditer(text, after)]
        number = int(m[2] or 1)
        end = ends[number - 1] if len(ends) >= number else len(text)
        return begin, end
    if spec.endswith("¶"):
        begin, after = search(spec[:-1], text, start)
        end = text.find("\n", after)
        end = len(text) if end < 0 else end
        while text[end - 1] in "。；; \u3000*":
            end -= 1
        return begin, end
    return search(spec, text, start)


def parse(lines: list[str], text: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    answers: list[list[int]] = []
    last = 0
    for line in lines:
        code, labels, *rest = line.split(" ")
        numbers = [int(n) for n in rest.pop(0)[1:].split(",")] if rest and re.fullmatch(r">[\d,]+", rest[0]) else []
        if len(rest) != 1:
            raise Bad(f"one span a line: {line}")
        start, end = locate(rest[0], text, last)
        last = end
        kind, when = KINDS[code]
        categories = [CATEGORIES[c] for c in labels.split(",")]
        if len(set(categories)) != len(categories) or ("other" in categories and len(categories) > 1):
            raise Bad(f"categories: {line}")
        if numbers and kind != "problem":
            raise Bad(f"only problems have remedies: {line}")
        quote = text[start:end]
        if MARKER.match(quote) or re.search(r"[\s。；;：:，、]$", quote):
            raise Bad(f"marker, label or closing mark inside: {quote}")
        if not re.match(
            r"[\s\u3000*]*(?:[。；;，,、！)）”|.]|等|的?问题|的?情况|的?现象|[两三四五六]个(?:方面|问题)|\n|$|[-—] ?\d|（对应)",
            text[end:],
        ):
            raise Bad(f"span cut short: {quote[-12:]} | {text[end : end + 8]}")
        items.append({
            "kind": kind, "when": when, "categories": categories,
            "start": start, "end": end, "quote": quote, "remedies": [],
        })  # fmt: skip
        answers.append(numbers)
    remedies = [i for i, item in enumerate(items) if item["kind"] == "remedy"]
    for item, numbers in zip(items, answers, strict=True):
        if numbers and max(numbers) > len(remedies):
            raise Bad(f"remedy {max(numbers)} of {len(remedies)}: {item['quote']}")
        item["remedies"] = [remedies[n - 1] for n in numbers]
    if any(a["end"] > b["start"] for a, b in pairwise(items)):
        raise Bad("overlap")
    return items


def form_of(year: int) -> str:
    if year <= FREE_UNTIL:
        return "free"
    if year <= STATISTICS_UNTIL:
        return "statistics"
    return "2019" if year <= FORM_2019_UNTIL else "2021"


def build() -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    errors: list[str] = []
    seen: dict[str, str] = {}
    for split, styles in SPLIT.items():
        for style in styles:
            if not (HERE / "marks" / f"{style}.txt").exists():
                print(f"missing style {style}", file=sys.stderr)
                continue
            texts, marks = read_texts(HERE / "texts" / f"{style}.txt"), read_marks(HERE / "marks" / f"{style}.txt")
            if len(texts) != len(marks):
                errors.append(f"{style}: {len(texts)} texts, {len(marks)} mark blocks")
            for number, (text, (words, lines)) in enumerate(zip(texts, marks, strict=False), 1):
                name = f"{style}-{number:02d}"
                try:
                    items = parse(lines, text)
                except (Bad, KeyError, ValueError) as error:
                    errors.append(f"{name}: {error}")
                    continue
                none = "none" in words
                if not items and not none and "empty" not in words:
                    errors.append(f"{name}: no items, say none or empty")
                for item in items:
                    flat = re.sub(r"\s", "", item["quote"])
                    if seen.setdefault(flat, name) != name:
                        errors.append(f"{name}: same item as {seen[flat]}: {flat[:20]}")
                year = int(words[0])
                records.append({
                    "id": name, "style": style, "split": split, "meta": {"year": year, "form": form_of(year)},
                    "text": text, "items": items, "none_reported": none,
                })  # fmt: skip
    if errors:
        sys.exit("\n".join(errors))
    return records


# Wording that nearly always carries a label: a means to find slips of the annotator, never the source of a label.
LINT = {
    "interpretation": "解读|解讀", "requests": "依申请|答复|申请人|依申請|答覆", "capacity": "培训|业务水平|兼职|业务能力|培訓",
    "supervision": "考核|督查|督促|督导|巡查|抽查|通报|问责|监督|评议", "balance": "参差|标准化|两化|不平衡|不均衡|统一标准|參差",
    "digital": "数据|智能|数字|大数据|系统", "publicity": "宣传|知晓|知道", "awareness": "意识|认识|重视|主动性|自觉",
    "mechanism": "机制|制度|分工|协调|協調", "timeliness": "及时|滞后|更新|迟|及時|时限|时效", "platform": "网站|平台|栏目|渠道|新媒体|公众号",
    "interaction": "互动|回应|征集|参与|留言|听证", "management": "保密|审核|审查|目录|指南|规范性文件|归档|源头|档案",
    "quality": "质量|错别字|差错|准确|格式", "coverage": "内容|范围|全面|深度|广度|力度|重点领域|细化",
}  # fmt: skip


def lint(records: list[dict[str, Any]]) -> None:
    for record in records:
        for item in record["items"]:
            flat = re.sub(r"\s", "", item["quote"])
            for category, words in LINT.items():
                has = category in item["categories"]
                if has != bool(re.search(words, flat)):
                    print(f"{record['id']} {'without cue' if has else 'cue, no label'} {category}: {flat}")


def view(record: dict[str, Any]) -> str:
    short = {v: k for k, v in CATEGORIES.items()}
    code = {v: k for k, v in KINDS.items()}
    text, at, out = record["text"], 0, []
    for i, item in enumerate(record["items"]):
        label = f"{i} {code[item['kind'], item['when']]} {','.join(short[c] for c in item['categories'])}"
        label += f" >{item['remedies']}" if item["remedies"] else ""
        out += [text[at : item["start"]], f"⟦{label}|{item['quote']}⟧"]
        at = item["end"]
    flag = " none_reported" if record["none_reported"] else ""
    return f"== {record['id']} {record['meta']['year']}{flag}\n" + "".join(out) + text[at:]


def table(title: str, rows: dict[str, tuple[int, ...]]) -> str:
    lines = [f"| {title} | {' | '.join(SPLIT)} | all |", "|---" * (len(SPLIT) + 2) + "|"]
    return "\n".join(lines + [f"| {name} | {' | '.join(map(str, row))} | {sum(row)} |" for name, row in rows.items()])


def summary(records: list[dict[str, Any]]) -> str:
    def both(count: Any) -> tuple[int, ...]:
        return tuple(sum(count(r) for r in records if r["split"] == s) for s in SPLIT)

    def having(test: Any) -> tuple[int, ...]:
        return both(lambda r: sum(bool(test(i)) for i in r["items"]))

    lengths = sorted(len(r["text"]) for r in records)
    parts = [
        table("what", {
            "texts": both(lambda r: 1),
            "items": both(lambda r: len(r["items"])),
            "problems": having(lambda i: i["kind"] == "problem"),
            "remedies": having(lambda i: i["kind"] == "remedy"),
            "problem, current": having(lambda i: (i["kind"], i["when"]) == KINDS["p"]),
            "problem, previous": having(lambda i: (i["kind"], i["when"]) == KINDS["pp"]),
            "remedy, done": having(lambda i: (i["kind"], i["when"]) == KINDS["d"]),
            "remedy, planned": having(lambda i: (i["kind"], i["when"]) == KINDS["r"]),
            "items with two or more categories": having(lambda i: len(i["categories"]) > 1),
            "problems with one remedy": having(lambda i: len(i["remedies"]) == 1),
            "problems with several remedies": having(lambda i: len(i["remedies"]) > 1),
            "problems without a remedy": having(lambda i: i["kind"] == "problem" and not i["remedies"]),
            "remedies that answer no problem": both(lambda r: len(
                {k for k, i in enumerate(r["items"]) if i["kind"] == "remedy"}
                - {n for i in r["items"] for n in i["remedies"]})),
            "texts that report no problem": both(lambda r: r["none_reported"]),
        }),
        table("category", {f"`{c}`": having(lambda i, c=c: c in i["categories"]) for c in CATEGORIES.values()}),
        table("style (texts)", {s: both(lambda r, s=s: r["style"] == s) for v in SPLIT.values() for s in v}),
        table("style (items)", {s: both(lambda r, s=s: len(r["items"]) if r["style"] == s else 0)
                                for v in SPLIT.values() for s in v}),
        table("form (texts)", {f: both(lambda r, f=f: r["meta"]["form"] == f)
                               for f in ("free", "statistics", "2019", "2021")}),
        f"Text lengths {lengths[0]}-{lengths[-1]} characters, median {lengths[len(lengths) // 2]}.",
    ]  # fmt: skip
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--view", metavar="STYLE")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--lint", action="store_true")
    args = parser.parse_args()
    records = build()
    if args.view:
        print("\n".join(view(r) for r in records if r["style"] in args.view.split(",")))
        return
    if args.lint:
        lint(records)
        return
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    counts = summary(records)
    readme = HERE / "README.md"
    head = readme.read_text(encoding="utf-8") if readme.exists() else "<!-- counts -->\n<!-- /counts -->\n"
    body = re.sub(r"(<!-- counts -->\n).*?(<!-- /counts -->)",
                  lambda m: f"{m[1]}\n{counts}\n\n{m[2]}", head, flags=re.S)  # fmt: skip
    outputs = {HERE / "problems.jsonl": lines, readme: body}
    if args.check:
        stale = [p.name for p, new in outputs.items() if not p.exists() or p.read_text(encoding="utf-8") != new]
        sys.exit(f"out of date: {', '.join(stale)}" if stale else 0)
    for path, new in outputs.items():
        path.write_text(new, encoding="utf-8")
    print(counts)


if __name__ == "__main__":
    main()
