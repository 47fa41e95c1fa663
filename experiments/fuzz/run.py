"""Feeds every reader damaged files and counts what leaves it: a document, a `ReadingError`, or something that is a fault.

python experiments/fuzz/run.py --seconds 300 --seed 1

Each format is fuzzed in a process of its own, under a limit on its memory and an alarm for each input; an input that ends the process,
or takes longer than the alarm, is counted and kept in `results/`. Inputs are made from generated reports: bytes flipped, cut, doubled
and moved in any file; XML parts and tags of Word files; tags and attributes of pages; objects and unpacked streams of PDFs;
headers and parts of web archives; and what Hypothesis makes of a small grammar of each.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import hostile  # noqa: E402

MEMORY = 3 << 30
ALARM = 30.0  # CPU seconds
SLOW = 5.0
Mutate = Callable[[bytes, random.Random], bytes]


# --------------------------------------------------------------------------- how inputs are made


def bytes_changed(data: bytes, rng: random.Random) -> bytes:
    """A few bytes flipped, a stretch cut out, doubled, zeroed or moved, or the end torn off."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        size = max(len(out), 1)
        at, length = rng.randrange(size), min(rng.choice((1, 4, 64, 2000)), size)
        way = rng.randrange(7)
        if way == 0:
            out[at : at + 1] = bytes([rng.randrange(256)])
        elif way == 1:
            del out[at : at + length]
        elif way == 2:
            out[at:at] = out[at : at + length] * rng.choice((1, 2, 50))
        elif way == 3:
            out[at : at + length] = bytes(length)
        elif way == 4 and rng.random() < 0.3:
            del out[at:]
        elif way == 5:
            to = rng.randrange(size)
            out[to : to + length] = out[at : at + length]
        else:
            odd = (
                b"\xed\xa0\x80",
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"\x00",
                b"\r",
                b"\xe2\x80\xae",
                b"999999999999",
                b"-1",
                b"]]>",
            )
            out[at:at] = rng.choice(odd)
    return bytes(out)


_TAG = re.compile(rb"<[^<>]{1,400}>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_VALUES = (
    b"0",
    b"-1",
    b"1",
    b"99999999999999999999",
    b"",
    b"x",
    b"1000",
    b"\xef\xbc\x93",
    b"continue",
    b"none",
    b"1e9",
    b"0x10",
)
_HTML_TAGS = (
    b"<table>", b"</table>", b"<tr>", b"<td rowspan=65534>", b"<td colspan=1000>", b"</td>", b"<td rowspan=0>", b"<tbody>", b"<div style='display:none'>",
    b"<ol start=999>", b"<li>", b"<pre>", b"<a href=x>", b"</body>", b"<frameset>", b"<svg>", b"<template>", b"<!--", b"-->", b"<![CDATA[", b"<caption>",
    b"<base>", b"<plaintext>", b"<textarea>", b"&#xD800;", b"&#0;", b"<o:p>", b"<?xml version='1.0'?>", b"<form>", b"<select>", b"<p", b"<br/>",
)  # fmt: skip


def tags_changed(data: bytes, rng: random.Random, extra: tuple[bytes, ...] = ()) -> bytes:
    """Tags taken out, doubled, put elsewhere, nested deep; attributes given odd values; subtrees copied into others."""
    for _ in range(rng.choice((1, 2, 4, 12))):
        tags = list(_TAG.finditer(data))
        if not tags:
            return data
        one, other = rng.choice(tags), rng.choice(tags)
        way = rng.randrange(7)
        if way == 0:
            data = data[: one.start()] + data[one.end() :]
        elif way == 1:
            data = data[: one.start()] + one.group() * rng.choice((2, 3, 400)) + data[one.end() :]
        elif way == 2:
            data = data[: one.start()] + other.group() + data[one.start() :]
        elif way == 3:
            attributes = list(_ATTRIBUTE.finditer(one.group()))
            if attributes:
                chosen = rng.choice(attributes)
                tag = one.group()[: chosen.start(2)] + rng.choice(_VALUES) + one.group()[chosen.end(2) :]
                data = data[: one.start()] + tag + data[one.end() :]
        elif way == 4:
            low, high = sorted((one.start(), other.end()))
            data = data[:high] + data[low : min(high, low + 20_000)] + data[high:]
        elif way == 5:
            low, high = sorted((one.start(), other.start()))
            data = data[:low] + data[high:] if high - low < len(data) // 3 else data
        elif extra:
            data = data[: one.start()] + rng.choice(extra) + data[one.start() :]
        if len(data) > 3_000_000:
            return data[:3_000_000]
    return data


