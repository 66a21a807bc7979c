from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import spaces


def test_all_is_what_is_exported() -> None:
    public = {
        name
        for name, value in vars(spaces).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and name != "annotations"
    }
    assert sorted(public) == sorted(spaces.__all__)


def test_import_loads_no_framework() -> None:
    code = (
        "import sys, spaces, spaces.toml, spaces.optuna, spaces.keras_tuner\n"
        "print([name for name in ('tensorflow', 'keras', 'keras_tuner', 'optuna', 'pandas')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
