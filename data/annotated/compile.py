"""Compile the annotated passages: texts/<style>.txt + marks/<style>.txt -> passages.jsonl and README counts.

Run it from anywhere: ``python data/annotated/compile.py`` (``--view STYLE`` prints the passages with inline marks
for proof-reading, ``--check`` only verifies that the compiled files are up to date). See README.md for the format.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

CODES = {
    "ip": "items_published", "pi": "policy_interpretations", "pc": "press_conferences", "nd": "normative_documents",
    "pr": "public_responses", "co": "consultations", "sv": "site_visits", "fo": "followers",
    "rr": "requests_received", "ra": "requests_answered", "rg": "requests_granted", "rp": "requests_partly_granted",
    "rf": "requests_refused", "ru": "requests_unavailable", "rn": "requests_not_processed",
    "ci": "requests_carried_in", "cu": "requests_carried_out", "rv": "reviews", "li": "litigations",
    "cm": "complaints", "fe": "fees_charged", "ts": "training_sessions", "ta": "training_attendance",
    "mt": "meetings", "in": "inspections", "st": "staff", "ac": "accountability_cases", "np": "npc_proposals",
    "cp": "cppcc_proposals", "lc": "licensing_decisions", "sl": "services_listed",
}  # fmt: skip
WITH_CHANNEL = {"ip", "pi", "pr", "co", "sv", "fo"}
CHANNELS = {
    "web": "website", "wx": "wechat", "wb": "weibo", "app": "app", "nm": "new_media", "gaz": "gazette",
    "press": "press", "board": "board", "other": "other",
}  # fmt: skip
PERIODS = {"prev": "previous", "cum": "cumulative", "plan": "planned"}
BOUNDS = {"ge": "at_least", "ab": "about"}
UNIT_WORDS = (
    "条 件 份 篇 则 次 个 期 项 场 起 宗 人次 人 名 元 班 轮 家次 通 封 篇次 户 部 位 本 幅 组 批 例 辑 块 條 則 項 場 個 "
    "单 张 回 站次 轮次 篇（条） 批次 支 堂 类 單 人员 位次 版 户次 家 条次 张次 所 輪 張 册 遍 件（次） 页 件次 个次 期（次） 所次 块 版次 场次 种 篇（次）"
)
UNITS = set(UNIT_WORDS.split())
NUMERAL = "0-9０-９.,，．零〇一二三四五六七八九十百千两兩几數数"
# The report's year where a passage does not say otherwise in its mark block ("# 7 year=2019"): `previous` and
# `planned` are decided against it.
YEARS = {
    "ministry": 2023, "city": 2024, "bureau": 2024, "township": 2022, "tax": 2021, "early": 2010, "pdf": 2024,
    "florid": 2023, "responses": 2017, "clinic": 2019, "province": 2022, "county": 2020, "street": 2023, "police": 2024,
    "school": 2024, "statistics": 2016, "traditional": 2022, "terse": 2024, "scan": 2011,
    "land": 2024, "health": 2022, "market": 2023, "agriculture": 2012, "zone": 2016, "subdistrict": 2024,
    "culture": 2021, "transport": 2023, "office": 2014, "weather": 2017,
    "education": 2023, "housing": 2022, "assets": 2019, "customs": 2018, "labour": 2024, "plateau": 2020,
    "banking": 2021, "archives": 2014, "ecology": 2023, "metropolis": 2024, "postal": 2022, "civil": 2016, "bulletin": 2024,
    "prefecture": 2023, "countygov": 2022, "audit": 2024, "justice": 2023, "water": 2024, "personnel": 2023,
    "college": 2023, "medical": 2024, "veterans": 2023, "grain": 2021, "sports": 2024, "village": 2022, "whole": 2024,
}  # fmt: skip
# Styles of whole sections (up to 1600 characters a passage) beside those of short passages.
LONG: dict[str, list[str]] = {
    "train": ["whole"],
    "dev": ["land", "health", "market", "agriculture", "zone", "subdistrict", "culture"],
    "test": ["transport", "office", "weather"],
}
SPLIT = {
    "train": [
        "education", "housing", "assets", "customs", "labour", "plateau",
        "prefecture", "audit", "water", "college", "veterans", "sports", "village", *LONG["train"],
    ],
    "dev": [
        "ministry", "city", "bureau", "township", "tax", "early", "pdf", "florid", "responses", "clinic",
        "banking", "archives", "countygov", "justice", "personnel", "medical", "grain", *LONG["dev"],
    ],
    "test": [
        "province", "county", "street", "police", "school", "statistics", "traditional", "terse", "scan",
        "ecology", "metropolis", "postal", "civil", "bulletin", *LONG["test"],
    ],
}  # fmt: skip
GAP = "[\\s\u3000]*"


class Bad(Exception):
    """A mark that does not fit its text or the guide's lists."""


