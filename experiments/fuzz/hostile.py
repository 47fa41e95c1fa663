"""Files made to do harm, one of each kind, and what has to become of each; nothing large is kept, all is written when asked for."""

from __future__ import annotations

import io
import os
import socket
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TEXT = (
    "潼湖区民政局2023年政府信息公开工作年度报告\n一、总体情况\n全年主动公开信息126条，收到申请3件。\n"
    "五、存在的主要问题及改进情况\n一是公开不及时。下一步将加强培训。\n"
)
PAGE = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}]>'

REFUSED, NOTED, READ = "refused", "noted", "read"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file ``name`` that ``make`` writes, and by relative id what becomes of it: an outcome and words of its message.

    ``REFUSED``: a row in `errors` with a hint, no report. ``NOTED``: a report, and a row in `errors`. ``READ``: a report. What is
    not named leaves no row. ``named``: it is given as an input by itself, as folders pass it over. ``needs_user``: root may do all.
    """

    name: str
    make: Callable[[Path], None]
    becomes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    named: bool = False
    needs_user: bool = False
    slow: bool = False


def _bytes(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data) and None


def _text(text: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return _bytes(text.encode(encoding))


def _sparse(size: int, start: bytes = b"") -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.write(start)
            file.truncate(size)

    return make


# --------------------------------------------------------------------------- Word


def docx(body: str, before: str = "", parts: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file of such a body, with ``before`` in front of its root."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {_W}><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": xml.encode(), **(parts or {})})


def word_text(text: str = TEXT) -> str:
    """Paragraphs of a Word file."""
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())


def _word_cell(text: str, span: int = 1) -> str:
    own = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span > 1 else ""
    return f"<w:tc>{own}{word_text(text)}</w:tc>"


def _word_stairs(steps: int) -> str:
    """A table whose every row begins a column later: as wide as high, and nearly all hole."""
    rows = (
        f'<w:tr><w:trPr><w:gridBefore w:val="{n % 1000}"/></w:trPr>{_word_cell("1", 1 + n // 1000)}{_word_cell("2")}</w:tr>'
        for n in range(steps)
    )
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _word_nested(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + word_text("3") + "</w:tc></w:tr></w:tbl>" * depth


# --------------------------------------------------------------------------- archives


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return buffer.getvalue()


def _deep_zip(depth: int) -> bytes:
    data = zipped({"end.txt": TEXT.encode()})
    for n in range(depth):
        data = zipped({f"{n}.zip": data})
    return data


def _doubles() -> bytes:
    import warnings

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("a.txt", "a.txt", "../a.txt", "a.txt~2"):
            archive.writestr(name, TEXT)
    return buffer.getvalue()


def _links() -> bytes:
    info = zipfile.ZipInfo("link.txt")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, "../../etc/passwd")
        archive.writestr("good.txt", TEXT)
    return buffer.getvalue()


def _patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """The archive with a field changed in every header of a kind."""
    out = bytearray(data)
    at = out.find(signature)
    while at >= 0:
        out[at + offset : at + offset + len(value)] = value
        at = out.find(signature, at + 4)
    return bytes(out)


def overlapping(count: int, size: int) -> bytes:
    """Many members that share the packed bytes of one."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(bytes(size)) + packed.flush()
    crc = zlib.crc32(bytes(size))
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(body), size, 5, 0) + b"0.txt" + body
    central = b""
    for n in range(count):
        name = f"{n:05}.txt".encode()
        head = (b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(body), size, len(name), 0, 0, 0, 0, 0, 0)
        central += struct.pack("<4s6H3I5H2I", *head) + name
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(central), len(local), 0)
    return local + central + end


def _tar(mode: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        climbing = tarfile.TarInfo("../../x.txt")
        climbing.size = 3
        archive.addfile(climbing, io.BytesIO(b"abc"))
    return buffer.getvalue()


# --------------------------------------------------------------------------- PDF, images, mail


def pdf(objects: Mapping[int, bytes], root: int = 1) -> bytes:
    """A PDF of such objects, with its table of places."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, root, start)
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A packed stream."""
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), extra, packed)


