from __future__ import annotations

import pytest

from search.storage.outages import reason


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (ValueError("bad.\nmore"), "bad"),
        (ValueError(), "ValueError"),
    ],
)
def test_a_reason_is_one_line(error: Exception, expected: str) -> None:
    assert reason(error) == expected