def blocks(path: Path) -> list[str]:
    raw = path.read_text(encoding="utf-8")
    return [b.strip("\n") for b in re.split(r"\n[ \t]*\n", raw) if b.strip()]


def mark_blocks(path: Path) -> list[tuple[int, list[str]]]:
    """(report year, marks) of every passage."""
    out: list[tuple[int, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if header := re.fullmatch(r"# (\d+)(?: year=(\d{4}))?", line):
            out.append((int(header[2] or YEARS[path.stem]), []))
            if int(header[1]) != len(out):
                raise Bad(f"{path.name}: block {line} is number {len(out)}")
        elif line:
            out[-1][1].append(line)
    return out


def locate(text: str, quote: str, context: str | None, start: int) -> tuple[int, int]:
    """First place of quote at or after start; white space of the text inside the quote is skipped."""
    if context:
        found = re.compile(GAP.join(map(re.escape, context))).search(text, start)
        if found is None:
            raise Bad(f"context not found: {context}")
        start = found.end()
    head = f"(?<![{NUMERAL}]{{1}})" if re.match(f"[{NUMERAL}]", quote) else ""
    # A comma before a number is punctuation unless a digit stands before it.
    head = head.replace("[" + NUMERAL + "]{1}", "[0-9０-９.．零〇一二三四五六七八九十百千两兩]")
    pattern = re.compile(head + GAP.join(map(re.escape, quote)))
    found = pattern.search(text, start)
    if found is None:
        raise Bad(f"quote not found: {quote}")
    return found.start(), found.end()


def read_quantity(quote: str) -> tuple[float | None, str | None]:
    """Value where the quote holds plain digits, and the unit left when number and modifiers are taken off."""
    flat = unicodedata.normalize("NFKC", re.sub(r"\s", "", quote))
    plain = re.match(r"(\d[\d,]*(?:\.\d+)?)(余|多|餘)?(?![\d万亿萬億千百\-—~至到])", flat)
    value = float(plain.group(1).replace(",", "")) if plain and "万" not in flat and "亿" not in flat else None
    unit = re.sub(r"^(不少于|不少於|不低于|至少|不得少于)", "", re.sub(r"\s", "", quote))
    unit = re.sub(rf"^[{NUMERAL}近万亿萬億余多餘来\-—–~～至到]+", "", unit)
    unit = re.sub(r"(以上|之多)$", "", unit)
    return value, unit or None


def parse_mark(line: str, text: str, last: tuple[int, int]) -> dict[str, Any]:
    quote, *tokens = line.split(" ")
    if quote == "=":
        start, end = last
    else:
        context, _, quote = quote.rpartition("~")
        start, end = locate(text, quote, context or None, last[1])
    printed = text[start:end]
    code = tokens.pop(0)
    if code not in CODES:
        raise Bad(f"unknown indicator {code}")
    fact: dict[str, Any] = {
        "indicator": CODES[code], "value": None, "value_max": None, "bound": "exact", "unit": None,
        "channel": "all", "period": "current", "topic": None, "change": None,
        "start": start, "end": end, "quote": printed,
    }  # fmt: skip
    value, unit = read_quantity(printed)
    fact["value"], fact["unit"] = value, unit
    for token in tokens:
        key, _, rest = token.partition("=")
        if token in CHANNELS:
            if code not in WITH_CHANNEL:
                raise Bad(f"{code} takes no channel")
            fact["channel"] = CHANNELS[token]
        elif token in PERIODS:
            fact["period"] = PERIODS[token]
        elif token in BOUNDS:
            fact["bound"] = BOUNDS[token]
        elif token == "z":
            fact["value"], fact["unit"] = 0.0, None
        elif key == "v":
            fact["value"] = float(rest)
        elif key == "m":
            fact["value_max"] = float(rest)
        elif key == "u":
            fact["unit"] = None if rest == "-" else rest
        elif key == "t":
            if GAPLESS(rest) not in GAPLESS(text):
                raise Bad(f"topic not in text: {rest}")
            fact["topic"] = rest
        elif key == "c":
            m = re.fullmatch(r"([+-])(\d+(?:\.\d+)?)(\D+)", rest)
            if not m:
                raise Bad(f"change: {rest}")
            fact["change"] = {
                "value": float(m[2]), "unit": m[3], "direction": "up" if m[1] == "+" else "down",
            }  # fmt: skip
        else:
            raise Bad(f"unknown token {token}")
    check(fact, text, "z" in tokens, line)
    return fact


def GAPLESS(text: str) -> str:
    return re.sub(r"[\s\u3000]", "", text)


def check(fact: dict[str, Any], text: str, denial: bool, line: str) -> None:
    quote, start, end = fact["quote"], fact["start"], fact["end"]
    if text[start:end] != quote:
        raise Bad("offsets")
    if fact["value"] is None:
        raise Bad(f"value must be given: {line}")
    if fact["unit"] is not None and fact["unit"] not in UNITS:
        raise Bad(f"unit {fact['unit']!r}: {line}")
    if denial:
        if not re.match("[未无無沒没零不尚暂暫]", quote):
            raise Bad(f"denial must start with the negating word: {line}")
        return
    before, after = GAPLESS(text[max(0, start - 6) : start]), GAPLESS(text[end : end + 2])
    inside_least = bool(re.search("[余多餘]|以上|不少于|不少於|不低于|至少", quote))
    about = (
        bool(re.search("[约近約]$|大约$|接近$", before)) or after.startswith("左右") or bool(re.match("近|.+来", quote))
    )
    least = inside_least or bool(
        re.search("[超逾≥]$|突破$|超过$|超過$|至少(?:更新|举办|開展|开展)?$|不少于$|不低于$|达到或超过$", before)
    )
    want = "at_least" if least else "about" if about else "exact"
    if fact["bound"] != want:
        raise Bad(f"bound {fact['bound']}, wording says {want}: {line}")
    if re.match("[余多餘]|以上", after):
        raise Bad(f"余/多/以上 belongs inside: {line}")
    if re.search("(增加|减少|下降|增长|(?<![至不])[多少])了?$", before):
        raise Bad(f"a change is no fact of its own: {line}")
    if fact["value_max"] is not None and fact["value_max"] <= fact["value"]:
        raise Bad(f"range: {line}")
    if re.search(r"[0-9０-９]$", quote) and re.match(r"[0-9０-９万亿条件次个人篇份项]", after):
        raise Bad(f"quantity cut short: {line}")
    flat = unicodedata.normalize("NFKC", GAPLESS(quote))
    if "万" in flat and fact["value"] % 10 and "v=" not in line:
        raise Bad(f"万: {line}")


DECOYS = [
    ("dates and years", r"[12]\d{3}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日)?"),
    ("percentages", r"\d[\d,.]*[%％]|百分之[一二三四五六七八九十零点]+|\d+个百分点"),
    ("telephone numbers", r"0\d{2,3}[-—]\d{7,8}|\d{7,8}(?!\d)"),
    ("document, article and order numbers", r"[〔\[（(]\d{4}[〕\])）]\d+号|第?\d+号令?|第[一二三四五六七八九十百\d]+[条款项号章]"),
    ("ordinals", r"第[一二三四五六七八九十\d]+|[一二三四五六七八九十]是|[（(][一二三四五六七八九十\d]+[)）]|\d[.、](?!\d)"),
    ("other numbers", r"\d[\d,.]*(?:万|亿)?[^\W\d]?"),
    ("other quantities in Chinese numerals",
     r"[一二三四五六七八九十两百千]+(?:个|项|名|家|条|处|届|次|天|年|月|日|部|位|大|小时|人|户|类|级|件|场|期|份|册|轮|支|张|块|村|站|岗)"),
]  # fmt: skip


def decoys(text: str, facts: list[dict[str, Any]]) -> Counter[str]:
    """Quantity-like words outside every fact and outside every recorded change."""
    flat = [unicodedata.normalize("NFKC", c)[:1] or c for c in text]
    for fact in facts:
        flat[fact["start"] : fact["end"]] = "■" * (fact["end"] - fact["start"])
    body = "".join(flat)
    for fact in facts:
        if fact["change"]:
            number = f"{fact['change']['value']:g}"
            body = re.sub(rf"(?<![\d.]){re.escape(number)}(?:\.0+)?(?![\d.])", "■", body, count=1)
    found: Counter[str] = Counter()
    for name, pattern in DECOYS:
        hits = re.findall(pattern, body)
        found[name] += len(hits)
        body = re.sub(pattern, "■", body)
    return found


def build() -> tuple[list[dict[str, Any]], Counter[str]]:
    records: list[dict[str, Any]] = []
    errors: list[str] = []
    total: Counter[str] = Counter()
    seen: dict[str, str] = {}
    for split, styles in SPLIT.items():
        for style in styles:
            source = HERE / "texts" / f"{style}.txt"
            if not source.exists():
                print(f"missing style {style}", file=sys.stderr)
                continue
            texts, marks = blocks(source), mark_blocks(HERE / "marks" / f"{style}.txt")
            if len(texts) != len(marks):
                errors.append(f"{style}: {len(texts)} texts, {len(marks)} mark blocks")
            for number, (text, (year, lines)) in enumerate(zip(texts, marks, strict=False), 1):
                name = f"{style}-{number:02d}"
                least, most = (350, 1600) if style in LONG[split] else (20, 900)
                if not least <= len(text) <= most:
                    errors.append(f"{name}: length {len(text)}")
                if seen.setdefault(text, name) != name:
                    errors.append(f"{name}: same text as {seen[text]}")
                facts, last = [], (0, 0)
                for line in lines:
                    try:
                        fact = parse_mark(line, text, last)
                    except Bad as error:
                        errors.append(f"{name}: {error}")
                        continue
                    last = fact["start"], fact["end"]
                    facts.append(fact)
                spans = sorted({(f["start"], f["end"]) for f in facts})
                errors += [f"{name}: overlap {a} {b}" for a, b in pairwise(spans) if a[1] > b[0]]
                total += decoys(text, facts)
                records.append({"id": name, "text": text, "facts": facts, "split": split, "style": style, "year": year})
    if errors:
        sys.exit("\n".join(errors))
    return records, total


def table(title: str, key: str, records: list[dict[str, Any]], order: list[str]) -> str:
    counts = {s: Counter(f[key] for r in records if r["split"] == s for f in r["facts"]) for s in SPLIT}
    rows = [f"| {title} | {' | '.join(SPLIT)} | all |", "|---" * (len(SPLIT) + 2) + "|"]
    for name in order:
        cells = [counts[s][name] for s in SPLIT]
        rows.append(f"| `{name}` | {' | '.join(map(str, cells))} | {sum(cells)} |")
    return "\n".join(rows)


def kind_of_change(change: dict[str, Any]) -> str:
    kind = "per cent" if change["unit"] in ("%", "％") else "absolute"
    return f"{kind} {change['direction']}"


def summary(records: list[dict[str, Any]], found: Counter[str]) -> str:
    facts = [f for r in records for f in r["facts"]]
    styles = Counter(r["style"] for r in records)
    shared = sum(len(r["facts"]) - len({(f["start"], f["end"]) for f in r["facts"]}) for r in records)
    lengths = sorted(len(r["text"]) for r in records)
    per_style = Counter(r["style"] for r in records for _ in r["facts"])
    denials = sum(f["value"] == 0 and not re.match("[0-9０-９]", f["quote"]) for f in facts)
    splits = Counter(r["split"] for r in records)
    changes = Counter(kind_of_change(f["change"]) for f in facts if f["change"])
    parts = [
        f"{len(records)} passages ({', '.join(f'{s} {splits[s]}' for s in SPLIT)}), "
        f"{len(facts)} facts; lengths {lengths[0]}-{lengths[-1]} characters, median {lengths[len(lengths) // 2]}; "
        f"{sum(not r['facts'] for r in records)} passages without any fact.",
        "\n".join(["| style | split | passages | facts |", "|---|---|---|---|"]
                  + [f"| {s} | {k} | {styles[s]} | {per_style[s]} |" for k, v in SPLIT.items() for s in v]),
        table("indicator", "indicator", records, list(CODES.values())),
        table("period", "period", records, ["current", *PERIODS.values()]),
        table("channel", "channel", records, ["all", *CHANNELS.values()]),
        table("bound", "bound", records, ["exact", *BOUNDS.values()]),
        f"Ranges (`value_max`): {sum(f['value_max'] is not None for f in facts)}. "
        f"Changes: {sum(changes.values())} ({', '.join(f'{k} {n}' for k, n in sorted(changes.items()))}). "
        f"Topics: {sum(f['topic'] is not None for f in facts)}. "
        f"Value 0: {sum(f['value'] == 0 for f in facts)}, of them denials in words: "
        f"{denials}. "
        f"Facts that share a span with another: {shared} more than spans. "
        f"No unit: {sum(f['unit'] is None for f in facts)}.",
        "\n".join([f"Decoys (quantities outside every fact and change): {sum(found.values())}", "",
                   "| decoy | number |", "|---|---|"] + [f"| {k} | {found[k]} |" for k, _ in DECOYS]),
    ]  # fmt: skip
    return "\n\n".join(parts)


def view(record: dict[str, Any]) -> str:
    """The passage with every fact inline: ⟦quote|indicator value …⟧."""
    text, at = record["text"], 0
    out: list[str] = []
    for fact in record["facts"]:
        label = [fact["indicator"], f"{fact['value']:g}"]
        label += [f"{k}={fact[k]}" for k in ("value_max", "topic", "change") if fact[k] is not None]
        label += [fact[k] for k in ("channel", "period", "bound") if fact[k] not in ("all", "current", "exact")]
        label.append(f"u={fact['unit']}")
        if fact["end"] == at and out:
            out[-1] = out[-1][:-1] + " & " + " ".join(label) + "⟧"
            continue
        out += [text[at : fact["start"]], f"⟦{fact['quote']}|{' '.join(label)}⟧"]
        at = fact["end"]
    return f"{record['id']}: " + "".join(out) + text[at:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--view", metavar="STYLE")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    records, found = build()
    if args.view:
        print("\n".join(view(r) for r in records if r["style"] == args.view))
        return
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    counts = summary(records, found)
    readme = HERE / "README.md"
    head = readme.read_text(encoding="utf-8") if readme.exists() else "<!-- counts -->\n<!-- /counts -->\n"
    body = re.sub(r"(<!-- counts -->\n).*?(<!-- /counts -->)",
                  lambda m: f"{m[1]}\n{counts}\n\n{m[2]}", head, flags=re.S)  # fmt: skip
    outputs = {HERE / "passages.jsonl": lines, readme: body}
    if args.check:
        stale = [p.name for p, new in outputs.items() if not p.exists() or p.read_text(encoding="utf-8") != new]
        sys.exit(f"out of date: {', '.join(stale)}" if stale else 0)
    for path, new in outputs.items():
        path.write_text(new, encoding="utf-8")
    print(counts)


if __name__ == "__main__":
    main()
