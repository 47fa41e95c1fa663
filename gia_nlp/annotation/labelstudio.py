"""Label Studio: tasks with everything a fact, a problem or a remedy has as fields of its region.

Offsets are code points, which is what Label Studio has counted since it shows text line by line (its editor turns
JavaScript's UTF-16 offsets into code points before it saves). Old versions did not: on the way back each region's own text
tells which count was used.

>>> from gia_nlp.annotation.records import GoldFact
>>> document = GoldDocument("one", "专职人员3名。", facts=(GoldFact("staff", 3.0, 4, 6, "3名", unit="名"),))
>>> task = to_task(document)
>>> task["annotations"][0]["result"][0]["value"]
{'start': 4, 'end': 6, 'text': '3名', 'labels': ['staff']}
>>> from_task(task) == document
True
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import quoteattr

from gia_nlp.annotation.carrying import Notes, Returned, Utf16, carry, restore, unveil, veil
from gia_nlp.annotation.reading import read_fact
from gia_nlp.annotation.records import BOUNDS, PERIODS, STATUSES, GoldDocument, GoldError, GoldFact, GoldItem
from gia_nlp.records import Change

CANNOT_HOLD = (
    "Label Studio holds every mark with its attributes. Facts and items without a place in the text, sections and table cells "
    "travel along unseen and cannot be edited there. Scores come back empty: what a person has confirmed has none."
)
REMEDIED_BY = "remedied_by"
NONE_REPORTED = "none_reported"
Result = dict[str, Any]


# --------------------------------------------------------------------------- out


def to_task(document: GoldDocument) -> dict[str, Any]:
    """A task: ``data`` with the text, and the marks as an annotation, or as a prediction if a program made them."""
    shown, hidden = veil(document.text)
    results: list[Result] = []
    for i, fact in enumerate(document.facts or ()):
        if fact.start is not None:
            results += _fact_results(f"f{i}", fact, shown)
    for i, item in enumerate(document.items or ()):
        if item.start is not None:
            results += _item_results(f"i{i}", item, shown)
    results += _relations(document.items or ())
    if document.none_reported:
        results.append(_field("report", "report", "choices", {"choices": [NONE_REPORTED]}))
    carried = carry(document, hidden)
    more = {f"f{i}": fact.more for i, fact in enumerate(document.facts or ()) if fact.more}
    more.update({f"i{i}": item.more for i, item in enumerate(document.items or ()) if item.more})
    carried["more"] = more
    task: dict[str, Any] = {"data": {"id": document.id, "text": shown, "gia_nlp": carried}}
    if document.predicted:
        scores = [m.score for m in document.marks if m.score is not None]
        prediction: dict[str, Any] = {"model_version": "gia_nlp", "result": results}
        if scores:
            prediction["score"] = round(min(1.0, max(0.0, sum(scores) / len(scores))), 4)
        task["predictions"] = [prediction]
    else:
        task["annotations"] = [{"result": results, "ground_truth": True}]
    return task


def _field(id: str, name: str, kind: str, value: dict[str, Any]) -> Result:
    return {"id": id, "from_name": name, "to_name": "text", "type": kind, "value": value}


def _shown(text: str) -> str:
    """A region's text as Label Studio writes it: a line end as the two characters ``\\n``."""
    return text.replace("\n", "\\n")


class _Region:
    """The results of one region: the label, then a result for each attribute that has a value."""

    def __init__(self, id: str, start: int, end: int, text: str, label: str, score: float | None) -> None:
        self.id, self.place = id, {"start": start, "end": end}
        first = _field(id, "label", "labels", {**self.place, "text": _shown(text[start:end]), "labels": [label]})
        if score is not None:
            first["score"] = score
        self.results: list[Result] = [first]

    def choices(self, name: str, *chosen: str) -> None:
        if chosen:
            self.results.append(_field(self.id, name, "choices", {**self.place, "choices": list(chosen)}))

    def number(self, name: str, value: float | None) -> None:
        if value is not None:
            self.results.append(_field(self.id, name, "number", {**self.place, "number": value}))

    def words(self, name: str, value: str | None) -> None:
        if value is not None:
            self.results.append(_field(self.id, name, "textarea", {**self.place, "text": [value]}))