def page_changed(data: bytes, rng: random.Random) -> bytes:
    """A page with its tags changed."""
    return tags_changed(data, rng, _HTML_TAGS)


_WORD_TAGS = (
    b"<w:tbl>", b"</w:tbl>", b"<w:tr>", b"<w:tc>", b"<w:p>", b"</w:p>", b"<w:sdt><w:sdtContent>", b'<w:fldChar w:fldCharType="begin"/>',
    b"<w:del>", b"<w:ins>", b'<w:vMerge/>', b'<w:gridBefore w:val="999"/>', b"<w:r><w:drawing><w:txbxContent>", b'<w:sym w:char="D800"/>',
    b'<w:numPr><w:ilvl w:val="99"/><w:numId w:val="1"/></w:numPr>', b'<w:altChunk r:id="x"/>', b"<w:AlternateContent>",
)  # fmt: skip


def word_changed(data: bytes, rng: random.Random) -> bytes:
    """A Word file whose XML parts are changed inside a sound archive."""
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as sound:
            parts = {name: sound.read(name) for name in sound.namelist()}
    except Exception:  # changed before: no archive any more
        return bytes_changed(data, rng)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            if name.endswith((".xml", ".rels")) and rng.random() < (0.8 if name == "word/document.xml" else 0.2):
                changed = tags_changed(content, rng, _WORD_TAGS) if rng.random() < 0.8 else bytes_changed(content, rng)
            else:
                changed = content
            if rng.random() > 0.02:
                new.writestr(name, changed)
    return buffer.getvalue()


_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_OPERATORS = (
    b"q ",
    b"Q ",
    b"BT ",
    b"ET ",
    b"f ",
    b"S ",
    b"0 0 0 0 0 0 cm ",
    b"1e9 0 0 1e9 0 0 cm ",
    b"/F1 0 Tf ",
    b"0 Tr ",
    b"[ ",
    b"<< ",
    b"(",
)


def pdf_changed(data: bytes, rng: random.Random) -> bytes:
    """A PDF whose objects or unpacked streams are changed: numbers, references, operators, whole objects."""
    if rng.random() < 0.5 and (streams := list(_STREAM.finditer(data))):
        chosen = rng.choice(streams)
        try:
            body = zlib.decompress(_unarmoured(chosen.group(1)))
        except (ValueError, zlib.error):
            return bytes_changed(data, rng)
        for _ in range(rng.choice((1, 3, 10))):
            numbers = list(_NUMBER.finditer(body))
            if numbers and rng.random() < 0.6:
                number = rng.choice(numbers)
                value = rng.choice((b"0", b"-1", b"99999999", b"1e38", b"0.0000001", b"nan"))
                body = body[: number.start()] + value + body[number.end() :]
            else:
                at = rng.randrange(len(body) + 1)
                body = body[:at] + rng.choice(_OPERATORS) * rng.choice((1, 2, 500)) + body[at:]
        packed = zlib.compress(body)
        head = data[: chosen.start()].rfind(b"<<")
        new = b"<< /Length %d /Filter /FlateDecode >>\n" % len(packed)
        return data[:head] + new + b"stream\n" + packed + b"\nendstream" + data[chosen.end() :]
    objects = list(re.finditer(rb"\d+ 0 obj.*?endobj", data, re.S))
    for _ in range(rng.choice((1, 2, 4))):
        if not objects:
            break
        one, other = rng.choice(objects), rng.choice(objects)
        way = rng.randrange(3)
        if way == 0 and len(one.group()) < 4000:
            numbers = list(_NUMBER.finditer(one.group()))
            number = rng.choice(numbers)
            value = rng.choice((b"0", b"1", b"2", b"3", b"-1", b"2147483648", b"1e9"))
            return data[: one.start() + number.start()] + value + data[one.start() + number.end() :]
        if way == 1:
            return data[: one.start()] + other.group() + data[one.end() :]
    return bytes_changed(data, rng)


def _unarmoured(body: bytes) -> bytes:
    """The packed bytes of a stream, which reportlab also wraps in base 85."""
    import base64

    return base64.a85decode(b"<~" + body.strip(), adobe=True) if body.rstrip().endswith(b"~>") else body


