from __future__ import annotations

from dataclasses import replace

from reports import summarize
from reports.answer import answer, deeper
from tests.reports.studies import awkward, of_values, study


def test_the_answer_names_the_best_trial_and_its_configuration() -> None:
    first = answer(summarize(study()))[0]
    assert first.startswith("The best of 46 completed trials is trial 1 (depth 2, optimizer adam,")
    assert first.endswith("validation top‑100 accuracy 0.4108 at epoch 10.")


def test_the_answer_sets_the_best_beside_the_hardest_line() -> None:
    lines = {"popularity": {"top_10_accuracy": 0.4}, "random": {"top_10_accuracy": 0.01}}
    above, below = (summarize(of_values([v], [1], baselines=lines)) for v in (0.5, 0.3))
    assert answer(above)[1] == "That is 0.1 (25.0%) above the popularity line at 0.4."
    assert answer(below)[1] == "That is 0.1 (25.0%) below the popularity line at 0.4."


def test_a_value_on_the_line_is_neither_above_nor_below() -> None:
    lines = {"popularity": {"top_10_accuracy": 0.4}}
    assert answer(summarize(of_values([0.4], [1], baselines=lines)))[1] == (
        "That is exactly on the popularity line at 0.4."
    )


def test_the_answer_says_that_deeper_was_better_only_where_the_interval_says_so() -> None:
    depths = [1 + n // 5 for n in range(20)]
    rising, noisy = [n / 100 for n in range(20)], [(n * 7 % 20) / 100 for n in range(20)]
    assert deeper(summarize(of_values([*rising], depths))).startswith(
        "Deeper tended to be better: over 20"
    )
    assert deeper(summarize(of_values([-v for v in rising], depths))).startswith(
        "Deeper tended to be worse"
    )
    assert deeper(summarize(of_values([*noisy], depths))).startswith(
        "Deeper made no clear difference"
    )


def test_three_trials_cannot_tell_whether_deeper_is_better() -> None:
    assert deeper(summarize(of_values([0.27, 0.29, 0.26], [1, 2, 3]))) == (
        "Whether deeper is better cannot be told from 3 completed trials."
    )


def test_one_depth_tells_nothing() -> None:
    assert "says nothing about depth" in deeper(summarize(of_values([0.1, 0.2], [2, 2])))


def test_the_answer_says_how_exact_a_value_is_and_which_trials_are_as_good() -> None:
    data = {"interactions": {"validation": 100}}
    assert answer(summarize(of_values([0.5, 0.45], [1, 1], data=data)))[-2] == (
        "On 100 validation interactions a value carries a standard error of at least 0.05; "
        "1 other completed trial within two of it may be as good."
    )


def test_the_answer_admits_that_validation_chose_the_winner() -> None:
    assert answer(summarize(study()))[-1].startswith("Validation data chose this trial")


def test_several_objectives_are_admitted() -> None:
    text = " ".join(answer(summarize(awkward("two objectives"))))
    assert "The study has 2 objectives; best, ranks and charts follow the first" in text


def test_without_a_completed_trial_the_answer_counts_what_there_is() -> None:
    assert answer(summarize(study(0))) == [
        "No trial has completed with a value yet (none has started)."
    ]
    failed = replace(awkward("all failed"))
    assert answer(summarize(failed)) == ["No trial has completed with a value yet (12 failed)."]