def _fact_results(id: str, fact: GoldFact, text: str) -> list[Result]:
    assert fact.start is not None and fact.end is not None
    region = _Region(id, fact.start, fact.end, text, fact.indicator, fact.score)
    region.number("value", fact.value)
    region.number("value_max", fact.value_max)
    region.choices("bound", fact.bound)
    region.words("unit", fact.unit)
    region.choices("channel", fact.channel)
    region.choices("period", fact.period)
    region.words("topic", fact.topic)
    if fact.change is not None:
        region.number("change_value", fact.change.value)
        region.words("change_unit", fact.change.unit)
        region.choices("change_direction", fact.change.direction)
    return region.results


def _item_results(id: str, item: GoldItem, text: str) -> list[Result]:
    assert item.start is not None and item.end is not None
    region = _Region(id, item.start, item.end, text, item.kind, item.score)
    region.choices("status", item.when)
    region.choices("categories", *item.categories)
    return region.results


def _relations(items: Iterable[GoldItem]) -> list[Result]:
    listed = list(items)
    return [
        {"type": "relation", "from_id": f"i{i}", "to_id": f"i{r}", "direction": "right", "labels": [REMEDIED_BY]}
        for i, item in enumerate(listed)
        for r in item.remedies
        if item.start is not None and listed[r].start is not None
    ]


# --------------------------------------------------------------------------- back


def from_task(task: Any, *, notes: Notes | None = None, where: str = "task") -> GoldDocument | None:
    """The document of an exported task (format JSON), ``None`` if nobody annotated it.

    Of several annotations the one marked as ground truth counts, else the last one changed. Raises :class:`GoldError`, naming
    the task, for a label that the vocabulary does not have or data that was changed.
    """
    notes = notes if notes is not None else Notes()
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict) or "text" not in task["data"]:
        raise GoldError(f"{where}: no task of Label Studio with a text", hint="export as JSON, not as JSON-MIN or CSV")
    data = task["data"]
    where = str(data.get("id") or f"task-{task.get('id', where)}")
    annotation = _chosen(task.get("annotations") or (), notes)
    if annotation is None:
        return None
    shown = data["text"]
    carried = data.get("gia_nlp")
    text = unveil(shown, (carried or {}).get("hidden", ()))
    regions, relations, reported = _regions(annotation.get("result") or ())
    returned = Returned()
    position: dict[str, int] = {}
    more = (carried or {}).get("more", {})
    for region in regions.values():
        start, end = _offsets(region, shown, where, notes)
        if region.label in STATUSES:
            position[region.id] = len(returned.items)
            item = replace(_item(region, text, start, end), more=more.get(region.id, {}))
            returned.items.append((_index(region.id, "i"), item))
        else:
            fact = _fact(region, text, start, end, where, notes)
            if fact is not None:
                returned.facts.append((_index(region.id, "f"), replace(fact, more=more.get(region.id, {}))))
    for one, other in relations:
        if one in position and other in position:
            pair = (position[one], position[other])
            if returned.items[pair[0]][1].kind == "remedy":
                pair = (pair[1], pair[0])  # drawn from the remedy to its problem
            returned.remedies.append(pair)
        else:
            notes.add("relations between other things than problems and remedies, left out")
    document = restore(shown, carried, returned, where)
    known = document.none_reported is not None
    return replace(document, none_reported=reported if known or reported else None)


def _chosen(annotations: Iterable[Any], notes: Notes) -> dict[str, Any] | None:
    usable = [a for a in annotations if isinstance(a, dict) and not a.get("was_cancelled")]
    if len(usable) > 1:
        notes.add("tasks with several annotations: the ground truth, else the last one changed was taken")
    return max(
        enumerate(usable),
        key=lambda e: (bool(e[1].get("ground_truth")), str(e[1].get("updated_at") or ""), e[0]),
        default=(0, None),
    )[1]


