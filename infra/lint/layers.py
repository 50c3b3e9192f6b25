"""Checks on the layers that `sam build` made: size, machine, and nothing in them that Lambda does not need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from infra.expand import ROOT
from infra.lint.problem import Problem

BUILT = ROOT / ".aws-sam" / "build"
MAX_BYTES = 60_000_000
"""Of all layers together, unzipped. Lambda's own limit is 250 MB with the function. Source: the first issue."""

_ELF_AARCH64 = b"\xb7\x00"
_SDK = ("boto3", "botocore", "s3transfer")
_TEST_KIT = ("tests", "fixtures", "fake", "testkit")


def check(built: Path = BUILT) -> list[Problem]:
    """All problems of the built layers.

    Raises:
        FileNotFoundError: nothing was built.
    """
    layers = sorted(built.glob("*Layer"))
    if not layers:
        raise FileNotFoundError(f"no layers in {built}: run `make build`")
    size = sum(file.stat().st_size for layer in layers for file in layer.rglob("*") if file.is_file())
    problems = [] if size < MAX_BYTES else [Problem("layer-size", "all layers", f"{size:,} bytes, limit {MAX_BYTES:,}")]
    for layer in layers:
        problems += [*_machine(layer), *_contents(layer)]
    return problems


def _machine(layer: Path) -> Iterator[Problem]:
    """Compiled files are for arm64, whatever machine built the layer."""
    for file in layer.rglob("*.so*"):
        if file.read_bytes()[18:20] != _ELF_AARCH64:
            yield Problem("layer-machine", str(file.relative_to(layer.parent)), "is not for arm64")


def _contents(layer: Path) -> Iterator[Problem]:
    code = layer / "python"
    for name in _SDK:
        if (code / name).exists():
            yield Problem("layer-contents", layer.name, f"{name} comes with Lambda")
    if (code / "hark").exists():
        for file in (code / "hark").rglob("*"):
            if file.name in _TEST_KIT:
                yield Problem("layer-contents", str(file.relative_to(layer.parent)), "is only for tests")
    for info in code.glob("*.dist-info"):
        if not (info / "METADATA").is_file():
            yield Problem("layer-contents", info.name, "lost its METADATA, which names the licence")


def main() -> int:
    """Print sizes and problems; the exit status says whether all is well."""
    for layer in sorted(BUILT.glob("*Layer")):
        size = sum(file.stat().st_size for file in layer.rglob("*") if file.is_file())
        print(f"{layer.name:14} {size / 1e6:6.1f} MB unzipped")
    problems = check()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
