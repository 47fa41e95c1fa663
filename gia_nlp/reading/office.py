"""Word's binary format, WPS and RTF: LibreOffice, where it is installed, turns them into docx."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from gia_nlp.reading.blocks import digest
from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.limits import limits, megabytes
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TIMEOUT_SECONDS = 120
# Nothing in a file is run, and nothing that it refers to is fetched: links are blocked, and what would get through meets a closed port.
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)
_TAKEN_FOR_TEXT = ("{\\rtf", "\u00d0\u00cf", "\u90a2")  # the first bytes in the encodings that it may choose
_SUFFIXES = {".doc": "doc", ".wps": "wps", ".rtf": "rtf", ".dot": "doc", ".wpt": "wps"}


def accepts(data: bytes, name: str) -> bool:
    """OLE containers and RTF by their first bytes. A web page or a docx that is only named .doc is none.

    >>> accepts(b"{\\\\rtf1\\\\ansi", "a.doc"), accepts(b"<html>", "a.doc")
    (True, False)
    """
    return data.startswith(OLE) or data.lstrip()[:5] == b"{\\rtf"


def kind(data: bytes, name: str) -> str:
    """``rtf``, ``wps``, ``doc``, ``encrypted``, ``xls`` or ``ppt``: an OLE container tells by the streams in it."""
    if not data.startswith(OLE):
        return "rtf"

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return "encrypted"
    if has("WordDocument"):
        return "wps" if name.lower().endswith((".wps", ".wpt")) else "doc"
    if has("Workbook"):
        return "xls"
    if has("PowerPoint Document"):
        return "ppt"
    return _SUFFIXES.get(PurePosixPath(name.lower()).suffix, "doc")


def read(data: bytes, name: str) -> Document:
    """The document in a .doc, .wps or .rtf file. Raises ``ReadingError`` where LibreOffice is missing or gives up."""
    found = kind(data, name)
    if found == "encrypted":
        raise ReadingError("The Word file is encrypted.", hint="Save it without a password.")
    if found in ("xls", "ppt"):
        raise ReadingError(f"The file is a .{found}, not a report's text.", hint="Give the report itself.")
    if found != "rtf" and data[28:30] != b"\xfe\xff":
        raise ReadingError(f"The .{found} file is cut off or damaged.", hint="Download it again.")
    from gia_nlp.reading import docx

    document = docx.read(convert(data, found), name)
    # What LibreOffice does not know it takes for text, the container's first bytes included.
    if document.text.startswith(_TAKEN_FOR_TEXT) or "\u0871" in document.text[:20]:
        raise ReadingError(f"The .{found} file is damaged.", hint="Download it again.")
    return replace(document, format=found, sha256=digest(data))


def convert(data: bytes, suffix: str) -> bytes:
    """The file as docx, by LibreOffice in a folder and with a profile of its own."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ReadingError(
            f"A .{suffix} file needs LibreOffice to be read.",
            hint="Install LibreOffice so that `soffice` is on PATH, or save the file as .docx.",
        )
    with tempfile.TemporaryDirectory(prefix="gia-nlp-") as folder:
        source = Path(folder, f"report.{suffix}")
        source.write_bytes(data)
        _write_settings(Path(folder, "profile", "user"))
        profile = Path(folder, "profile").as_uri()
        command = [
            program, "--headless", "--norestore", f"-env:UserInstallation={profile}",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(source),
        ]  # fmt: skip
        _run(command)
        target = Path(folder, "report.docx")
        if not target.is_file():
            raise ReadingError(f"LibreOffice could not read the .{suffix} file.", hint="Save it as .docx in Word.")
        most = limits().file
        if target.stat().st_size > most:
            raise ReadingError(f"LibreOffice made more than {megabytes(most)} of it.", hint="Save it as .docx in Word.")
        return target.read_bytes()


def _write_settings(user: Path) -> None:
    """The settings of a profile, before LibreOffice makes it."""
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{"Office." if path.startswith("Common") else ""}{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    (user / "registrymodifications.xcu").write_text(f"{head}{items}</oor:items>", encoding="utf-8")


def _run(command: list[str]) -> None:
    """Runs a command with a time limit; what it started ends with it."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        # soffice is a script around the real program: the group goes, else that one stays behind.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise ReadingError(
            f"LibreOffice took longer than {TIMEOUT_SECONDS} seconds.", hint="Save the file as .docx in Word."
        ) from None


READER = Reader("office", 20.0, accepts, read)
