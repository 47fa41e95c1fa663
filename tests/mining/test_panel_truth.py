"""What is mined from a synthetic panel is what was put into it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import pytest

from gia_nlp import mining
from gia_nlp.mining.corpus import Corpus
from gia_nlp.synthesis.panel_plan import CHANCES
from gia_nlp.vocabulary.categories import categories

Gold = dict[str, dict[str, Any]]


def _named(gold: Gold) -> Counter[str]:
    return Counter(c for g in gold.values() for c in g["panel"]["categories"])


def test_shares_are_the_counts(true_panel: Corpus, panel_gold: Gold) -> None:
    frame = mining.recurrence(true_panel).set_index("category")
    named = _named(panel_gold)
    assert dict(frame["named"]) == {c: named[c] for c in categories()}
    assert set(frame["reports"]) == {len(panel_gold)}
    assert ((frame["low"] <= frame["share"]) & (frame["share"] <= frame["high"])).all()
    for row in frame.itertuples():
        assert all(row.Index in panel_gold[i]["panel"]["categories"] for i in row.report_ids)


def test_shares_as_read(read_panel: Corpus, panel_gold: Gold) -> None:
    """The rules miss some points: the true share lies in the interval of most categories all the same."""
    frame = mining.recurrence(read_panel).set_index("category")
    shares = {c: n / len(panel_gold) for c, n in _named(panel_gold).items()}
    inside = sum(frame.loc[c, "low"] <= share <= frame.loc[c, "high"] for c, share in shares.items())
    assert inside >= 14


@pytest.mark.parametrize("which", ["true_panel", "read_panel"])
def test_persistence_is_recovered(which: str, request: pytest.FixtureRequest) -> None:
    frame = mining.persistence(request.getfixturevalue(which)).set_index("category")
    whole = frame.loc["all"]
    # Copiers share a chain with their source, so that there are fewer chains than pairs: the interval is too narrow by some.
    slack = 0.03
    assert whole["low"] - slack < CHANCES.named_again < whole["high"] + slack
    assert whole["begun_low"] - slack < CHANCES.begun < whole["begun_high"] + slack
    assert whole["ratio"] > 3
    inside = (frame["low"] <= CHANCES.named_again) & (CHANCES.named_again <= frame["high"])
    assert inside.drop("all").sum() >= 13


def test_spells_are_the_runs_of_the_chain(true_panel: Corpus, panel_gold: Gold) -> None:
    frame = mining.spells(true_panel)
    assert frame["length"].sum() == sum(_named(panel_gold).values())
    for row in frame.itertuples():
        assert len(row.report_ids) == row.length == row.last_year - row.first_year + 1
        assert all(row.category in panel_gold[i]["panel"]["categories"] for i in row.report_ids)
    survival = mining.spell_survival(true_panel).query("category == 'all'").set_index("length")
    assert survival.loc[1, "low"] - 0.03 < CHANCES.named_again < survival.loc[1, "high"] + 0.03
    assert survival["survival"].is_monotonic_decreasing


def test_promises_kept_are_recovered(true_panel: Corpus, panel_gold: Gold) -> None:
    whole = mining.promise_rates(true_panel).iloc[0]
    assert whole["category"] == "all"
    assert whole["low"] < CHANCES.promise_kept < whole["high_by_category"]
    frame = mining.promises(true_panel)
    assert Counter(frame["verdict"])["no_report"] > 0
    for row in frame[frame["next_item_id"].notna()].itertuples():
        assert row.next_item_id.startswith(row.next_report_id + "#")
    judged = frame[frame["verdict"].isin(["kept", "kept_by_category", "not_told", "nothing_told"])]
    right = Counter(
        (row.verdict in ("kept", "kept_by_category"), panel_gold[row.next_report_id]["panel"]["kept"].get(row.categories[0], False))
        for row in judged.itertuples()
    )  # fmt: skip
    assert right[True, True] > 0.98 * (right[True, True] + right[False, True])
    assert right[False, False] > 0.95 * (right[False, False] + right[True, False])


def test_promises_as_read_are_promises_kept(read_panel: Corpus, panel_gold: Gold) -> None:
    """What the rules miss looks broken; what is called kept was kept."""
    frame = mining.promises(read_panel)
    kept = frame[frame["verdict"] == "kept"]
    right = sum(
        any(panel_gold[r.next_report_id]["panel"]["kept"].get(c) for c in r.categories) for r in kept.itertuples()
    )
    assert len(kept) > 100 and right > 0.95 * len(kept)


def test_problems_without_remedies(true_panel: Corpus, panel_gold: Gold) -> None:
    frame = mining.unanswered_problems(true_panel)
    expected = {
        f"{name}#i{n}"
        for name, g in panel_gold.items()
        for n, i in enumerate(g["items"], 1)
        if i["kind"] == "problem" and i["when"] == "current" and not i["remedies"]
    }
    assert set(frame["item_id"]) == expected
    whole = mining.unanswered_rates(true_panel).iloc[0]
    assert whole["unanswered"] == len(expected) and whole["problems"] == sum(_named(panel_gold).values())
    assert whole["low"] < 1 - CHANCES.answered < whole["high"] + 0.03


def test_repetition_is_recovered(true_panel: Corpus, panel_gold: Gold) -> None:
    frame = mining.repetition(true_panel)
    share = (frame["repeated"] - frame["problem_repeated"]) / (frame["sentences"] - frame["problem_sentences"])
    truth = pd.Series([g["repeated"] / g["sentences"] for i in frame["report_id"] for g in [panel_gold[i]["panel"]]])
    assert abs(share.mean() - truth.mean()) < 0.06
    assert share.corr(truth) > 0.8
    some = frame.sort_values("share").iloc[-1]
    shown = mining.repeated_sentences(true_panel, some["report_id"])
    assert (shown["kind"] == "exact").sum() == some["repeated"] and len(shown) == some["sentences"]
    text = true_panel.sql("SELECT text FROM texts WHERE report_id = ?", [some["report_id"]])["text"][0]
    assert all(text[r.start_char : r.end_char] == r.quote for r in shown.itertuples())


@pytest.mark.parametrize("which", ["true_panel", "read_panel"])
def test_copies_are_found(which: str, panel_gold: Gold, request: pytest.FixtureRequest) -> None:
    frame = mining.copies(request.getfixturevalue(which))
    told = {name: g["panel"] for name, g in panel_gold.items()}
    origin = {g["agency"]: g["copied_from"] or g["agency"] for g in told.values()}
    pairs = {
        (told[a]["agency"], told[b]["agency"])
        for a, b in zip(frame["report_id"], frame["other_report_id"], strict=True)
    }
    assert all(origin[a] == origin[b] for a, b in pairs), "only those that copy, or copy from one source"
    copiers = {(g["agency"], g["copied_from"]) for g in told.values() if g["copied_from"]}
    found = {frozenset(p) for p in pairs}
    assert copiers and sum(frozenset(c) in found for c in copiers) >= 0.8 * len(copiers)
    assert frame["same_region"].all() and (frame["year"] == frame["other_year"]).all()
    assert (frame["similarity"] >= 0.6).all() and (frame["aligned"] > 0.6).all()
    assert all(len(x) >= 4 for x in frame["longest"])


def test_families_are_places_with_copiers(true_panel: Corpus, panel_gold: Gold) -> None:
    frame = mining.families(true_panel, least=2)
    told = {name: g["panel"] for name, g in panel_gold.items()}
    for row in frame.itertuples():
        places = {told[i]["place"] for i in row.report_ids}
        assert len(places) == 1 and row.area_share == 1.0 and row.agencies >= 2
    copied = {g["place"] for g in told.values() if g["copied_from"]}
    assert {told[i]["place"] for ids in frame["report_ids"] for i in ids} == copied


def test_the_alignment_stands_in_both_texts(true_panel: Corpus) -> None:
    pair = mining.copies(true_panel, limit=3).iloc[0]
    texts = [
        true_panel.sql("SELECT text FROM texts WHERE report_id = ?", [i])["text"][0]
        for i in pair[["report_id", "other_report_id"]]
    ]
    blocks = mining.alignment(true_panel, pair["report_id"], pair["other_report_id"])
    assert len(blocks)
    for row in blocks.itertuples():
        assert (
            texts[0][row.start_char : row.end_char] == row.quote == texts[1][row.other_start_char : row.other_end_char]
        )
        assert row.characters == len(row.quote) >= 6


def test_leftovers_are_found(true_panel: Corpus, panel_gold: Gold) -> None:
    planted = {name: g["panel"]["leftover"] for name, g in panel_gold.items() if g["panel"]["leftover"]}
    frame = mining.leftovers(true_panel)
    found = {row.report_id: row for row in frame.itertuples()}
    assert len(planted) >= 5
    assert len(set(found) & set(planted)) >= 0.85 * len(planted)
    assert len(set(found) - set(planted)) <= 1
    for name in set(found) & set(planted):
        assert found[name].belongs_to == planted[name]["of"]
        text = true_panel.sql("SELECT text FROM texts WHERE report_id = ?", [name])["text"][0]
        assert text[found[name].start_char : found[name].end_char] == found[name].quote
        assert found[name].quote in planted[name]["quote"]


def test_contradictions_are_found_with_both_quotes(read_panel: Corpus, panel_gold: Gold) -> None:
    planted = {name: g["panel"]["contradiction"] for name, g in panel_gold.items() if g["panel"]["contradiction"]}
    frame = mining.contradictions(read_panel).query("indicator == 'requests_received'")
    assert len(planted) >= 8
    assert set(frame["report_id"]) == set(planted)
    for row in frame.itertuples():
        assert (row.prose_value, row.table_value) == (planted[row.report_id]["prose"], planted[row.report_id]["table"])
        text = read_panel.sql("SELECT text FROM texts WHERE report_id = ?", [row.report_id])["text"][0]
        assert text[int(row.prose_start_char) : int(row.prose_end_char)] == row.prose_quote
        assert text[row.table_start_char : row.table_end_char] == row.table_quote
        assert row.prose_quote in row.prose_sentence and row.fact_id.startswith(f"{row.report_id}#f")


def test_series_go_over_the_forms(read_panel: Corpus, panel_gold: Gold) -> None:
    frame = mining.series(read_panel, indicators=["applications_received", "training_sessions"])
    received = frame[frame["indicator"] == "applications_received"].set_index("report_id")
    seen = Counter[str]()
    for name, g in panel_gold.items():
        tables, row = g["tables"], received.loc[name]
        seen[g["meta"]["form"]] += 1
        if "requests" in tables:
            assert row["value"] == tables["requests"]["received.total"]
            assert row["source_column"] == "cell_requests_received_total"
        elif "statistics" in tables:
            assert row["value"] == tables["statistics"]["applications_received.year"]
            assert row["source_column"] == "cell_statistics_applications_received_year"
    assert set(seen) == {"statistics", "2019", "2021"}
    trained = frame[frame["indicator"] == "training_sessions"]
    by_form = trained.dropna(subset="value").groupby("form")["source_column"].unique()
    assert set(by_form["2021"]) == {"answer_training_sessions"}
    assert "cell_statistics_training_sessions_year" in by_form["statistics"]
    assert trained[trained["source_column"] == "answer_training_sessions"]["fact_id"].notna().all()
    assert set(trained[trained["value"].isna()]["gap"]) == {"not_stated"}
    wide = mining.panel(read_panel)
    assert len(wide) == len(panel_gold) and not wide["gap"].any()
    assert wide["applications_received"].sum() == received["value"].sum()


def test_an_agency_that_was_renamed_is_one_and_a_new_one_is_another(true_panel: Corpus, panel_gold: Gold) -> None:
    wide = mining.panel(true_panel).set_index("report_id")
    by_key: dict[str, set[str]] = {}
    for name, g in panel_gold.items():
        by_key.setdefault(g["panel"]["agency"], set()).add(wide.loc[name, "agency_id"])
    assert all(len(ids) == 1 for ids in by_key.values())
    assert len({next(iter(ids)) for ids in by_key.values()}) == len(by_key)


def test_quality_can_be_recomputed(read_panel: Corpus) -> None:
    from gia_nlp.mining.scoring import WEIGHTS

    frame = mining.quality(read_panel)
    assert len(frame) == 240 and frame["score"].between(0, 100).all()
    assert all(name in frame.attrs["formula"] for name in WEIGHTS)
    for row in frame.sample(20, random_state=1).to_dict("records"):
        components = {
            "cells_filled": (row["cells_printed"], row["cells_printed"] + row["cells_empty"]),
            "sums_hold": (row["sums_held"], row["sums_held"] + row["sums_failed"]),
            "prose_agrees": (row["prose_held"], row["prose_held"] + row["prose_failed"]),
            "years_agree": (row["years_held"], row["years_held"] + row["years_failed"]),
            "figures_stated": (row["figures_found"], 8),
            "problems_named": (int(row["problems"] > 0), 1),
            "problems_answered": (row["problems_with_remedy"], row["problems"]),
            "promises_told": (row["promises_kept"], row["promises"]),
            "own_words": (row["sentences_compared"] - row["sentences_repeated"], row["sentences_compared"]),
        }
        shares = {name: part / whole for name, (part, whole) in components.items() if whole}
        assert row["score"] == pytest.approx(100 * sum(shares.values()) / len(shares))
        assert all(
            pd.isna(row[name]) if name not in shares else row[name] == pytest.approx(shares[name]) for name in WEIGHTS
        )
    heavy = mining.quality(read_panel, weights={"prose_agrees": 5.0})
    failing = frame["prose_agrees"] < frame["score"] / 100
    assert (heavy["score"][failing] < frame["score"][failing]).all()


def test_nothing_is_associated_where_nothing_was_put(read_panel: Corpus) -> None:
    frame = mining.association(read_panel)
    assert len(frame) > 200
    assert (frame["q_value"] < 0.05).mean() < 0.02
    assert ((frame["low"] <= frame["effect"]) & (frame["effect"] <= frame["high"])).all()
    ready = mining.regression_frame(read_panel)
    assert len(ready) == 240 and ready["last_problem_coverage"].isna().sum() == ready.groupby("agency_id").ngroups
