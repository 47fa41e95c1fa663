"""Makes the pipelines that ship: ``python models/build.py`` writes ``models/zh_gia_rules`` from the package's own data."""

from __future__ import annotations

import shutil
from pathlib import Path

from gia_nlp.pipeline import PIPELINE_NAME, build


def main(folder: Path = Path(__file__).parent) -> Path:
    """Writes the default pipeline into ``folder`` and returns its path."""
    target = folder / PIPELINE_NAME
    shutil.rmtree(target, ignore_errors=True)
    build().to_disk(target)
    return target


if __name__ == "__main__":
    print(main())
