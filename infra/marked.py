"""Pages with a part that is made from something else: what stands between two marks is replaced."""

from __future__ import annotations


def placed(page: str, begin: str, made: str, end: str) -> str:
    """The page with `made` between its marks.

    Raises:
        ValueError: the page has not exactly one place for it.
    """
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed or begin in after:
        raise ValueError(f"the page has no place for it, or several: {begin}")
    return f"{before}{begin}\n\n{made}\n\n{end}{after}"
