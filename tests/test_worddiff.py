"""The word diff: exact, readable, and bounded whatever the texts hold."""

from __future__ import annotations

import itertools
import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archivist.worddiff import Comparison, compare, sentences
from archivist.worddiff.chains import Link, heaviest
from archivist.worddiff.cleanup import kept
from archivist.worddiff.matching import common
from archivist.words import words

SIZE = 1 << 18  # a quarter, to keep the tests short; time grows with the length
_WORDS = (
    "the lantern ",
    "a boat",
    "Be kind",
    "don't ",
    "harbour master ",
    "who carries it ",
    "灯台",
)
_MARKS = (". ", "\n\n", "\n", "  ", "e.g. ", "…", "!", "\udc80", "\t", "\r\n", "   * ", "e\u0301")
PIECES = st.sampled_from((*_WORDS, *_MARKS))
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=60).map("".join))
_PROSE = (
    *(
        "the ",
        "lantern ",
        "boat ",
        "is ",
        "kind, ",
        "don't ",
        "(or not) ",
        "quay ",
        "who ",
        "bell ",
    ),
    *(
        "and ",
        "of ",
        "“all” ",
        "tea. ",
        "noon. ",
        "late! ",
        "here.\n\n",
        "there.\n\n",
        "café ",
        "\n",
    ),
)
PARAGRAPHS = [
    "The first paragraph speaks of lanterns and of the people who carry them.",
    "Second, the harbour master must be told before noon. He likes his tea.",
    "Third, nobody may be shouted at in the boat house.",
    "Fourth, bring a coat.",
]


def marked(a: str, b: str) -> str:
    marks = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(marks[one.op].format(one.text) for one in exact(a, b).hunks)


def exact(a: str, b: str) -> Comparison:
    """The comparison, which must hold both texts to the last blank."""
    found = compare(a, b)
    assert (found.a, found.b) == (a, b)
    assert all(hunk.text for hunk in found.hunks)
    for one, other in itertools.pairwise(found.hunks):
        assert (one.op, one.move) != (other.op, other.move)
    for old, new in found.moves.values():
        assert old
        assert new
    return found


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
def test_the_hunks_are_both_texts(a: str, b: str) -> None:
    exact(a, b)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=80), st.randoms(use_true_random=False))
def test_of_a_text_and_its_edited_copy(pieces: list[str], chance: random.Random) -> None:
    edited = [one for one in pieces if chance.random() > 0.2]
    chance.shuffle(edited[:: chance.choice((1, 7))])
    exact("".join(pieces), "".join(edited))


EDITS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(("drop", "add", "change", "swap")), PIECES),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 400), EDITS)
def test_of_a_text_in_which_little_was_edited(
    chance: random.Random, size: int, edits: list[tuple[int, str, str]]
) -> None:
    pieces = [chance.choice(_PROSE) for _ in range(size)]
    edited = list(pieces)
    for place, what, piece in edits:
        at = place % max(1, len(edited))
        to = at + chance.randint(1, 9)
        replaced = {"drop": [], "add": [piece, *edited[at:to]], "change": [piece, " "]}
        edited[at:to] = replaced.get(what, edited[at:to][::-1])
    exact("".join(pieces), "".join(edited))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PROSE), max_size=60), st.randoms(use_true_random=False))
def test_of_a_text_whose_lines_are_other_ones(pieces: list[str], chance: random.Random) -> None:
    blanks = (" ", " ", "\n", "\n\n", "\n   ")
    words_of_a = [one.strip() for one in pieces]
    edited = [one for one in words_of_a if chance.random() > 0.1]
    a, b = ("".join(one + chance.choice(blanks) for one in some) for some in (words_of_a, edited))
    exact(a, b)
    exact(b, a)


@settings(deadline=None)
@given(st.lists(st.sampled_from(_PROSE), max_size=50), st.lists(st.sampled_from(_PROSE)))
def test_what_stays_without_islands_is_the_same(a: list[str], b: list[str]) -> None:
    at = (0, 0)
    for i, j, size in kept(a, b, sure=True):
        assert i >= at[0]
        assert j >= at[1]
        assert size
        assert a[i : i + size] == b[j : j + size]
        at = (i + size, j + size)


