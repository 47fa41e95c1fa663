"""Makes the pipelines that ship, from the package's vocabulary and ``data/`` alone.

``python models/build.py`` writes, beside this file, ``zh_gia_rules`` (rules alone) and ``zh_gia`` (rules and models, trained by the
configurations in ``configs/``); ``python models/build.py zh_gia_rules`` only the one that is named. The same data give the same bytes.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from gia_nlp.facts.model import FactModel
from gia_nlp.learning.tasks import tasks, train
from gia_nlp.pipeline import DEFAULT, RULES, build
from gia_nlp.problems.models import ItemModels

FOLDER = Path(__file__).parent


def rules(target: Path) -> None:
    """The pipeline without models."""
    build(RULES).to_disk(target)


def rules_and_models(target: Path) -> None:
    """The default pipeline; the models' cards go into its folder ``cards``."""
    with TemporaryDirectory() as name:
        trained = {task: Path(name) / task for task in tasks()}
        for task, folder in trained.items():
            begin = time.perf_counter()
            for score in train(task, FOLDER / "configs" / f"{task}.cfg", folder):
                print(f"{task}: {score}")
            print(f"{task}: trained in {time.perf_counter() - begin:.0f} s")
        items = ItemModels.from_disk(trained["items"]).with_others(ItemModels.from_disk(trained["categories"]))
        build(DEFAULT, facts=FactModel.from_disk(trained["facts"]), items=items).to_disk(target)
        for task, folder in trained.items():
            for file in ("README.md", "card.json"):
                (target / "cards" / task).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / file, target / "cards" / task / file)


BUILDS = {RULES: rules, DEFAULT: rules_and_models}


def main(names: list[str]) -> None:
    """Writes the pipelines that are named, or all."""
    for name in names or BUILDS:
        target = FOLDER / name
        with TemporaryDirectory(
            dir=FOLDER, prefix=".build-"
        ) as scratch:  # the old one serves until the new one is there
            made = Path(scratch) / name
            BUILDS[name](made)
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
        print(target)


if __name__ == "__main__":
    main(sys.argv[1:])
