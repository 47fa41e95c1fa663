"""Which leaves of a page are the report.

Going down from the body, an element is entered as long as one of its children holds nearly all of the running text and
nothing that is left behind could belong to the report: in doubt, more is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from gia_nlp.reading.html_leaves import Leaf, Leaves
from gia_nlp.reading.html_nodes import Nodes
from gia_nlp.text.lines import starts_unit
from gia_nlp.vocabulary.web_pages import WebPages

_SENTENCE = re.compile(r"[。；，]")
_NUMBER_CELL = re.compile(r"[\d０-９.,，]{1,12}$")
_DATE_LINE = re.compile(
    r"\s*[\d〇○零一二三四五六七八九十]{2,4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?\s*$"
)
_AGENCY_LINE = re.compile(
    r"[\u4e00-\u9fff　 （）()]{3,40}(?:政府|局|委|委员会|办公室|厅|部|院|会|中心|站|所|队|处|社|行|校|园|公司|集团)$"
)
_STRONG = 20
_SHARE = 0.6


def find_article(nodes: Nodes, page: Leaves, body: int, words: WebPages, title: str | None) -> list[Leaf]:
    """The leaves of the report, in order.

    ``title`` is the page's own title: where it stands alone above the article it is known already and does not widen
    the choice.
    """
    leaves = page.leaves
    weights = [_weight(leaf, words) for leaf in leaves]
    sums = [0, *accumulate(weights)]
    total = sums[-1]
    start, end = page.ranges[body]
    element = body
    if total:
        while True:
            child = _main_child(nodes, element, page, sums, total)
            if child is None:
                break
            i, j = page.ranges[child]
            before = _side_belongs(leaves[start:i], weights[start:i], words, title, False)
            after = _side_belongs(leaves[j:end], weights[j:end], words, title, True)
            if before or after or (nodes.attributes(element).container and (i, j) != (start, end)):
                break
            element, start, end = child, i, j
    return _trimmed(leaves[start:end], weights[start:end], words)


def _main_child(nodes: Nodes, element: int, page: Leaves, sums: Sequence[int], total: int) -> int | None:
    for child in nodes.children(element):
        if child not in page.ranges:
            continue
        i, j = page.ranges[child]
        if sums[j] - sums[i] >= _SHARE * total and not (j - i == 1 and not page.leaves[i].cells):
            return child
    return None


def is_metadata(leaf: Leaf, words: WebPages) -> bool:
    """A table of the page's metadata: index number, publisher, date."""
    labels = ("".join(c.text.split()).rstrip(":：") for c in leaf.cells)
    return sum(1 for label in labels if label in words.metadata_labels) >= 2


def _mostly_links(leaf: Leaf) -> bool:
    size = sum(len(c.text) for c in leaf.cells) if leaf.cells else len(leaf.text)
    return leaf.linked * 2 > size


def _weight(leaf: Leaf, words: WebPages) -> int:
    """Length of what is surely running text or a table of figures, else 0."""
    if leaf.chrome or _mostly_links(leaf):
        return 0
    if leaf.cells:
        filled = [c.text for c in leaf.cells if c.text]
        return sum(map(len, filled)) if len(filled) >= 4 and not is_metadata(leaf, words) else 0
    if len(leaf.text) < _STRONG or not _SENTENCE.search(leaf.text) or words.chrome_line.match(leaf.text):
        return 0
    if not leaf.contained and words.contact_line.match(leaf.text):
        return 0
    return len(leaf.text) - leaf.linked


def _side_belongs(
    leaves: Sequence[Leaf], weights: Sequence[int], words: WebPages, title: str | None, behind: bool
) -> bool:
    """Whether what stands before or behind the best child may be part of the report."""
    if any(_belongs(leaf, words, title, behind) for leaf, weight in zip(leaves, weights, strict=True) if not weight):
        return True
    strong = [leaf for leaf, weight in zip(leaves, weights, strict=True) if weight]
    # Other articles stand in a side column as linked titles with a sentence each.
    teasers = sum(1 for leaf in leaves if _mostly_links(leaf)) >= len(strong)
    return bool(strong) and not (teasers and not any(_speaks_of_disclosure(leaf, words) for leaf in strong))


def _speaks_of_disclosure(leaf: Leaf, words: WebPages) -> bool:
    texts = [c.text for c in leaf.cells] if leaf.cells else [leaf.text]
    return any(words.signal.search(text) or starts_unit(text) for text in texts)


def _belongs(leaf: Leaf, words: WebPages, title: str | None, behind: bool) -> bool:
    """Whether a short line or a small table outside the best child may be part of the report."""
    if leaf.chrome or _mostly_links(leaf):
        return False
    if leaf.cells:
        return sum(1 for c in leaf.cells if _NUMBER_CELL.match(c.text)) >= 2 and not is_metadata(leaf, words)
    text = leaf.text
    if words.chrome_line.match(text) or words.contact_line.match(text) or (title and _same(text, title)):
        return False
    if starts_unit(text) and len(text) > 3:
        return True
    return behind and bool(_DATE_LINE.match(text) or _AGENCY_LINE.match(text))


def _same(text: str, title: str) -> bool:
    one, two = "".join(text.split()), "".join(title.split())
    return one == two or (len(one) > 8 and (one in two or two in one))


def _trimmed(leaves: list[Leaf], weights: list[int], words: WebPages) -> list[Leaf]:
    """Without chrome, and without the lines of links and metadata at the edges."""
    kept = [(x, w) for x, w in zip(leaves, weights, strict=True) if x.contained or not x.chrome]
    core = [i for i, (x, w) in enumerate(kept) if w or (not x.cells and starts_unit(x.text) and not _mostly_links(x))]
    if not core:
        return [x for x, _ in kept if not words.chrome_line.match(x.text) or x.cells] or [x for x, _ in kept]
    first, last = core[0], core[-1]

    def edge(leaf: Leaf) -> bool:
        if leaf.cells:
            return is_metadata(leaf, words) or _mostly_links(leaf)
        return bool(words.chrome_line.match(leaf.text)) or _mostly_links(leaf)

    result = [x for i, (x, _) in enumerate(kept) if first <= i <= last or not edge(x)]
    return _without_link_lists(result)


def _without_link_lists(leaves: list[Leaf]) -> list[Leaf]:
    """Drops runs of three and more linked lines, as lists of other articles are; known containers keep theirs."""
    result: list[Leaf] = []
    run: list[Leaf] = []
    for leaf in [*leaves, None]:
        if leaf is not None and not leaf.contained and not leaf.cells and _mostly_links(leaf):
            run.append(leaf)
            continue
        if len(run) < 3:
            result.extend(run)
        run = []
        if leaf is not None:
            result.append(leaf)
    return result
