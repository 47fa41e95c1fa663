import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.language.tokenizer import JiebaTokenizer

CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "gia_nlp.JiebaTokenizer.v1"}}}


def blank() -> spacy.language.Language:
    import gia_nlp.language.tokenizer  # noqa: F401

    return spacy.blank("zh", config=CONFIG)


def words(nlp: spacy.language.Language, text: str) -> list[str]:
    return [t.text for t in nlp.make_doc(text)]


def test_words_belong_to_the_instance() -> None:
    one, two = blank(), blank()
    one.tokenizer.add_words(["溪岭发布厅"])
    assert "溪岭发布厅" in words(one, "走进溪岭发布厅直播间")
    assert "溪岭发布厅" not in words(two, "走进溪岭发布厅直播间")


def test_saved_and_loaded(tmp_path: Path) -> None:
    nlp = blank()
    nlp.tokenizer.add_words(["青垄政声"])
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert words(again, "关注青垄政声公众号") == words(nlp, "关注青垄政声公众号")
    assert "青垄政声" in words(again, "关注青垄政声公众号")
    assert isinstance(again.tokenizer, JiebaTokenizer)
    from_bytes = blank().from_bytes(nlp.to_bytes())
    assert words(from_bytes, "关注青垄政声公众号") == words(nlp, "关注青垄政声公众号")


def test_pickled() -> None:
    nlp = blank()
    nlp.tokenizer.add_words(["青垄政声"])
    copy = pickle.loads(pickle.dumps(nlp.tokenizer))
    assert [t.text for t in copy("青垄政声开通")] == words(nlp, "青垄政声开通")


def _in_child(tokenizer: JiebaTokenizer) -> list[str]:
    return [t.text for t in tokenizer("青垄政声开通")]


def test_spawned_process() -> None:
    nlp = blank()
    nlp.tokenizer.add_words(["青垄政声"])
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert "青垄政声" in pool.submit(_in_child, nlp.tokenizer).result(timeout=120)


def test_reference_segmenter_agrees() -> None:
    text = "全年通过政府网站主动公开政府信息312条，办理依申请公开12件，未发生行政复议、行政诉讼。"
    ours, reference = blank(), blank()
    reference.tokenizer = JiebaTokenizer(reference.vocab, ours.tokenizer.words, "jieba")
    assert words(ours, text) == words(reference, text)


def test_unknown_segmenter() -> None:
    with pytest.raises(ValueError, match="rjieba"):
        JiebaTokenizer(blank().vocab, (), "pkuseg")


NLP = None


@settings(deadline=None)
@given(st.text(alphabet="政府信息 公开\t\n\u3000，。12３ab\u200b𠮷", max_size=60))
def test_text_is_kept(text: str) -> None:
    global NLP
    NLP = NLP or blank()
    doc = NLP.make_doc(text)
    assert doc.text == text