CATALOG, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_FONT = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
PDF_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R " + _FONT + b" >>"
WORDS = b"BT /F1 12 Tf 72 400 Td (Annual report 2023, 126 items) Tj ET "


def _many_pages(count: int) -> bytes:
    """Pages that share one page's content."""
    kids = b" ".join(b"%d 0 R" % (n + 10) for n in range(count))
    objects = {1: CATALOG, 2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), 4: stream(WORDS)}
    return pdf(objects | {n + 10: PDF_PAGE for n in range(count)})


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A picture that says how large it is."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data or zlib.compress(bytes(1000)))


def mht(body: str, headers: str = "") -> bytes:
    """A web archive of one page."""
    return (
        f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n{headers}\r\n--b\r\n'
        f"Content-Type: text/html; charset=utf-8\r\n\r\n{body}\r\n--b--\r\n"
    ).encode()


def _mail_in_mail(depth: int) -> bytes:
    return (
        b"MIME-Version: 1.0\r\n"
        + b"Content-Type: message/rfc822\r\n\r\n" * depth
        + b"Content-Type: text/html\r\n\r\n<p>x"
    )


# --------------------------------------------------------------------------- the file system


def _closed(path: Path) -> None:
    path.mkdir()
    (path / "inner.txt").write_text(TEXT, encoding="utf-8")
    path.chmod(0)


def _socket(path: Path) -> None:
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as one:
        try:
            os.chdir(path.parent)  # a socket's path may be no longer than 107 bytes
            one.bind(path.name)
        finally:
            os.chdir(here)


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _maze(path: Path) -> None:
    """Folders that lead on by two links each: 2 ** 20 ways to one file."""
    path.mkdir()
    for n in range(20):
        (path / f"r{n:02}").mkdir()
        for side in "ab":
            (path / f"r{n:02}" / side).symlink_to(path / f"r{n + 1:02}" if n < 19 else path)


# --------------------------------------------------------------------------- the corpus

_SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
_ROWS = "<tr><td>规章<td>2<tr><td>规范性文件<td>3"


def _one(name: str, make: Callable[[Path], None], outcome: str, says: str = "", **options: bool) -> Hostile:
    return Hostile(name, make, {name: (outcome, says)}, **options)


