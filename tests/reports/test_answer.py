from __future__ import annotations

import random
from dataclasses import replace

from reports import summarize
from reports.answer import ahead, answer, budget, cautions, deeper, mattered
from tests.reports.studies import awkward, of_values, study


def test_the_answer_names_the_best_trial_and_its_configuration() -> None:
    first = answer(summarize(study()))[0]
    assert first.startswith("The best of 46 completed trials is trial 1 (depth 2, optimizer adam,")
    # 1.959964 * sqrt(0.41078 * 0.58922 / 10000) = 0.009642
    interval = "0.41078 (95% interval 0.4011 to 0.4204)"
    assert first.endswith(f"validation top‑100 accuracy {interval} at epoch 10.")


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


def test_the_answer_tells_of_popularity_beside_a_stronger_line() -> None:
    lines = {"ease": {"top_10_accuracy": 0.5}, "popularity": {"top_10_accuracy": 0.4}}
    assert answer(summarize(of_values([0.6], [1], baselines=lines)))[1] == (
        "That is 0.1 (20.0%) above the EASE line at 0.5 and "
        "0.2 (50.0%) above the popularity line at 0.4."
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


def test_the_answer_says_what_mattered_most_where_it_can_be_told() -> None:
    [told] = mattered(summarize(study()))
    assert told == (
        "What mattered most is learning rate: shuffling it raises a random forest's error by 0.59 "
        "of the variance between trials (0.26 to 1 in nine of ten refits)."
    )
    assert mattered(summarize(study(15))) == []


def test_the_answer_says_where_no_parameter_beats_chance() -> None:
    rng = random.Random(1)
    noise = summarize(of_values([rng.random() for _ in range(40)], [1, 2] * 20))
    assert mattered(noise) == ["No parameter is known to have mattered more than chance."]


def test_the_answer_names_a_parameter_that_may_have_mattered_as_much() -> None:
    summary = summarize(study())
    assert summary["importance"] is not None
    summary["importance"]["influences"][1]["high"] = 0.3
    assert mattered(summary)[0].startswith(
        "What mattered most is learning rate, and perhaps as much momentum: shuffling"
    )


def test_the_answer_says_whether_the_last_third_still_improved() -> None:
    early, late = [0.9] + [0.1] * 8, [0.5] * 8 + [0.75]
    [enough] = budget(summarize(of_values([*early], [1] * 9)))
    [short] = budget(summarize(of_values([*late], [1] * 9)))
    assert enough.endswith(
        "1 of 9; the last third did not improve on it, a hint that the budget was enough."
    )
    assert short == (
        "The best trial was try 9 of 9, and the last third improved the best by 0.25: more "
        "may find better."
    )


def test_a_short_study_says_nothing_of_its_budget() -> None:
    assert budget(summarize(of_values([0.1] * 8, [1] * 8))) == []


def test_the_answer_says_how_exact_a_value_is_and_which_trials_are_as_good() -> None:
    data = {"interactions": {"validation": 100}}
    assert cautions(summarize(of_values([0.5, 0.45], [1, 1], data=data)))[0] == (
        "The interval takes the 100 measured interactions as independent and the seed as given, "
        "so it is too narrow: a user's interactions go together, seeds differ; 1 other completed "
        "trial within two standard errors may be as good."
    )


def test_the_answer_says_how_sure_it_is_of_the_best_depth() -> None:
    data = {"interactions": {"validation": 100}}
    # sqrt(0.5 * 0.5 / 100 + 0.4 * 0.6 / 100) = 0.07
    [unsure] = ahead(summarize(of_values([0.5, 0.4, 0.1], [3, 1, 2], data=data)))
    assert unsure == (
        "The best trial of depth 3 is 0.1 better than that of depth 1, the next: no more than two "
        "standard errors of that difference, 0.07 each."
    )
    assert ahead(summarize(of_values([0.5, 0.1], [2, 1], data=data)))[0].startswith(
        "The best trial of depth 2 is 0.4 better than that of depth 1, the next: more than two"
    )


def test_more_tries_at_the_best_depth_are_admitted() -> None:
    losses = of_values([2.0, 3.5, 2.5], [2, 1, 2], objectives=("loss",), directions=("min",))
    [told] = ahead(summarize(losses))
    assert told == (
        "The best trial of depth 2 is 1.5 better than that of depth 1, the next (of 2 tries "
        "against 1, and more find better ones by luck alone)."
    )


def test_the_best_depth_of_a_loss_is_the_lowest_and_has_no_standard_error() -> None:
    losses = of_values([2.0, 3.5], [2, 1], objectives=("loss",), directions=("min",))
    assert ahead(summarize(losses)) == [
        "The best trial of depth 2 is 1.5 better than that of depth 1, the next."
    ]


def test_a_single_depth_is_not_set_against_others() -> None:
    assert ahead(summarize(of_values([0.5], [2]))) == []


def test_the_answer_admits_that_validation_chose_the_winner() -> None:
    assert cautions(summarize(study()))[-1].startswith("Validation data chose this trial")


def test_of_a_confirmation_the_answer_points_to_the_means_over_seeds() -> None:
    confirmed = summarize(replace(study(), confirmation={"of": "x"}))
    assert ": test top‑100 accuracy" in answer(confirmed)[0]
    assert cautions(confirmed)[-1] == (
        "The luckiest training of the best configuration is no estimate of it: its mean over the "
        "seeds, in the confirmation's table, is."
    )


def test_the_answer_counts_what_kept_the_constraints() -> None:
    record = of_values([0.1, 0.9, 0.3], [1, 2, 1])
    broken = replace(record.trials[1], constraints={"bytes": 5.0})
    summary = summarize(replace(record, trials=[record.trials[0], broken, record.trials[2]]))
    assert "best of 2 completed trials that kept the constraints is" in answer(summary)[0]
    assert deeper(summary) == (
        "Every completed trial that kept the constraints has the same depth, so this study says "
        "nothing about depth."
    )


def test_several_objectives_are_admitted() -> None:
    text = " ".join(answer(summarize(awkward("two objectives"))))
    told = "on their Pareto front; best, ranks and most charts follow the first, top‑100 accuracy."
    assert "The study has 2 objectives, and " in text
    assert told in text


def test_without_a_completed_trial_the_answer_counts_what_there_is() -> None:
    assert answer(summarize(study(0))) == [
        "No trial has completed with a value yet (none has started)."
    ]
    failed = replace(awkward("all failed"))
    assert cautions(summarize(failed)) == []
    assert answer(summarize(failed)) == ["No trial has completed with a value yet (12 failed)."]
