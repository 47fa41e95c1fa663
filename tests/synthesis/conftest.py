"""Reports for the tests of synthesis, made once."""

from __future__ import annotations

import pytest

from gia_nlp.synthesis import Synthetic, make_reports


@pytest.fixture(scope="session")
def drawn() -> list[Synthetic]:
    """Reports in layouts as they are drawn."""
    return list(make_reports(120, seed=11))