@settings(deadline=None)
@given(TEXTS)
def test_a_text_is_like_itself(text: str) -> None:
    assert exact(text, text).is_same
    assert exact(text, text).similarity == 1.0


@settings(deadline=None)
@given(TEXTS)
def test_sentences_are_the_text(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(end > start for start, end in spans)


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), max_size=40), st.lists(st.integers(0, 6), max_size=40))
def test_what_is_common_is_the_same(a: list[int], b: list[int]) -> None:
    at = (0, 0)
    for block in common(a, b):
        assert block.a >= at[0]
        assert block.b >= at[1]
        assert a[block.a : block.a + block.size] == b[block.b : block.b + block.size]
        at = (block.a + block.size, block.b + block.size)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 9)), max_size=8))
def test_no_chain_is_heavier(given_links: list[tuple[int, int, int]]) -> None:
    links = [Link(*one) for one in given_links]
    best = max(
        sum(link.weight for link in some)
        for size in range(len(links) + 1)
        for some in itertools.combinations(sorted(links), size)
        if all(x.a < y.a and x.b < y.b for x, y in itertools.pairwise(some))
    )
    assert sum(link.weight for link in heaviest(links)) == best


def test_words_change_within_a_sentence() -> None:
    a = "We expect all participants to help us realize a safe experience."
    b = "We invite all sponsors and other participants to help us realize a safe experience."
    assert marked(a, b) == (
        "We [-expect-]{+invite+} all {+sponsors and other +}participants to help us realize a safe "
        "experience."
    )


def test_what_has_little_in_common_is_replaced_as_a_whole() -> None:
    a, b = "The cat sat on the mat in the hall.", "Any of the members may ask the chair to go on."
    assert marked(a, b) == f"[-{a}-]{{+{b}+}}"


def test_a_moved_paragraph_is_moved() -> None:
    one, two, three, four = PARAGRAPHS
    found = exact("\n\n".join(PARAGRAPHS), "\n\n".join((three, one, two, four)))
    assert {hunk.op for hunk in found.hunks if not hunk.move} == {"equal"}
    assert found.moves == {1: (f"{three}\n\n", f"{three}\n\n")}
    assert found.count[:3] == (0, 0, 10)
    assert found.similarity == 1.0


def test_a_moved_sentence_may_be_reworded() -> None:
    """What changed in it has not moved, and counts."""
    one, two, three, four = PARAGRAPHS
    late = two.replace("noon", "the evening")
    old, new = "\n\n".join(PARAGRAPHS), "\n\n".join((late, one, three, four))
    found = exact(old, new)
    assert any(
        "told before" in before and "told before" in now for before, now in found.moves.values()
    )
    assert found.count == (
        6,
        5,
        8,
        len(words(old)) - 13,
    )  # four too few words to move by themselves
    assert found.similarity < 1.0
    assert "[-noon-]" in marked(old, new)
    assert "{+the evening+}" in marked(old, new)


@pytest.mark.parametrize(("was", "now"), [("not", "now"), ("not ", ""), ("No", "All")])
def test_a_word_that_changed_in_a_moved_paragraph_is_not_hidden(was: str, now: str) -> None:
    moved = "No harassment of any guest or member is not tolerated at the boat house, or on a boat."
    one, two, *_ = PARAGRAPHS
    old, new = f"{moved}\n\n{one}\n\n{two}", f"{one}\n\n{two}\n\n{moved.replace(was, now, 1)}"
    found = exact(old, new)
    assert found.moves
    changed = {(hunk.op, hunk.text.strip()) for hunk in found.hunks if not hunk.move}
    assert ("delete", was.strip()) in changed
    assert not now or ("insert", now) in changed
    assert found.count[:2] == (int(bool(now)), 1)
    assert found.similarity < 1.0


def test_what_moves_between_paragraphs_is_moved() -> None:
    passed = "He who waits at the gate may come in when the bell is heard. "
    second = "At night, when the boats have come back from the sea, it is open to everybody."
    a = f"At noon the quay is closed. {passed}So it is.\n\n{second} Come in."
    b = f"At noon the quay is closed. So it is.\n\n{second} {passed}Come in."
    found = exact(a, b)
    assert [(old.strip(), new.strip()) for old, new in found.moves.values()] == [
        (passed.strip(), passed.strip())
    ]
    assert found.count[:3] == (0, 0, 14)


