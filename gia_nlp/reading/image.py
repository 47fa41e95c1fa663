"""Images of pages: scans, photographs and long screenshots, through text recognition."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from gia_nlp.reading.blocks import assemble_marked, digest
from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.limits import limits, more
from gia_nlp.reading.ocr import OCR_HINT, OCR_NOTE
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document, Issue

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n", "PNG"), (b"GIF8", "GIF"), (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"),
)  # fmt: skip
_WIDEST = 2600
_NARROWEST = 1200
_LONG = 1.8  # times the width: a screenshot to be cut into pages


def kind(data: bytes) -> str | None:
    """The format of an image by its first bytes.

    >>> kind(b"\\x89PNG\\r\\n\\x1a\\n"), kind(b"%PDF-1.4")
    ('PNG', None)
    """
    for magic, name in _KINDS:
        if data.startswith(magic):
            return name
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    # "BM" opens many a text: a bitmap tells its own length and the size of its header behind it.
    if (
        data.startswith(b"BM")
        and data[6:10] == bytes(4)
        and data[14:18] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    ):
        return "BMP"
    return None


def accepts(data: bytes, name: str) -> bool:
    """Images by their content."""
    return kind(data) is not None


def read(data: bytes, name: str) -> Document:
    """The document in an image. Raises ``ReadingError`` without the extra ``ocr`` and where no letters are found."""
    from gia_nlp.reading.ocr import available, recognise
    from gia_nlp.reading.pdf import blocks

    found = kind(data)
    if not available():
        raise ReadingError(f"The file is an image ({found}).", hint=OCR_HINT)
    pages = []
    unread = 0
    for picture in _pictures(data):
        seen = recognise(picture)
        pages.append(seen.page)
        unread += seen.unread
    text, grids, recognised = assemble_marked(blocks(pages), "ocr")
    if not text.strip():
        raise ReadingError(f"The image ({found}) shows no text.", hint="Scan it anew, larger or darker.")
    warnings = [Issue("reading", "TextRecognition", "The image was read by text recognition.", OCR_NOTE)]
    if unread:
        message = f"Text recognition saw marks that it could not read at {unread} places."
        warnings.append(Issue("reading", "UnreadMarks", message, OCR_NOTE))
    return Document(
        text=text, path=name, format="image", sha256=digest(data), grids=grids, warnings=tuple(warnings),
        recognised=recognised,
    )  # fmt: skip


def _pictures(data: bytes) -> Iterator[Any]:
    """The pages of an image as arrays: its frames, long ones cut where they are emptiest."""
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            allowed = limits()
            _check_pixels(image, allowed.pixels)
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number >= allowed.frames:
                    raise ReadingError(
                        f"The image has more than {allowed.frames} pages.", hint=more("frames", str(4 * allowed.frames))
                    )
                _check_pixels(frame, allowed.pixels)  # each page of a TIFF has a size of its own
                upright = ImageOps.exif_transpose(frame).convert("RGBA")
                ground = Image.new("RGBA", upright.size, "white")
                ground.alpha_composite(upright)
                flat = ground.convert("RGB")
                factor = min(1.0, _WIDEST / flat.width)
                if flat.width < _NARROWEST and flat.height < 2 * _NARROWEST:
                    factor = min(2.5, _NARROWEST / flat.width)
                if factor != 1.0:
                    size = max(1, round(flat.width * factor)), max(1, round(flat.height * factor))
                    flat = flat.resize(size, Image.Resampling.LANCZOS)
                yield from _cut(np.asarray(flat))
                if image.format == "GIF":
                    break  # the rest is a film
    except UnidentifiedImageError:
        raise ReadingError(f"The image ({kind(data)}) is damaged.", hint="Download or save it again.") from None
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        message = f"The image ({kind(data)}) is damaged or too large: {error}"
        raise ReadingError(message, hint="Download or save it again.") from None


def _check_pixels(image: Any, most: int) -> None:
    if image.width * image.height > most:
        message = f"The image is too large: {image.width} x {image.height} pixels."
        raise ReadingError(
            message, hint=f"Save it smaller: 200 dots an inch are enough. {more('pixels', str(2 * most))}"
        )


def _cut(picture: Any) -> Iterator[Any]:
    """A picture in pieces of a page's form."""
    height, width = picture.shape[:2]
    wanted = int(1.4 * width)
    top = 0
    while height - top > _LONG * width:
        low = top + int(0.8 * wanted)
        window = picture[low : top + wanted].min(axis=2) < 128
        filled = window.sum(axis=1)
        least = (filled == filled.min()).nonzero()[0]
        bottom = low + int(least[len(least) // 2])
        yield picture[top:bottom]
        top = bottom
    yield picture[top:]


READER = Reader("image", 39.0, accepts, read)
