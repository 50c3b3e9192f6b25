"""What it costs to import a module: a webhook's door has to start fast."""

from __future__ import annotations

import os
import subprocess
import sys

_SCRIPT = """
import importlib, sys
before = set(sys.modules)
importlib.import_module(sys.argv[1])
print(*{name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names))
"""


def beyond_the_standard_library(module: str) -> set[str]:
    """The packages outside of the standard library that a fresh interpreter loads to import a module.

    Raises:
        CalledProcessError: it cannot be imported.
    """
    ran = subprocess.run(  # noqa: S603 - a module of ours
        [sys.executable, "-c", _SCRIPT, module],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
        text=True,
    )
    return set(ran.stdout.split())