def test_a_short_paragraph_moves_past_a_longer_text() -> None:
    short = "One thing comes first in this text."
    long = "Bring a lantern. Tell the harbour master before noon. Be kind to all who wait here."
    found = exact(f"{short}\n\n{long}", "\n\n".join((*re.split(r"(?<=\.) ", long), short)))
    assert [old.strip() for old, _ in found.moves.values()] == [short]


def test_a_joined_paragraph_that_was_edited_keeps_its_words() -> None:
    a = "Bring a lantern to the quay at noon.\n\nTell the harbour master, who likes his tea."
    b = "Bring a lamp to the quay at noon. Tell the harbour master, who wants his tea."
    assert marked(a, b) == (
        "Bring a [-lantern-]{+lamp+} to the quay at noon.[-\n\n-]{+ +}"
        "Tell the harbour master, who [-likes-]{+wants+} his tea."
    )


def test_a_sentence_that_came_begins_where_sentences_do() -> None:
    a = "The quay is closed. He may go in. Bring a coat, and a lantern if you have one."
    b = a.replace("He may go", "He may ask the harbour master. He may go")
    assert marked(a, b) == (
        "The quay is closed. {+He may ask the harbour master. +}"
        "He may go in. Bring a coat, and a lantern if you have one."
    )
    assert marked(b, a) == marked(a, b).replace("{+", "[-").replace("+}", "-]")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("The own share and and. Lantern your light be.", "The own share here. Here light be."),
        ("Be own.\n\nLight of your to. Lantern each.", "Be own.\n\nLight new words. Lantern each."),
        ("Bring own of. Its be each.", "Bring own new words here be each."),
        ("Bring your own light.", "Bring your own lights."),
        ("Bring your own light.", "Bring your own light. And more."),
    ],
)
def test_a_last_newline_changes_nothing_else(was: str, now: str) -> None:
    plain = compare(was, now).hunks
    for ends in (("\n", "\n"), ("\n", ""), ("", "\n"), ("\n", "\n\n"), (" ", "\n")):
        found = compare(was + ends[0], now + ends[1]).hunks
        assert "".join(hunk.text for hunk in found if hunk.op != "insert") == was + ends[0]
        assert "".join(hunk.text for hunk in found if hunk.op != "delete") == now + ends[1]
        shown = [(hunk.op, hunk.text.rstrip()) for hunk in found if hunk.text.strip()]
        assert shown == [(hunk.op, hunk.text.rstrip()) for hunk in plain]


@pytest.mark.parametrize("text", ["", "a  b", "a\n\nb", "a b c d  e f g h"])
def test_a_nul_is_no_word_without_letters(text: str) -> None:
    for other in (text + "\0", text.replace("  ", " \0 "), text.replace("\n\n", "\n\0\n")):
        exact(text, other)
        exact(other, text)


def test_marks_around_a_word_stay() -> None:
    a, b = 'Say "hello", please (at noon).', 'Say "welcome", please (at dusk).'
    assert marked(a, b) == 'Say "[-hello-]{+welcome+}", please (at [-noon-]{+dusk+}).'


def test_chance_words_between_edits_do_not_stay() -> None:
    a = "We expect of the loud guests that they keep to the rules of this house at night."
    b = "We demand from the quiet hosts that they keep to the rules of this house at night."
    assert marked(a, b) == (
        "We [-expect of the loud guests-]{+demand from the quiet hosts+} "
        "that they keep to the rules of this house at night."
    )


def test_words_of_long_edits_stay_if_they_tell_something() -> None:
    a = "Bring a lantern and two warm coats to the quay. Ask the harbour master for a boat at noon."
    b = "Take a lantern and some good boots to the pier. Beg the harbour keeper for one boat today."
    assert marked(a, b) == (
        "[-Bring-]{+Take+} a lantern and [-two warm coats-]{+some good boots+} to the "
        "[-quay-]{+pier+}. [-Ask-]{+Beg+} the harbour [-master-]{+keeper+} for [-a-]{+one+} boat "
        "[-at noon-]{+today+}."
    )


