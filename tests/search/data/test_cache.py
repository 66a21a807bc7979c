"""Encoded data is written once, opened without TensorFlow, and written again when damaged."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.data.cache import open_encoded, prepare
from search.data.encoded import EncodedData
from search.data.encoding import encode
from search.data.schema import Dataset
from search.data.splits import Split, split
from search.storage.outages import StorageError
from spaces.errors import InputError

SPEC = Split(train=0.5, validation=0.3, test=0.2)


def never() -> Dataset:
    raise AssertionError("the raw data was loaded")


def assert_same(one: EncodedData, two: EncodedData) -> None:
    for field in ("fingerprint", "columns", "encoders", "summary"):
        assert getattr(one, field) == getattr(two, field)
    for field in ("positives", "users", "candidate_ids", "counts", "times"):
        np.testing.assert_array_equal(getattr(one, field), getattr(two, field), strict=True)
    for field in ("queries", "candidates", "parts"):
        assert list(getattr(one, field)) == list(getattr(two, field))
        for name, values in getattr(one, field).items():
            np.testing.assert_array_equal(values, getattr(two, field)[name], strict=True)


def test_what_is_prepared_is_what_was_encoded_and_memory_mapped(
    tiny: Dataset, tmp_path: Path
) -> None:
    data = prepare(lambda: tiny, SPEC, tmp_path)
    assert_same(data, encode(tiny, split(tiny, SPEC), fit_on_all=False))
    assert isinstance(data.queries["user"], np.memmap)


def test_weights_are_kept_where_there_are_some(tiny: Dataset, tmp_path: Path) -> None:
    data = prepare(lambda: replace(tiny, weights=np.arange(6.0)), SPEC, tmp_path)
    assert data.weights is not None
    assert data.weights[data.parts["train"]].mean() == 1
    assert prepare(lambda: tiny, SPEC, tmp_path).weights is None


def test_the_tutorials_split_is_encoded_by_its_protocol(tiny: Dataset, tmp_path: Path) -> None:
    data = prepare(lambda: tiny, Split(by="tutorial"), tmp_path)
    assert sorted(data.candidates["film"].tolist()) == [1, 2, 3, 4]


def test_an_empty_test_part_comes_back_empty(tiny: Dataset, tmp_path: Path) -> None:
    data = prepare(lambda: tiny, Split(train=0.5, validation=0.5, test=0), tmp_path)
    assert data.parts["test"].shape == (0,)


def test_with_its_fingerprint_a_whole_folder_needs_no_raw_data(
    tiny: Dataset, tmp_path: Path
) -> None:
    first = prepare(lambda: tiny, SPEC, tmp_path)
    assert_same(prepare(never, SPEC, tmp_path, first.fingerprint), first)


def test_nothing_is_encoded_twice(
    tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prepare(lambda: tiny, SPEC, tmp_path)
    monkeypatch.setattr("search.data.encoding.encode", never)
    assert_same(prepare(lambda: tiny, SPEC, tmp_path), first)


def test_another_process_opens_it_without_tensorflow(tiny: Dataset, tmp_path: Path) -> None:
    first = prepare(lambda: tiny, SPEC, tmp_path)
    code = (
        "import sys; from pathlib import Path; from search.data.cache import open_encoded\n"
        f"data = open_encoded(Path({str(tmp_path)!r}), {first.fingerprint!r})\n"
        "print(data.n_candidates, 'tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "4 False\n"


def test_changed_data_is_refused_where_it_must_be_encoded_again(
    tiny: Dataset, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="data: tiny and its split must be as they were"):
        prepare(lambda: tiny, SPEC, tmp_path, fingerprint="0" * 32)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def alter(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize("damage", [cut, alter, Path.unlink])
@pytest.mark.parametrize("name", ["manifest.json", "facts.json", "0.npy"])
def test_a_damaged_folder_is_noticed_and_made_again(
    tiny: Dataset, tmp_path: Path, damage: Callable[[Path], None], name: str
) -> None:
    first = prepare(lambda: tiny, SPEC, tmp_path)
    damage(tmp_path / first.fingerprint / name)
    assert open_encoded(tmp_path, first.fingerprint) is None
    again = prepare(lambda: tiny, SPEC, tmp_path, first.fingerprint)
    assert_same(again, encode(tiny, split(tiny, SPEC), fit_on_all=False))


def test_large_data_is_hashed_only_when_asked(
    tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prepare(lambda: tiny, SPEC, tmp_path)
    alter(tmp_path / first.fingerprint / "0.npy")
    monkeypatch.setattr("search.data.cache._CHEAP", 0)
    assert open_encoded(tmp_path, first.fingerprint) is not None
    assert open_encoded(tmp_path, first.fingerprint, verify=True) is None


def test_an_older_layout_is_made_again(tiny: Dataset, tmp_path: Path) -> None:
    first = prepare(lambda: tiny, SPEC, tmp_path)
    path = tmp_path / first.fingerprint / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"layout": 0}))
    assert open_encoded(tmp_path, first.fingerprint) is None


def test_nothing_half_written_stays(
    tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("search.data.cache._write", full)
    sentence = r"artifacts: '.*data' cannot be written: No space left on device; mend"
    with pytest.raises(StorageError, match=sentence):
        prepare(lambda: tiny, SPEC, tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


def test_a_process_that_waited_for_the_first_takes_what_that_one_made(
    tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prepare(lambda: tiny, SPEC, tmp_path / "first")

    @contextmanager
    def while_another_encodes(path: Path) -> Iterator[None]:
        shutil.copytree(tmp_path / "first", tmp_path / "second", dirs_exist_ok=True)
        yield

    monkeypatch.setattr("search.data.cache.file_lock", while_another_encodes)
    monkeypatch.setattr("search.data.cache._publish", None)
    second = prepare(lambda: tiny, SPEC, tmp_path / "second")
    assert second.fingerprint == first.fingerprint


def test_what_a_killed_process_left_half_written_is_removed(tiny: Dataset, tmp_path: Path) -> None:
    (tmp_path / "data" / ".abc").mkdir(parents=True)
    (tmp_path / "data" / ".abc" / "0.npy").write_bytes(b"half")
    data = prepare(lambda: tiny, SPEC, tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == [data.fingerprint]


def test_a_columns_name_is_never_a_path(tiny: Dataset, tmp_path: Path) -> None:
    users = replace(tiny.schema.features[0], column="../user")
    features = (users, *tiny.schema.features[1:])
    rows = {**tiny.interactions, "../user": tiny.interactions["user"]}
    named = replace(tiny, schema=replace(tiny.schema, features=features), interactions=rows)
    data = prepare(lambda: named, SPEC, tmp_path)
    assert data.encoders[0]["column"] == "../user"
    assert [path.name for path in tmp_path.iterdir()] == [data.fingerprint]


def test_data_that_is_not_accepted_is_not_written(tiny: Dataset, tmp_path: Path) -> None:
    def refuse(data: EncodedData) -> None:
        raise InputError(f"{data.n_candidates} are too many.")

    with pytest.raises(InputError, match="4 are too many"):
        prepare(lambda: tiny, SPEC, tmp_path / "data", accept=refuse)
    assert list(tmp_path.iterdir()) == []


def test_data_that_cannot_be_encoded_leaves_no_folder(tiny: Dataset, tmp_path: Path) -> None:
    one = {name: column[:1] for name, column in tiny.candidates.items()}
    with pytest.raises(InputError):
        prepare(lambda: replace(tiny, candidates=one), SPEC, tmp_path / "db.d" / "study" / "data")
    assert list(tmp_path.iterdir()) == []


def test_a_study_that_is_there_keeps_its_folder(tiny: Dataset, tmp_path: Path) -> None:
    (tmp_path / "db.d" / "study" / "weights").mkdir(parents=True)
    one = {name: column[:1] for name, column in tiny.candidates.items()}
    with pytest.raises(InputError):
        prepare(lambda: replace(tiny, candidates=one), SPEC, tmp_path / "db.d" / "study" / "data")
    assert [path.name for path in (tmp_path / "db.d" / "study").iterdir()] == ["weights"]