@dataclass(slots=True)
class _Found:
    id: str
    label: str = ""
    start: int = 0
    end: int = 0
    text: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)


def _regions(results: Iterable[Any]) -> tuple[dict[str, _Found], list[tuple[str, str]], bool]:
    found: dict[str, _Found] = {}
    relations: list[tuple[str, str]] = []
    reported = False
    for result in results:
        kind, value = result.get("type"), result.get("value") or {}
        if kind == "relation":
            relations.append((str(result.get("from_id")), str(result.get("to_id"))))
        elif result.get("from_name") == "report":
            reported = NONE_REPORTED in value.get("choices", ())
        elif "start" in value:
            region = found.setdefault(str(result["id"]), _Found(str(result["id"])))
            if kind == "labels":
                region.label = (value.get("labels") or [""])[0]
                region.start, region.end = int(value["start"]), int(value["end"])
                region.text = value.get("text") if isinstance(value.get("text"), str) else None
            else:
                region.fields[str(result.get("from_name"))] = value
    return {k: r for k, r in found.items() if r.label}, relations, reported


def _offsets(region: _Found, text: str, where: str, notes: Notes) -> tuple[int, int]:
    start, end = region.start, region.end
    if region.text is not None and _shown(text[start:end]) != region.text:
        units = Utf16(text)
        try:
            other = units.to_points(start), units.to_points(end)
        except IndexError:
            other = start, end
        if _shown(text[slice(*other)]) == region.text:
            notes.add("regions counted in UTF-16, as old versions do")
            return other
        notes.add("regions whose own text is not what stands at their offsets: the offsets were taken")
    if not 0 <= start < end <= len(text):
        raise GoldError(
            f"{where}: region {region.id} reaches from {start} to {end}, the text has {len(text)} characters"
        )
    return start, end


def _index(id: str, letter: str) -> int | None:
    return int(id[1:]) if id[:1] == letter and id[1:].isdigit() else None


def _choice(region: _Found, name: str, allowed: Iterable[str], default: str) -> str:
    chosen = (region.fields.get(name) or {}).get("choices") or [default]
    return chosen[0] if chosen[0] in allowed else default


def _words(region: _Found, name: str) -> str | None:
    value = (region.fields.get(name) or {}).get("text")
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, str) and value else None


def _number(region: _Found, name: str) -> float | None:
    value = (region.fields.get(name) or {}).get("number")
    return None if value is None else float(value)


def _item(region: _Found, text: str, start: int, end: int) -> GoldItem:
    allowed = STATUSES[region.label]
    categories = (region.fields.get("categories") or {}).get("choices") or []
    return GoldItem(
        region.label, _choice(region, "status", allowed, allowed[0]), start, end, text[start:end], tuple(categories)
    )


def _fact(region: _Found, text: str, start: int, end: int, where: str, notes: Notes) -> GoldFact | None:
    from gia_nlp.vocabulary.indicators import indicators

    if region.label not in indicators():
        raise GoldError(
            f"{where}: no indicator or kind of item is called {region.label}",
            hint="if it is yours, give the vocabulary that has it with --vocabulary",
        )
    read = read_fact(region.label, text, start, end)
    value = _number(region, "value")
    if value is None:
        if read is None:
            notes.add("facts without a value and without a number in their words, left out")
            return None
        notes.add("facts without a value: it was read from their words")
        fact = read
    else:
        fact = GoldFact(region.label, value, start, end, text[start:end], _number(region, "value_max"))
    if "bound" in region.fields:
        fact = replace(fact, bound=_choice(region, "bound", BOUNDS, fact.bound))
    direction = _choice(region, "change_direction", ("up", "down"), "")
    change = Change(_number(region, "change_value"), _words(region, "change_unit"), direction) if direction else None
    return replace(
        fact,
        unit=_words(region, "unit") if value is not None else _words(region, "unit") or fact.unit,
        channel=_choice(region, "channel", _channels(), "all"),
        period=_choice(region, "period", PERIODS, "current"),
        topic=_words(region, "topic"),
        change=change,
    )