def test_a_line_keeps_what_stands_before_and_behind_it() -> None:
    a = "title: The quay\nurl: http://quay.example/rules\ndate: May 2\n\nBring a coat."
    b = "title: The pier\nurl: http://pier.example/rules\ndate: May 3\n\nBring a coat."
    assert marked(a, b) == (
        "title: The [-quay-]{+pier+}\nurl: http://[-quay-]{+pier+}.example/rules\n"
        "date: May [-2-]{+3+}\n\nBring a coat."
    )


def test_a_paragraph_that_came_is_marked_with_the_blank_line_behind() -> None:
    a = "Bring a lantern to the quay.\n\nTell the harbour master, who likes his tea."
    b = a.replace("Tell", "Presents\n\nTell").replace("likes", "wants")
    assert marked(a, b) == (
        "Bring a lantern to the quay.\n\n{+Presents\n\n+}"
        "Tell the harbour master, who [-likes-]{+wants+} his tea."
    )


def test_words_that_changed_on_both_sides_of_a_blank_line_are_two_edits() -> None:
    a = "A quay has rules for all boats\n\nAsk the harbour master before noon."
    b = "A quay has rules for all ships\n\nBeg the harbour master before noon."
    assert marked(a, b) == (
        "A quay has rules for all [-boats-]{+ships+}\n\n[-Ask-]{+Beg+} the harbour master "
        "before noon."
    )


def test_lines_that_were_wrapped_anew_keep_their_words() -> None:
    a = "Bring a lantern to the quay, and tell the harbour\nmaster, who likes\nhis tea, at noon."
    b = "Bring a lantern to the quay,\nand tell the harbour master, who likes his\ntea, at dusk."
    found = exact(a, b)
    assert found.count == (1, 1, 0, 16)


def test_split_and_joined_paragraphs_keep_their_words() -> None:
    a = "Bring a lantern. Tell the harbour master.\n\nCome back before noon."
    b = "Bring a lantern.\n\nTell the harbour master. Come back before noon."
    found = exact(a, b)
    assert found.only_blanks
    assert found.count[:2] == (0, 0)


def test_a_split_sentence_keeps_its_words() -> None:
    a = "If you need help, tell one of the staff, who wears a red shirt, and they will help you."
    b = "If you need help, tell one of the staff. They wear a red shirt. They will help you."
    assert marked(a, b) == (
        "If you need help, tell one of the staff[-, who wears-]{+. They wear+} a red shirt"
        "[-, and they-]{+. They+} will help you."
    )


def test_letters_without_blanks_between_words_are_words() -> None:
    a = "乗客は親切にすること。静かにしてください！質問は？"
    b = "乗客はとても親切にすること。新しい文です。静かにしてください！質問は？"
    assert [a[slice(*one)] for one in sentences(a)] == [
        "乗客は親切にすること。",
        "静かにしてください！",
        "質問は？",
    ]
    assert marked(a, b) == (
        "乗客は{+とても+}親切にすること。{+新しい文です。+}静かにしてください！質問は？"
    )
    assert exact(a, b).count == (9, 0, 0, 22)


@pytest.mark.parametrize("between", ["\n\n", ""])
def test_without_blanks_too_what_is_shorter_has_moved(between: str) -> None:
    short = "困ったら連絡してください。係は白いシャツを着ています。"
    long = "迷惑とは攻撃的な発言、公共の場での画像、意図的な脅迫、嫌がらせの撮影を言います。"
    first, second = long + between + short, short + between + long
    for a, b in ((first, second), (second, first), (f"{first}\n", f"{second}\n")):
        moved = exact(a, b).moves
        assert {(old.strip(), new.strip()) for old, new in moved.values()} == {(short, short)}


def test_abbreviations_initials_and_wrapped_lines_end_no_sentence() -> None:
    text = "Ask J. Smith, Dr. Brown or e.g. a friend of theirs who is here.\nThen go. Now!"
    assert [text[slice(*one)].strip() for one in sentences(text)] == [
        "Ask J. Smith, Dr. Brown or e.g. a friend of theirs who is here.",
        "Then go.",
        "Now!",
    ]
    wrapped = (
        "A line that was wrapped by hand, at a column that\nits author liked, is one sentence."
    )
    assert len(sentences(wrapped)) == 1


