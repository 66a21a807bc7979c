from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.wording import capital, label, number, plain, topic


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0"),
        (12, "12"),
        (1664, "1,664"),
        (-3, "−3"),
        (0.281357, "0.28136"),
        (0.25, "0.25"),
        (-0.12, "−0.12"),
        (12345.6, "12,346"),
        (0.000035, "3.5e-05"),
        ("relu", "relu"),
        (True, "True"),
    ],
)
def test_numbers_are_short(value: object, shown: str) -> None:
    assert number(value) == shown


def test_names_become_words() -> None:
    assert label("top_100_accuracy") == "top‑100 accuracy"
    assert label("learning_rate") == "learning rate"


def test_titles_call_every_top_k_accuracy_accuracy() -> None:
    assert [topic(m) for m in ("top_5_accuracy", "train_loss")] == ["accuracy", "train loss"]
    assert capital("nDCG") == "NDCG"


def test_markup_is_escaped() -> None:
    assert plain('<b>"a" & b</b>') == '&lt;b&gt;"a" &amp; b&lt;/b&gt;'


def test_control_characters_and_direction_marks_become_spaces() -> None:
    assert plain("a\nb\u202ec\u2028d") == "a b c d"


@given(st.text(), st.integers(1, 80))
def test_a_plain_text_is_one_short_line_without_markup(text: str, length: int) -> None:
    made = plain(text, length)
    assert not {"<", ">", "\n"} & {*made}
    assert len(made) <= 5 * length
