"""The pipeline as a citizen of spaCy: found by its entry points, saved, sent, scored, shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example

import gia_nlp
from gia_nlp import annotation, pipeline
from gia_nlp.components import FACTORIES
from gia_nlp.vocabulary.colours import colours

TEXT = (
    "一、总体情况\n全年通过局网站主动公开信息86条，举办培训2次，访问量4.5万余次。\n"
    "三、收到和处理政府信息公开申请情况\n本年度未收到政府信息公开申请。\n"
    "五、存在的主要问题及改进情况\n一是信息更新不及时；二是培训不足。下一步，将按月更新信息，加强业务培训。\n"
)


def script(code: str, *arguments: str | Path) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_fresh_process_loads_the_saved_pipeline_without_our_import(tmp_path: Path) -> None:
    gia_nlp.load().to_disk(tmp_path / "model")
    code = "import sys, spacy; doc = spacy.load(sys.argv[1])(sys.argv[2]); print([s.text for s in doc.spans['facts']], doc._.facts[0].value)"
    assert script(code, tmp_path / "model", TEXT) == "['86条', '2次', '4.5万余次', '未收到政府信息公开申请'] 86.0\n"


def test_a_fresh_process_loads_the_pipeline_that_ships() -> None:
    folder = pipeline._packaged_model(pipeline.DEFAULT)
    assert folder is not None
    assert script("import sys, spacy; print(spacy.load(sys.argv[1]).pipe_names)", folder) == f"{list(FACTORIES)}\n"


def test_a_blank_pipeline_takes_the_components_by_name() -> None:
    code = "import spacy; n = spacy.blank('zh'); n.add_pipe('gia_facts'); print(n('收到信息公开申请3件。')._.facts[0].value)"
    assert script(code) == "3.0\n"


def test_bytes_hold_the_whole_pipeline() -> None:
    nlp = gia_nlp.load()
    copy = spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())
    one, other = nlp(TEXT), copy(TEXT)
    assert one._.facts == other._.facts and one._.items == other._.items
    assert [t.text for t in one] == [t.text for t in other] and one.cats == other.cats


def test_bytes_from_elsewhere_write_nothing_outside(tmp_path: Path) -> None:
    import srsly

    finder = gia_nlp.load().get_pipe("gia_facts")
    with pytest.raises(ValueError, match="outside"):
        finder.from_bytes(srsly.msgpack_dumps({"../escaped.txt": b"x"}))


def test_a_doc_travels_with_its_records() -> None:
    nlp = gia_nlp.load()
    doc = nlp(TEXT)
    copy = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert copy._.facts == doc._.facts and copy._.items == doc._.items
    assert [(s.start, s.end, s.label_) for s in copy.spans["items"]] == [
        (s.start, s.end, s.label_) for s in doc.spans["items"]
    ]
    (stored,) = DocBin(store_user_data=True, docs=[doc]).get_docs(nlp.vocab)
    assert stored._.facts == doc._.facts and stored._.none_reported is False


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_pipe_with_processes(method: str, tmp_path: Path) -> None:
    code = f"""
import multiprocessing, sys
if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    import gia_nlp
    docs = gia_nlp.load().pipe([f"收到信息公开申请{{n}}件。" for n in range(1, 6)], n_process=2, batch_size=2)
    print([doc._.facts[0].value for doc in docs])
"""
    file = tmp_path / "pipe.py"  # a spawned process imports the script of its parent
    file.write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "[1.0, 2.0, 3.0, 4.0, 5.0]\n", done.stderr


def test_evaluate_scores_spans_and_texts() -> None:
    nlp = gia_nlp.load()
    report = gia_nlp.tag_text(TEXT)
    perfect = nlp.evaluate([annotation.to_example(annotation.from_report(report), nlp)])
    for name in ("spans_facts_f", "spans_items_f", "spans_categories_f", "cats_micro_f"):
        assert perfect[name] == 1.0
    assert perfect["spans_facts_per_type"]["training_sessions"] == {"p": 1.0, "r": 1.0, "f": 1.0}

    wrong = Example.from_dict(
        nlp.make_doc(TEXT), {"spans": {"facts": [(TEXT.index("86条"), TEXT.index("86条") + 3, "meetings")]}}
    )
    scores = nlp.evaluate([wrong])
    assert (scores["spans_facts_p"], scores["spans_facts_r"], scores["spans_facts_f"]) == (0.0, 0.0, 0.0)
    assert scores.get("spans_items_f") is None  # nobody annotated items there


def test_score_weights_cover_what_is_scored() -> None:
    weights = gia_nlp.load().config["training"]["score_weights"]
    assert {name for name, weight in weights.items() if weight} <= {
        f"spans_{k}_f" for k in ("facts", "items", "categories")
    }
    assert gia_nlp.load().analyze_pipes()["problems"] == {name: [] for name in FACTORIES}


def test_examples_annotated_as_gold_are_scored_near_their_scores() -> None:
    root = Path(__file__).resolve().parent.parent
    nlp = gia_nlp.load()
    documents = [
        d for d in annotation.load_gold(root / "data" / "examples") if d.facts and d.facts[0].start is not None
    ]
    scores = nlp.evaluate([annotation.to_example(d, nlp) for d in documents])
    assert scores["spans_facts_f"] > 0.9 and scores["spans_items_f"] > 0.75


def test_displacy_has_our_colours() -> None:
    doc = gia_nlp.load()(TEXT)
    for key, label in (("facts", "training_sessions"), ("items", "remedy"), ("categories", "timeliness")):
        html = displacy.render(doc, style="span", jupyter=False, options={"spans_key": key})
        assert label in html and colours()[label] in html