def test_the_number_before_a_sentence_belongs_to_it() -> None:
    text = (
        "1. Purpose\n\n2.1. Who is here. All are.\n\n   a. The hosts. \n\nIt was in 1999. Then 3.\n"
    )
    assert [text[slice(*one)].strip() for one in sentences(text)] == [
        "1. Purpose",
        "2.1. Who is here.",
        "All are.",
        "a. The hosts.",
        "It was in 1999.",
        "Then 3.",
    ]


def _letters(size: int, seed: int, letters: str = "abcdefghij") -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(letters) for _ in range(size))


def _spaced(mark: str, every: int, end: str = " ") -> str:
    """Words, of which every so many-th is another."""
    return end.join(mark + str(n) if n % every == 0 else f"w{n % 977}" for n in range(SIZE // 5))


def _moved(mark: str) -> str:
    """Sentences, of which a word in ten is another."""
    one = (" ".join(f"w{k}x{n}" for n in range(9)) + f" {mark}{k}. " for k in range(SIZE // 120))
    return "".join(one)


_OTHERS = "".join(
    f"A passage of some length stays here, and it is {n}. " for n in range(SIZE // 50)
)
HOSTILE = {
    "words edited everywhere": (_spaced("x", 3), _spaced("y", 3)),
    "paragraphs edited everywhere": (
        _spaced("x ", 3, ".\n\nA b c "),
        _spaced("y ", 3, ".\n\nA b c "),
    ),
    "paragraphs that differ much": (_spaced("x", 2, "\n\n"), _spaced("y", 2, "\n\n") + "\n\nz"),
    "chance words between edits": (_spaced("the x", 1), _spaced("the y", 1)),
    "chance words between edits of paragraphs": (
        "\n\n".join([_spaced("the x", 1)[:5000] + " same" * 900] * (SIZE // 10_000)),
        "\n\n".join([_spaced("the y", 1)[:5000] + " same" * 900] * (SIZE // 10_000)),
    ),
    "moved and reworded": (_moved("x") + _OTHERS, _OTHERS + _moved("y")),
    "wrapped anew": (_spaced("x", 3), _spaced("x", 3, "\n")),
    "marks": ("!?" * (SIZE // 2) + " a", "!?" * (SIZE // 2) + "! a"),
    "long words edited": ("-a" * 4000 + " b" * 9000, "-a" * 3999 + "-c" + " b" * 9000),
    "one word": ("spam " * (SIZE // 5), "x " + "spam " * (SIZE // 5 - 77) + "y"),
    "no common word": (
        " ".join(map(str, range(150_000))),
        " ".join(str(-n) for n in range(150_000, 280_000)),
    ),
    "two words in turns": ("a b " * (SIZE // 4), "b a a " * (SIZE // 6)),
    "single letters": (" ".join(_letters(SIZE // 2, 1)), " ".join(_letters(SIZE // 2, 2))),
    "short sentences": ("ab. Cd. " * (SIZE // 8), "Cd. ab. X. " * (SIZE // 11)),
    "one long word": (_letters(SIZE, 3), _letters(SIZE, 4)),
    "one long sentence without blanks": (
        _letters(2 * SIZE, 3, "日月火水木金土"),
        _letters(2 * SIZE, 4, "日月火水木金土"),
    ),
    "blank lines": ("\n" * SIZE, "\n" * (SIZE - 9) + "a"),
    "paragraphs of a letter": ("a\n\n" * (SIZE // 3), "b\n\n" * (SIZE // 3)),
    "dots": ("." * SIZE, "." * (SIZE - 5) + "x"),
    "dots apart": (". " * (SIZE // 2), "." * SIZE),
    "lines of a few kinds": ("\n".join(_letters(SIZE // 2, 5)), "\n".join(_letters(SIZE // 2, 6))),
    "backwards": (
        "".join(f"{n:x}. " for n in range(SIZE // 7)),
        "".join(f"{n:x}. " for n in reversed(range(SIZE // 7))),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_bounded_time(name: str) -> None:
    started = time.process_time()
    exact(*HOSTILE[name])
    assert time.process_time() - started < 15  # CPU seconds, with coverage on a busy machine


def test_every_pair_of_the_corpus(corpus: Path) -> None:
    texts = [
        path.read_bytes().decode("utf-8", "surrogateescape")
        for path in sorted((corpus / "entries").glob("*.md"))
    ]
    assert len(texts) == 32
    for a, b in itertools.product(texts, texts):
        exact(a, b)
