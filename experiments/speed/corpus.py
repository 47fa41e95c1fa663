"""A corpus of any size, quickly: invented reports once made, given again under new ids and new agencies."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

_FIRST, _SECOND = "青汐溪潼云岚泊栖霁澜桐枫槐榆柏", "垄口岭湖汀川原浦洲坪泉塘崖谷畔"
_OFFICES = ("民政局", "水务局", "教育局", "交通运输局", "人民政府", "财政局", "档案馆", "农业农村局")
_TEMPLATE = """{agency}{year}年政府信息公开工作年度报告
一、总体情况
{year}年，{agency}主动公开政府信息{a}条，其中门户网站公开{b}条。全年收到政府信息公开申请{d}件，均已按时答复。
二、主动公开政府信息情况
| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |
| 规章 | 0 | 0 | 0 |
| 行政规范性文件 | {f} | 0 | {h} |
五、存在的主要问题及改进情况
一是公开内容还不够全面。二是政策解读的形式比较单一。下一步，将完善内部审核制度，加强业务培训。
"""


def short_reports(count: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Short invented reports (about 250 characters) by about ``count / 6`` agencies: id and text."""
    random_ = random.Random(seed)
    for n in range(count):
        agency_number, year = divmod(n, 6)
        name = f"{_FIRST[agency_number % 15]}{_SECOND[agency_number // 15 % 15]}"
        office = _OFFICES[agency_number // 225 % 8]
        number = agency_number // 1800
        agency = f"{name}县{office}" if not number else f"{name}县第{number}{office}"
        numbers = {key: random_.randrange(1, 400) for key in "abcdefgh"}
        yield f"corpus/{n // 1000:03}/{n:06}.txt", _TEMPLATE.format(agency=agency, year=2018 + year, **numbers)


def write_short_reports(folder: Path, count: int) -> Path:
    """Writes them as files to ``folder/corpus``."""
    for report_id, text in short_reports(count):
        path = folder / report_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "corpus"


def write_synthetic(folder: Path, count: int, seed: int = 7) -> Path:
    """Writes reports of ``gia-nlp synth`` (all layouts and formats, about 2,500 characters) to ``folder/reports``."""
    from gia_nlp.synthesis import make_reports, write_reports

    write_reports(folder, make_reports(count, seed=seed))
    return folder / "reports"


def save(path: Path, rows: list[dict[str, object]]) -> None:
    """Results as CSV, with the columns of the first row."""
    path.parent.mkdir(exist_ok=True)
    lines = [",".join(rows[0])]
    lines += [",".join(json.dumps(v) if isinstance(v, str) and "," in v else str(v) for v in r.values()) for r in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