def _channels() -> tuple[str, ...]:
    from gia_nlp.vocabulary.loader import load_yaml

    return ("all", *(name for name in load_yaml("channels") if name != "none"))


# --------------------------------------------------------------------------- the labelling interface


def labelling_config() -> str:
    """The project's labelling configuration (XML) for these tasks: one label an indicator or kind, the fields of each."""
    from gia_nlp.vocabulary.categories import categories
    from gia_nlp.vocabulary.colours import colours
    from gia_nlp.vocabulary.indicators import indicators

    colour = colours()
    facts = ",".join(indicators())

    def labels(names: Iterable[tuple[str, str]]) -> list[str]:
        return [
            f"      <Label value={quoteattr(name)} hint={quoteattr(zh)} background={quoteattr(colour[name])}/>"
            for name, zh in names
        ]

    def choices(
        name: str, values: Iterable[tuple[str, str]], of: str, *, several: bool = False, title: str
    ) -> list[str]:
        kind = "multiple" if several else "single-radio"
        return [
            f'    <Choices name="{name}" toName="text" perRegion="true" choice="{kind}" showInline="true" '
            f'visibleWhen="region-selected" whenTagName="label" whenLabelValue="{of}">',
            f'      <Header size="6" value={quoteattr(title)}/>',
            *(f"      <Choice value={quoteattr(v)} hint={quoteattr(zh)}/>" for v, zh in values),
            "    </Choices>",
        ]

    def boxed(tag: str, name: str, title: str) -> list[str]:
        more = ' maxSubmissions="1" editable="true"' if tag == "TextArea" else ""
        return [
            f'    <View visibleWhen="region-selected" whenTagName="label" whenLabelValue="{facts}">',
            f'      <Header size="6" value={quoteattr(title)}/>',
            f'      <{tag} name="{name}" toName="text" perRegion="true"{more}/>',
            "    </View>",
        ]

    def same(values: Iterable[str]) -> list[tuple[str, str]]:
        return [(v, v) for v in values]

    lines = [
        "<View>",
        f'  <Relations>\n    <Relation value="{REMEDIED_BY}"/>\n  </Relations>',
        '  <Labels name="label" toName="text" showInline="true">',
        *labels([("problem", "问题"), ("remedy", "改进"), *((i.id, i.zh) for i in indicators().values())]),
        "  </Labels>",
        '  <Text name="text" value="$text" granularity="symbol" saveTextResult="yes"/>',
        '  <Choices name="report" toName="text" choice="multiple" showInline="true">',
        f'    <Choice value="{NONE_REPORTED}" hint="本报告称无问题"/>',
        "  </Choices>",
        '  <View style="border-top: 1px solid #ccc; padding-top: 0.5em">',
        *boxed("Number", "value", "value 数值"),
        *boxed("Number", "value_max", "value_max 上限"),
        *choices("bound", same(BOUNDS), facts, title="bound"),
        *boxed("TextArea", "unit", "unit 单位"),
        *choices("channel", same(_channels()), facts, title="channel 渠道"),
        *choices("period", same(PERIODS), facts, title="period 时期"),
        *boxed("TextArea", "topic", "topic 限定"),
        *boxed("Number", "change_value", "change 增减"),
        *boxed("TextArea", "change_unit", "change unit"),
        *choices("change_direction", same(("up", "down")), facts, title="change direction"),
        *choices(
            "status",
            same(dict.fromkeys(s for v in STATUSES.values() for s in v)),
            "problem,remedy",
            title="status 时态",
        ),
        *choices(
            "categories",
            [(c.id, c.zh) for c in categories().values()],
            "problem,remedy",
            several=True,
            title="categories 类别",
        ),
        "  </View>",
        "</View>",
    ]
    return "\n".join(lines) + "\n"
