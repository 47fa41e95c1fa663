"""Words for where things are published, visited or followed, loaded from ``data/channels.yaml``."""

from __future__ import annotations

import re
from functools import cache

from gia_nlp.vocabulary.loader import load_yaml


@cache
def channel_pattern() -> re.Pattern[str]:
    """One group a channel, ``none`` for words that name none.

    >>> channel_pattern().search("在县政府门户网站").lastgroup
    'website'
    """
    return re.compile("|".join(f"(?P<{name}>{words})" for name, words in load_yaml("channels").items()))


@cache
def everywhere_pattern() -> re.Pattern[str]:
    """Words for all channels together."""
    return re.compile("各端|各平台|全平台|全网|各渠道|全媒体|各账号")
