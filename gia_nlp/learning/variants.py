"""Variants of annotated texts: the same points as a bare list of lines, as pages lose their marks and full stops.

>>> text = "存在问题：一是更新慢；二是人手少。"
>>> points = [{"start": 7, "end": 10}, {"start": 13, "end": 16}]
>>> row = as_lines({"text": text, "items": points})
>>> row["text"], [row["text"][i["start"] : i["end"]] for i in row["items"]]
('存在问题：\\n更新慢\\n人手少', ['更新慢', '人手少'])
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_MARK = re.compile(
    r"(?:[一二三四五六七八九十]是|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[.．、]|[①-⑩]|第[一二三四五六七八九]，)$"
)


def as_lines(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The text with every marked point on a line of its own, without mark and closing punctuation; None where nothing changes."""
    text = row["text"]
    cuts: list[tuple[int, int, str]] = []
    for item in row["items"]:
        if mark := _MARK.search(text, max(0, item["start"] - 5), item["start"]):
            begin = mark.start()
            cuts.append((begin, item["start"], "" if begin == 0 or text[begin - 1] == "\n" else "\n"))
            if text[item["end"] : item["end"] + 1] in ("。", "；", ";"):
                cuts.append((item["end"], item["end"] + 1, ""))
    if not cuts:
        return None
    cuts = [cut for k, cut in enumerate(cuts) if not k or cut[0] >= cuts[k - 1][1]]
    made: list[str] = []
    moved: list[tuple[int, int]] = []  # from this place on, texts are shifted by so much
    place = shift = 0
    for start, end, put in cuts:
        made.append(text[place:start] + put)
        shift += len(put) - (end - start)
        moved.append((end, shift))
        place = end
    made.append(text[place:])

    def at(offset: int) -> int:
        return offset + max((m for m in moved if m[0] <= offset), default=(0, 0))[1]

    items = [{**item, "start": at(item["start"]), "end": at(item["end"])} for item in row["items"]]
    return {**row, "text": "".join(made), "items": items}
