"""Functions as zip files that run on this machine's Python, through AWS's own runtime client.

The engine's Python worker loses the names of exceptions, which the workflow's Catch and Retry go by; a custom
runtime (`provided.al2023`) whose bootstrap starts `awslambdaric` keeps them, and its context and log format.
"""

from __future__ import annotations

import io
import shlex
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from infra.expand import ROOT

HARK_LAYER = ROOT / "layers" / "hark"
"""Our own layer is used as it lies in the checkout, so that a change needs no packaging."""

_EPOCH = (2026, 1, 1, 0, 0, 0)


_RUNTIME_VARIABLES = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
]
"""What Lambda itself sets. Source: Lambda developer guide, "Defined runtime environment variables"."""

_ENGINE_VARIABLES = ["AWS_ENDPOINT_URL", "AWS_DISABLE_HOST_PREFIX_INJECTION", "NO_PROXY", "PATH"]
"""What stands for the network of a real account."""


def package(folder: Path, variables: Iterable[str], logging: Mapping[str, Any]) -> bytes:
    """One function's zip: its folder and a bootstrap.

    Args:
        folder: the function's `CodeUri`.
        variables: names of its environment variables. Nothing else of this process's environment reaches it.
        logging: its `LoggingConfig`; `LogFormat: JSON` makes the runtime client write JSON lines as Lambda does.

    Raises:
        FileNotFoundError: the folder holds no `handler.py`.
    """
    if not (folder / "handler.py").is_file():
        raise FileNotFoundError(f"{folder} has no handler.py")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                _add(archive, str(file.relative_to(folder)), file.read_bytes(), 0o644)
        _add(archive, "bootstrap", _bootstrap(variables, logging).encode(), 0o755)
    return packed.getvalue()


def _bootstrap(variables: Iterable[str], logging: Mapping[str, Any]) -> str:
    level = logging.get("ApplicationLogLevel", "INFO")
    fixed = {
        "PYTHONPATH": f"$LAMBDA_TASK_ROOT:{HARK_LAYER}",
        "AWS_LAMBDA_LOG_FORMAT": "JSON" if logging.get("LogFormat") == "JSON" else "Text",
        "AWS_LAMBDA_LOG_LEVEL": level if isinstance(level, str) else "INFO",  # a Ref means: the shipped default
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONUNBUFFERED": "1",
    }
    passed = [*_RUNTIME_VARIABLES, *_ENGINE_VARIABLES, *variables]
    if "PYTHONPATH" in passed:  # as on Lambda, where a function may add folders of its own
        fixed["PYTHONPATH"] += ":$PYTHONPATH"
    clean = " ".join(
        [f'{name}="${{{name}}}"' for name in passed] + [f'{name}="{value}"' for name, value in fixed.items()]
    )
    return f'#!/bin/sh\nexec env -i {clean} {shlex.quote(sys.executable)} -m awslambdaric "$_HANDLER"\n'


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = mode << 16
    archive.writestr(entry, content)
