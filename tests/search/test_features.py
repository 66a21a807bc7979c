"""Optional features take part, are read and are encoded only where a space names them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search.data.encoding import encode
from search.data.fingerprints import fingerprint
from search.data.schema import Dataset, Feature
from search.data.splits import Split, split
from search.features import chosen
from spaces import Choice, InputError, SearchSpace, TowerConfig, preset


@pytest.fixture
def offering(films: Dataset) -> Dataset:
    """The films with an hour of the time, and with a kind in a column of its own."""
    features = (
        Feature("hour", "hour", "query", column="time", optional=True),
        Feature("kind", "tags", "candidate", optional=True),
    )
    titles = films.candidates["title"]
    kinds = np.array([f"{int(title.split()[1]) % 3}|any" for title in titles], object)
    return replace(
        films,
        schema=replace(films.schema, features=films.schema.features + features),
        candidates={**films.candidates, "kind": kinds},
    )


def space(**features: str) -> SearchSpace:
    return SearchSpace(**{name: Choice([option]) for name, option in features.items()})


def test_what_no_space_names_leaves_the_data_as_if_it_were_not_offered(
    films: Dataset, offering: Dataset
) -> None:
    got = chosen(offering, preset("full").space)
    assert got.schema == films.schema
    assert got.candidates.keys() == films.candidates.keys()
    parts = split(films, Split())
    assert fingerprint(got, parts, False) == fingerprint(films, parts, False)


def test_what_a_space_names_is_kept_beside_all(films: Dataset, offering: Dataset) -> None:
    got = chosen(offering, space(query_features="all+hour", candidate_features="title+kind"))
    assert got.schema == offering.schema
    parts = split(films, Split())
    assert fingerprint(got, parts, False) != fingerprint(films, parts, False)
    by_the_hour = chosen(offering, space(query_features="hour"))
    assert "kind" not in by_the_hour.candidates
    assert by_the_hour.schema.features == (*films.schema.features, offering.schema.features[-2])


def test_all_of_a_towers_features_are_those_that_are_not_optional(offering: Dataset) -> None:
    from search.towers.knobs import Knobs
    from search.towers.tower import Tower

    data = encode(offering, split(offering, Split()), fit_on_all=False)
    used = {"all": 3, "all+hour": 4, "user+hour": 2, "hour": 1}
    for named, inputs in used.items():
        config = TowerConfig(query_features=named, embedding_dim=4, output_dim=2)
        tower = Tower("query", data.columns, config, Knobs(0))
        tower({name: column[:2] for name, column in data.queries.items()})
        assert len(tower._inputs) == inputs, named


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            {"query_features": "all+age"},
            "must be 'all' or some of user, time, hour joined by '+', got 'all+age' with 'age'.",
        ),
        (
            {"candidate_features": "hour"},
            "must be 'all' or some of title, words, kind joined by '+', got 'hour' with 'hour'.",
        ),
    ],
)
def test_a_feature_that_the_data_lack_is_refused(
    offering: Dataset, named: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError) as refused:
        chosen(offering, space(**named))
    assert str(refused.value) == f"{next(iter(named))}: {message}"
