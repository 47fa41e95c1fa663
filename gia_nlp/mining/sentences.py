"""The sentences of all reports as hashes: what they are compared by, in the database.

A sentence is what ends with 。！？ or ；. Compared are its letters: numbers, marks, blanks and the marker that opens it are left out,
so that a sentence with this year's count is the one with last year's. Cells, headings and short lines that end without a mark are
none; a line of 24 to 45 characters without a mark is taken for one that a page's width broke, and goes on in the next.
"""

from __future__ import annotations

import re

from gia_nlp.mining.corpus import Corpus

#: Letters below which a sentence says too little to be compared.
SHORT = 8
#: Letters at either end by which a changed sentence is still found.
EDGE = 8
_DIGITS = "0123456789０１２３４５６７８９〇零一二三四五六七八九十百千万亿两"
_MARKS = " 　\r，、：:,.（）()《》〈〉“”\"‘’'【】[]%％—-–~～·•*#/／＋+=①②③④⑤⑥⑦⑧⑨⑩"
#: Words of the statutory tables: what has them is a table that a reader glued to a sentence.
_FORM_WORDS = ("处理决定数量", "勾稽关系", "商业企业科研机构", "结果维持结果纠正", "制发件数")
_ENDS = "。！？；!?;"
_BREAKS = "\n\t|"
_WRAPPED = r"([^\n。！？；：|\t]{24,45})\n([　 ]*[㐀-鿿])"
_SENTENCE = re.compile(f"[^{_ENDS}{re.escape(_BREAKS)}]+(?=[{_ENDS}])")


def add_sentences(corpus: Corpus) -> None:
    """Makes the table ``sentences`` (n, problems, hash, head, tail, size: one row a sentence of every report) once."""
    if "sentences" in corpus.made:
        return
    corpus.need("texts", "sections")
    run = corpus.connection.execute
    run(
        """CREATE TEMP TABLE problem_parts AS SELECT b.n, min(start_char) AS start_char, max(end_char) AS end_char
        FROM sections s JOIN base b USING (report_id) WHERE section = 'problems' GROUP BY b.n"""
    )
    run(
        f"""CREATE TABLE sentences AS
        WITH parts AS (
            SELECT b.n, false AS problems, CASE WHEN p.n IS NULL THEN t.text ELSE
                substring(t.text, 1, p.start_char) || '\n' || substring(t.text, p.end_char + 1) END AS text
            FROM texts t JOIN base b USING (report_id) LEFT JOIN problem_parts p USING (n)
            UNION ALL
            SELECT b.n, true, substring(t.text, p.start_char + 1, p.end_char - p.start_char)
            FROM texts t JOIN base b USING (report_id) JOIN problem_parts p USING (n)),
        pieces AS (SELECT n, problems, unnest(regexp_extract_all({folded("text")}, '[^\n。]{{{SHORT},}}。')) AS piece FROM parts),
        letters AS (SELECT n, problems, ltrim(rtrim(piece, '。'), '是') AS letters FROM pieces)
        SELECT n, problems, hash(letters) AS hash, hash(letters[:{EDGE}]) AS head, hash(letters[-{EDGE}:]) AS tail,
            least(length(letters), 60000)::USMALLINT AS size FROM letters
        WHERE length(letters) >= {SHORT} AND NOT ({" OR ".join(f"contains(letters, '{w}')" for w in _FORM_WORDS)})"""
    )
    corpus.made.add("sentences")


def folded(column: str) -> str:
    """A text in SQL with every end as 。, every break as a line end, and neither digits nor marks."""
    old = (_ENDS + _BREAKS + _DIGITS + _MARKS).replace("'", "''")
    new = "。" * len(_ENDS) + "\n" * len(_BREAKS)
    return f"translate(regexp_replace({column}, '{_WRAPPED}', '\\1 \\2', 'g'), '{old}', '{new}')"


def letters(sentence: str) -> str:
    """The letters that a sentence is compared by, as in the database.

    >>> letters("二是全年培训3次，参训45人")
    '全年培训次参训人'
    """
    return re.sub("^是+", "", re.sub(f"[{re.escape(_DIGITS + _MARKS + _BREAKS)}]", "", sentence))


def split(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text stand that are long enough to be compared, without blanks at their ends.

    >>> [("召开会议2次，研究部署重点任务。" )[a:b] for a, b in split("召开会议2次，研究部署重点任务。")]
    ['召开会议2次，研究部署重点任务']
    """
    out = []
    for match in _SENTENCE.finditer(re.sub(_WRAPPED, r"\1 \2", text)):
        piece = match.group()
        words = letters(piece)
        if len(words) >= SHORT and not any(w in words for w in _FORM_WORDS):
            start = match.start() + len(piece) - len(piece.lstrip())
            out.append((start, match.start() + len(piece.rstrip())))
    return out