def mail_changed(data: bytes, rng: random.Random) -> bytes:
    """A web archive with headers and boundaries changed, or its page."""
    lines = data.split(b"\r\n")
    for _ in range(rng.choice((1, 2, 4))):
        at = rng.randrange(len(lines))
        way = rng.randrange(4)
        odd = (
            b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"Content-Type: message/rfc822",
            b"Content-Transfer-Encoding: x-uuencode", b"--b", b"--b--", b"", b"Content-Type: text/html; charset=utf-7", b"Content-Type: ;;;=",
            b'Content-Type: multipart/mixed; boundary=""',
        )  # fmt: skip
        if way == 0:
            lines.insert(at, rng.choice(odd))
        elif way == 1:
            del lines[at : at + 1]
        elif way == 2:
            lines[at:at] = lines[at : at + 3] * rng.choice((1, 200))
        else:
            lines[at] = page_changed(lines[at], rng)
        if not lines:
            return b"MIME-Version: 1.0\r\nContent-Type: x\r\n\r\n"
    return b"\r\n".join(lines)


def text_changed(data: bytes, rng: random.Random) -> bytes:
    """A text in another encoding, with another mark, or with odd characters put in."""
    text = data.decode("utf-8", "replace")
    for _ in range(rng.choice((1, 3, 9))):
        at = rng.randrange(len(text) + 1)
        odd = (
            "\u202e",
            "\ufeff",
            "\x00",
            "\x1b[2J",
            "\u2028",
            "\x85",
            "\ufffe",
            "\U000e0001",
            "<table><tr><td>",
            "\ud7ff",
            "（" * 999,
            "一、" * 99,
        )
        text = text[:at] + rng.choice(odd) + text[at:]
    encoding = rng.choice(
        ("utf-8", "gb18030", "big5hkscs", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "euc-jp", "utf-7")
    )
    return (
        bytes_changed(text.encode(encoding, "replace"), rng) if rng.random() < 0.5 else text.encode(encoding, "replace")
    )


# --------------------------------------------------------------------------- formats


def originals(kind: str) -> list[bytes]:
    """Sound files of a format, as generated reports have it."""
    from gia_nlp.synthesis import make_report

    if kind == "mht":
        from gia_nlp.reading.html_page import page_text

        return [hostile.mht(page_text(make_report(31, n, "html").data).text) for n in range(3)]
    if kind == "image":
        return _images()
    if kind == "zip":
        return [
            hostile.zipped(
                {f"{n}.txt": hostile.TEXT.encode(), "x.zip": hostile.zipped({"b.html": hostile.PAGE.encode()})}
            )
            for n in range(2)
        ]
    layout = {"text": "pipes"}.get(kind, kind)
    found = [make_report(31, n, layout, form).data for n, form in enumerate(("2021", "2019", "statistics"))]
    return [d if isinstance(d, bytes) else d.encode() for d in found]


def _images() -> list[bytes]:
    from PIL import Image

    found = []
    for form in ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"):
        buffer = io.BytesIO()
        Image.linear_gradient("L").resize((90, 60)).convert("RGB").save(buffer, form)
        found.append(buffer.getvalue())
    return found


FORMATS: dict[str, tuple[str, list[Mutate], float]] = {
    # ending, ways, share of the time
    "text": ("txt", [text_changed, bytes_changed], 1.0),
    "html": ("html", [page_changed, page_changed, bytes_changed], 2.0),
    "mht": ("mht", [mail_changed, bytes_changed], 1.0),
    "docx": ("docx", [word_changed, word_changed, word_changed, bytes_changed], 2.0),
    "pdf": ("pdf", [pdf_changed, pdf_changed, bytes_changed], 2.5),
    "image": ("pdf", [bytes_changed], 0.5),
    "zip": ("zip", [bytes_changed], 0.5),
    "hypothesis": ("html", [], 1.0),
}


class _Alarm(BaseException):
    """The time of an input is over. Not an ``Exception``, so that no reader takes it for damage."""