def hostile(remote: str = "http://127.0.0.1:9/") -> list[Hostile]:
    """All of them. ``remote``: where a file that wants to be fetched leads to."""
    cut = docx(word_text())
    good = TEXT.encode()
    external = f'<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd"><!ENTITY r SYSTEM "{remote}x.dtd">]>'
    relations = (
        '<Relationships><Relationship Id="r1" Type="x/attachedTemplate" TargetMode="External" '
        f'Target="{remote}t.dotm"/><Relationship Id="r2" Type="x/aFChunk" TargetMode="External" Target="{remote}c.html"/>'
        "</Relationships>"
    ).encode()
    remote_page = (
        f'<!DOCTYPE html SYSTEM "{remote}a.dtd"><html><head><link rel=stylesheet href="{remote}a.css"><base href="{remote}">'
        f'<script src="{remote}a.js"></script></head><body>{PAGE}<img src="{remote}a.png"><iframe src="{remote}b.html">'
        f'</iframe><object data="{remote}c"></object><xi:include href="{remote}d"/></body></html>'
    )
    lying = _patched(
        _patched(zipped({"a.txt": bytes(5000)}), b"PK\1\2", 24, struct.pack("<I", 50)), b"PK\3\4", 22, b"\x32\0\0\0"
    )
    return [
        # text
        _one("empty.txt", _bytes(b""), REFUSED, "empty or blank"),
        _one("blank.txt", _text("\ufeff \n\u3000\u200b\n"), REFUSED, "no text|empty or blank"),
        _one("nuls.txt", _bytes(bytes(5000)), REFUSED, "empty or blank"),
        _one("noise.txt", _bytes(bytes((n * n * 7 + n // 3) % 256 for n in range(20_000))), REFUSED, "binary or damaged"),
        _one("nul inside.txt", _text(TEXT.replace("，", "，\x00")), NOTED, "NUL"),
        _one("bad utf8.txt", _bytes(good[:40] + b"\xed\xa0\x80\xff" + good[40:]), NOTED, "U\\+FFFD"),
        _one("two marks.txt", _text("\ufeff\ufeff" + TEXT + "\ufeff" + TEXT), READ),
        _one("utf16 mark on utf8.txt", _bytes(b"\xff\xfe" + good), NOTED, "mark of utf-16"),
        _one("half utf16.txt", _bytes(TEXT.encode("utf-16")[:-1]), NOTED, "U\\+FFFD"),
        _one("right to left.txt", _text(TEXT.replace("126", "\u202e621\u202c\u200f")), READ),
        _one("unpaired.txt", _text(TEXT + "(" * 20_000 + "《" * 20_000 + "一、" * 20_000), READ),
        _one("script.txt", _text(TEXT.replace("126条", f"126条{_SCRIPT}")), READ),
        _one("sparse.txt", _sparse(5 << 30, good), REFUSED, "larger than 256 MB: 5 GB"),
        _one("sparse.pdf", _sparse(3 << 30, b"%PDF-1.7\n"), REFUSED, "larger than"),
        # pages
        _one("deep.html", _text(PAGE + "<div>" * 100_000 + "x"), NOTED, "nested too deep"),
        _one("deep tables.html", _text(PAGE + "<table><tr><td>" * 30_000), NOTED, "nested too deep"),
        _one("deep inline.html", _text(PAGE + "<b><i>" * 50_000 + "x"), NOTED, "nested too deep"),
        _one("spans.html", _text(f"{PAGE}<table>{'<tr><td colspan=100000000 rowspan=99999>1<td>2' * 9000}</table>"), NOTED, "Spans"),
        _one("one span.html", _text(f'{PAGE}<table><tr><td colspan="100000000">表<td>1{_ROWS}</table>'), READ),
        _one("cells.html", _text(f"{PAGE}<table><tr>{'<td>1' * 210_000}</table>"), REFUSED, "210,000 cells"),
        _one("laughs.html", _text(f"{LAUGHS}<html><body title='&l9;'>{PAGE}<p>&l9;</body></html>"), READ),
        _one("remote.html", _text(remote_page), READ),
        _one("script.html", _text(f"<html><body>{PAGE}<p>{_SCRIPT.replace('<', '&lt;')}</p>{_SCRIPT}</body></html>"), READ),
        _one("characters.html", _text(f"{PAGE}<p>&#xD800;&#0;&#x110000;&#xFFFE;&#x202E;&#99999999999;</p>"), READ),
        _one("comment.html", _text(f"<html><body>{PAGE}<!-- {'x' * 9000}"), READ),
        _one("cut tag.html", _text(f"<html><body>{PAGE}<table><tr><td colspan='"), READ),
        _one("frames.html", _text(f'<html><frameset><frame src="{remote}f.html"></frameset></html>'), REFUSED, "no text"),
        # web archives
        _one("cut.mht", _bytes(mht(PAGE)[:-60]), NOTED, "U\\+FFFD"),
        _one("no page.mht", _bytes(mht("").replace(b"text/html", b"image/png")), REFUSED, "no page"),
        _one("mail in mail.mht", _bytes(_mail_in_mail(20_000)), REFUSED, "too deep|no page"),
        _one("laughs.mht", _bytes(mht(f"{LAUGHS}<html><body>{PAGE}<p>&l9;")), READ),
        # Word
        _one("laughs.docx", _bytes(docx(word_text() + word_text("&l9;"), LAUGHS)), REFUSED, "entities of its own"),
        _one("laughs in attribute.docx", _bytes(docx(f'<w:p w:x="&l9;"/>{word_text()}', LAUGHS)), REFUSED, "entities|damaged"),
        _one("external entity.docx", _bytes(docx(word_text() + word_text("&l9;&r;"), external)), REFUSED, "entities of its own"),
        _one("remote parts.docx",
             _bytes(docx(word_text() + '<w:altChunk r:id="r2" xmlns:r="r"/>', parts={"word/_rels/document.xml.rels": relations})),
             NOTED, "embeds another document"),
        _one("bomb.docx", _bytes(docx(word_text() + " " * (40 << 20))), REFUSED, "larger than 32 MB unpacked"),
        _one("cut.docx", _bytes(cut[: len(cut) * 2 // 3]), REFUSED, "cut off or damaged"),
        _one("cut inside.docx", _bytes(zipped({"word/document.xml": f"<w:document {_W}><w:body>{word_text()}<w:p".encode()})),
             NOTED, "not read to its end"),
        _one("no main part.docx", _bytes(zipped({"word/styles.xml": b"<x/>"})), REFUSED, "no main document"),
        _one("nested tables.docx", _bytes(docx(word_text() + _word_nested(3000))), NOTED, "not read to its end"),
        _one("nested to the limit.docx", _bytes(docx(word_text() + _word_nested(80))), READ),
        _one("deep controls.docx", _bytes(docx(word_text() + "<w:sdt>" * 100_000)), NOTED, "not read to its end"),
        _one("stairs.docx", _bytes(docx(word_text() + _word_stairs(3000))), NOTED, "Spans"),
        _one("wrong sum.docx", _bytes(_patched(cut, b"PK\1\2", 16, b"\1\2\3\4")), REFUSED, "cut off or damaged"),
        _one("encrypted.docx", _bytes(_patched(_patched(cut, b"PK\1\2", 8, b"\1\0"), b"PK\3\4", 6, b"\1\0")), REFUSED, "encrypted"),
        # PDF
        _one("cut.pdf", _bytes(pdf({1: CATALOG, 2: PAGES, 3: PDF_PAGE, 4: stream(WORDS)})[:120]), REFUSED, "damaged|no text"),
        _one("only a head.pdf", _bytes(b"%PDF-1.4\n" + b"\x00\xff" * 5000), REFUSED, "damaged"),
        _one("pages in a ring.pdf", _bytes(pdf({1: CATALOG, 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"})), REFUSED, "PDF"),
        _one("a million pages.pdf",
             _bytes(pdf({1: CATALOG, 2: PAGES.replace(b"Count 1", b"Count 1000000"), 3: PDF_PAGE, 4: stream(WORDS)})), NOTED, "not read"),
        _one("pages.pdf", _bytes(_many_pages(2500)), NOTED, "500 pages behind the first 2,000"),
        _one("bomb.pdf", _bytes(pdf({1: CATALOG, 2: PAGES, 3: PDF_PAGE, 4: stream(WORDS + b" " * (60 << 20))})), NOTED, "no heading"),
        _one("deep arrays.pdf", _bytes(pdf({1: CATALOG, 2: PAGES, 3: PDF_PAGE, 4: stream(WORDS), 5: b"[" * 100_000})), NOTED, "no heading"),
        _one("locked.pdf", _bytes(pdf({1: CATALOG, 2: PAGES}).replace(b"/Root", b"/Encrypt << /Filter /X >> /Root")), REFUSED, "PDF"),
        # (what is read of these is English, so there is a note on missing headings)
        # pictures, under a name that is read in folders
        _one("bomb picture.pdf", _bytes(png(60_000, 60_000)), REFUSED, "image"),
        _one("cut picture.pdf", _bytes(png(300, 200)[:50]), REFUSED, "image"),
        # archives
        Hostile("bomb.zip", _bytes(zipped({"zeros.txt": bytes(64 << 20), "good.txt": good})),
                {"bomb.zip!/zeros.txt": (REFUSED, "times as large unpacked"), "bomb.zip!/good.txt": (READ, "")}),
        _one("overlapping.zip", _bytes(overlapping(2000, 8 << 20)), REFUSED, "times as large unpacked"),
        Hostile("deep.zip", _bytes(_deep_zip(4)), {"deep.zip!/3.zip!/2.zip": (REFUSED, "2 archives deep")}),
        Hostile("climbing.zip",
                _bytes(zipped({"../../../tmp/climb.txt": good, "/etc/abs.txt": good, "C:\\x\\drive.txt": good, "x.zip!/y.txt": good})),
                {f"climbing.zip!/{n}": (READ, "") for n in ("tmp/climb.txt", "etc/abs.txt", "C:/x/drive.txt", "x.zip!_/y.txt")}),
        Hostile("links.zip", _bytes(_links()),
                {"links.zip!/link.txt": (REFUSED, "not followed"), "links.zip!/good.txt": (READ, "")}),
        Hostile("doubles.zip", _bytes(_doubles()),
                {"doubles.zip!/a.txt": (REFUSED, "double"), "doubles.zip!/a.txt~2": (READ, ""), "doubles.zip!/a.txt~3": (READ, "")}),
        _one("cut.zip", _bytes(zipped({"a.txt": good * 9})[:-30]), REFUSED, "Cannot unpack"),
        Hostile("lying.zip", _bytes(lying), {"lying.zip!/a.txt": (REFUSED, "Cannot unpack")}),
        Hostile("unknown method.zip",
                _bytes(_patched(_patched(zipped({"a.txt": good}), b"PK\1\2", 10, b"\x63\0"), b"PK\3\4", 8, b"\x63\0")),
                {"unknown method.zip!/a.txt": (REFUSED, "Cannot unpack")}),
        _one("links.tar", _bytes(_tar("w")), REFUSED, "tar archive"),
        _one("links.tar.gz", _bytes(_tar("w:gz")), REFUSED, "gzip"),
        _one("a.7z", _bytes(b"7z\xbc\xaf\x27\x1c" + bytes(40)), REFUSED, "7z"),
        _one("a.rar", _bytes(b"Rar!\x1a\x07\x00" + bytes(40)), REFUSED, "RAR"),
        # what is no file
        _one("pipe.txt", os.mkfifo, REFUSED, "pipe or a device"),
        _one("socket.txt", _socket, REFUSED, "pipe or a device"),
        _one("device.txt", _link("/dev/zero"), REFUSED, "pipe or a device"),
        _one("nowhere.txt", _link("nowhere at all"), REFUSED, "leads nowhere"),
        _one("itself.txt", _link("itself.txt"), REFUSED, "symbolic links|leads nowhere"),
        Hostile("up", _link(".")),
        Hostile("up and up", _link("..")),
        Hostile("maze", _maze),
        _one("closed", _closed, REFUSED, "Permission denied", needs_user=True),
        # names
        _one("line\nend.txt", _text(TEXT), READ),
        _one("=cmd|' C calc'!A0.txt", _text(TEXT), READ),
        _one("@SUM(1+1)*cmd.txt", _text(TEXT), READ),
        _one("\x1b[31mred\x07.txt", _text(TEXT), READ),
        _one("\u202etxt.fdp.txt", _text(TEXT), READ),
        _one(os.fsdecode(b"\xff\xfe\xed\xa0\x80.txt"), _text(TEXT), READ),
        _one("長" * 83 + ".txt", _text(TEXT), READ),
        # tables of texts
        Hostile("rows.jsonl",
                _bytes(b'{"text": "%s"}\n{"text": \n{"text": %s\n\xff\n{"text": "\\ud800 %s"}\n{"title": 1}\n{"text": 7}\n'
                       % (good.replace(b"\n", b"\\n"), b"[" * 100_000, good.replace(b"\n", b"\\n"))),
                {"rows.jsonl#0": (READ, ""), "rows.jsonl#1": (REFUSED, "line 2"), "rows.jsonl#2": (REFUSED, "nested too deep"),
                 "rows.jsonl#3": (REFUSED, "line 4"), "rows.jsonl#4": (READ, ""), "rows.jsonl#5": (REFUSED, "no column"),
                 "rows.jsonl#6": (REFUSED, "neither text nor bytes")}, named=True),
        Hostile("cut.parquet", _bytes(b"PAR1" + bytes(100)), {"cut.parquet#damage": (REFUSED, "Cannot read")}, named=True),
        # LibreOffice's, if it is there
        _one("noise.doc", _bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"WordDocument".join([b"\1\2\3"] * 99)), REFUSED, "damaged|LibreOffice",
             slow=True),
        _one("remote.rtf",
             _text(r"{\rtf1\ansi{\field{\*\fldinst INCLUDEPICTURE " + f'"{remote}a.png"' + r"}{\fldrslt x}} 2023 126 items\par}"),
             NOTED, "no heading", slow=True),
    ]  # fmt: skip


def write(folder: Path, found: list[Hostile]) -> list[str]:
    """Writes files to a folder; gives the inputs that have to be named beside the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in found:
        one.make(folder / one.name)
    return [str(folder / one.name) for one in found if one.named]
