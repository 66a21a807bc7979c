from __future__ import annotations

import pytest

from search.resolve import resolve
from spaces import InputError


def test_an_error_names_the_line_of_the_file() -> None:
    text = '[study]\nname = "a"\ntrails = 3\n[space]\npreset = "towers"\n'
    table = {"study": {"name": "a", "trails": 3}, "space": {"preset": "towers"}}
    with pytest.raises(InputError, match=r"trails: .* \(line 3\)$"):
        resolve(table, text=text)
