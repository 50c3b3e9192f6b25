"""Every shape of an answer that a contract may name, by its name. A new module in this folder is found by itself."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from infra.openapi.shapes.base import Shape

__all__ = ["Shape", "namesakes", "shapes"]


@cache
def shapes() -> dict[str, type[Shape]]:
    """Name → shape; of namesakes the first."""
    found: dict[str, type[Shape]] = {}
    for shape in _all():
        found.setdefault(shape.__name__, shape)
    return found


def namesakes() -> list[str]:
    """A sentence for each shape that is called like another one."""
    return [
        f"{shape.__module__} has a shape {shape.__name__}, and so has {shapes()[shape.__name__].__module__}: "
        "give one of them another name, then run: python -m infra.openapi"
        for shape in _all()
        if shapes()[shape.__name__] is not shape
    ]


def _all() -> list[type[Shape]]:
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return list(dict.fromkeys(_below(Shape)))


def _below(shape: type[Shape]) -> Iterator[type[Shape]]:
    for one in shape.__subclasses__():
        yield one
        yield from _below(one)