def fuzz(kind: str, seed: int, seconds: float, state: Path) -> dict[str, Any]:
    """One format, in this process; ``state`` holds the input at hand for whoever finds this process dead."""
    from gia_nlp.reading import ReadingError

    ending, ways, _ = FORMATS[kind]
    rng = random.Random(f"{seed} {kind} {state.name}")
    count: Counter[str] = Counter()
    faults: dict[str, str] = {}
    slowest = 0.0
    highest = 0

    def on_alarm(*_: object) -> None:
        raise _Alarm

    signal.signal(signal.SIGVTALRM, on_alarm)

    def one(data: bytes, name: str, check: Callable[[bytes, str], None] = check_reader) -> None:
        nonlocal slowest, highest
        state.write_bytes(data)
        signal.setitimer(signal.ITIMER_VIRTUAL, ALARM)
        faulthandler.dump_traceback_later(6 * ALARM, exit=True)  # inside a library no alarm is heard
        began = time.process_time()
        try:
            check(data, name)
            count["read"] += 1
        except ReadingError as error:
            # What a library raised in its own words means that a case was not thought of.
            unforeseen = re.match(r"The \w+ file is damaged: \w+:", error.message) or not error.hint
            count["refused in a library's words" if unforeseen else "refused"] += 1
            if unforeseen:
                faults.setdefault(f"words: {error.message[:150]}", _keep(kind, data))
        except _Alarm:
            count["hung"] += 1
            faults.setdefault(f"hung for {ALARM:.0f} s", _keep(kind, data))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            count["crashed"] += 1
            faults.setdefault(f"{type(error).__name__}: {error}"[:200], _keep(kind, data))
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            faulthandler.cancel_dump_traceback_later()
        took = time.process_time() - began
        if took > SLOW:
            count["slow"] += 1
            faults.setdefault(f"slow: more than {SLOW:.0f} s", _keep(kind, data))
        if took > slowest:
            slowest = took
        highest = max(highest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        count["inputs"] += 1

    if kind == "hypothesis":
        by_hypothesis(one, seed, seconds)
    else:
        sound = originals(kind)
        for data in sound:  # warm
            check_reader(data, f"a.{ending}") if kind not in ("zip", "image") else None
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        began = time.process_time()
        while time.process_time() - began < seconds:
            data = rng.choice(sound)
            for _ in range(rng.choice((1, 1, 1, 3))):
                data = rng.choice(ways)(data, rng)
            one(data, f"a.{ending}", check_archive if kind == "zip" else check_reader)
    return {"counts": dict(count), "faults": faults, "slowest": round(slowest, 2), "megabytes": highest >> 10}


def check_reader(data: bytes, name: str) -> None:
    """Reads a file; raises what the reader raises, and ``AssertionError`` for a document that breaks its promises."""
    from gia_nlp.reading import read_bytes

    document = read_bytes(data, name)
    assert document.text.strip(), "no text"
    document.text.encode()
    for grid in document.grids:
        assert all(document.text[c.start : c.end] == c.text for c in grid.cells), "offsets of cells"
        places = [(c.row, c.column) for c in grid.cells]
        assert len(places) == len(set(places)), "two cells in one place"


def check_archive(data: bytes, name: str) -> None:
    """Finds and reads the members of an archive; every fault has to be a ``SourceError`` or ``ReadingError``."""
    from gia_nlp.reading import ReadingError, read_bytes
    from gia_nlp.running.source import SourceError
    from gia_nlp.running.sources import find_sources

    path = Path(f"/dev/shm/gia-fuzz-{os.getpid()}.zip") if Path("/dev/shm").is_dir() else HERE / "results" / "at.zip"
    path.write_bytes(data)
    try:
        for source in find_sources([path]):
            try:
                read_bytes(source.read_bytes(), source.reader_name)
            except (SourceError, ReadingError):
                continue
    finally:
        path.unlink()


def by_hypothesis(one: Callable[[bytes, str], None], seed: int, seconds: float) -> None:
    """Pages, bodies of Word files, texts and bytes from a grammar; Hypothesis likes the corners."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    text = st.text(max_size=30)
    number = st.one_of(st.integers(-5, 70_000), st.just(10**12), text)

    def element(inner: Any) -> Any:
        tags = st.sampled_from(
            ["table", "tr", "td", "th", "p", "div", "tbody", "li", "ol", "pre", "a", "b", "h1", "span"]
        )
        return st.builds(
            lambda t, r, c, x: f'<{t} rowspan="{r}" colspan="{c}">{"".join(x)}</{t}>',
            tags,
            number,
            number,
            st.lists(inner, max_size=6),
        )

    page = st.recursive(text, element, max_leaves=40)

    def word(inner: Any) -> Any:
        tags = st.sampled_from(
            ["tbl", "tr", "tc", "p", "r", "t", "sdt", "ins", "del", "pPr", "numPr", "fldChar", "txbxContent", "pict"]
        )
        plain = st.builds(
            lambda t, v, x: f'<w:{t} w:val="{v}">{"".join(x)}</w:{t}>',
            tags,
            st.integers(-2, 9999),
            st.lists(inner, max_size=6),
        )
        cell = st.builds(lambda g, v, x: f'<w:tc><w:tcPr><w:gridSpan w:val="{g}"/>{v}</w:tcPr>{"".join(x)}</w:tc>', number.map(lambda n: str(n).replace("<", "").replace("&", "").replace('"', "")),
                         st.sampled_from(["", "<w:vMerge/>", '<w:hMerge w:val="continue"/>', '<w:vMerge w:val="restart"/>']), st.lists(inner, max_size=4))  # fmt: skip
        return st.one_of(plain, cell)

    body = st.recursive(st.just(hostile.word_text("规章")), word, max_leaves=40)
    kinds = st.one_of(
        page.map(lambda p: (f"<html><body>{p}".encode("utf-8", "surrogatepass"), "a.html")),
        body.map(lambda b: (hostile.docx(b), "a.docx")),
        st.text(max_size=300).map(lambda t: (t.encode("utf-8", "surrogatepass"), "a.txt")),
        st.tuples(st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MIME-Version: 1.0\r\nContent-Type: ", b""]),
                  st.binary(max_size=300)).map(lambda pair: (pair[0] + pair[1], "a")),
    )  # fmt: skip
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    began, turn = time.process_time(), 0
    while time.process_time() - began < seconds:
        turn += 1

        @seeded(seed * 1000 + turn)
        @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(kinds)
        def feed(found: tuple[bytes, str]) -> None:
            one(*found)

        feed()


def _keep(kind: str, data: bytes) -> str:
    """Keeps an input that shows a fault; gives its name."""
    import hashlib

    folder = HERE / "results" / "inputs"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{kind}-{hashlib.sha256(data).hexdigest()[:12]}"
    if len(data) < 200_000:
        (folder / name).write_bytes(data)
    return name


# --------------------------------------------------------------------------- the parent


def main() -> None:
    """Fuzzes all formats, one after the other, and writes the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300, help="CPU seconds for all formats")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", action="append", choices=sorted(FORMATS))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--state", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(
            json.dumps(
                fuzz(arguments.child, arguments.seed, arguments.seconds, Path(arguments.state)), ensure_ascii=False
            )
        )
        return
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    chosen = arguments.format or list(FORMATS)
    whole = sum(FORMATS[kind][2] for kind in chosen)
    found: dict[str, Any] = {}
    for kind in chosen:
        share = arguments.seconds * FORMATS[kind][2] / whole
        state = results / f"at-{kind}"
        command = [
            sys.executable,
            str(HERE / "run.py"),
            "--child",
            kind,
            "--seed",
            str(arguments.seed),
            "--seconds",
            str(share),
            "--state",
            str(state),
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0:
            found[kind] = json.loads(done.stdout.splitlines()[-1])
        else:
            data = state.read_bytes() if state.exists() else b""
            found[kind] = {
                "counts": {"died": 1},
                "faults": {f"ended with {done.returncode}: {done.stderr[-300:]}": _keep(kind, data)},
            }
        state.unlink(missing_ok=True)
        print(kind, json.dumps(found[kind], ensure_ascii=False)[:1500], flush=True)
    if not arguments.format:
        write(found, arguments.seed, arguments.seconds)


def write(found: dict[str, Any], seed: int, seconds: float) -> None:
    """`results.json` for the leaderboard, `results/fuzz.json` with the rest."""
    from gia_nlp.learning.evaluation.results import Result, write_results

    rows = []
    for kind, result in found.items():
        counts = result["counts"]
        inputs = counts.get("inputs", 0)
        bad = sum(counts.get(name, 0) for name in ("crashed", "hung", "died"))
        rows.append(
            Result(
                "zh_gia_rules", f"fuzzed {kind}", "all", "fuzz.faults", float(bad), None, None, inputs, None, "lower"
            )
        )
        rows.append(
            Result(
                "zh_gia_rules",
                f"fuzzed {kind}",
                "all",
                "fuzz.slowest_seconds",
                result.get("slowest", 0.0),
                None,
                None,
                inputs,
                None,
                "lower",
            )
        )
    write_results(
        HERE,
        study="fuzz",
        question="What leaves a reader that is given damaged files, other than a document or a reason?",
        command=f"python experiments/fuzz/run.py --seconds {seconds:.0f} --seed {seed}",
        rows=rows,
    )
    (HERE / "results" / "fuzz.json").write_text(
        json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
