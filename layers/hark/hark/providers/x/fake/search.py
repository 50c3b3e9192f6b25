"""The fake X's recent search: words, phrases, groups, OR, and the few operators Hark's documentation recommends."""

from __future__ import annotations

import re

from hark.domain.folding import plain
from hark.providers.x.fake.content import Post

MAX_QUERY = 512
LANGUAGES = frozenset(("ar", "de", "en", "es", "et", "fr", "he", "id", "lt", "lv", "pl", "ru", "tr", "uk"))
"""Some of those X's `lang:` takes; Malay is not among them."""
SHOWN = {"he": "iw", "id": "in"}
"""X's posts still bear the older codes of two languages."""
_ALONE = ("is:", "has:", "lang:")
_TOKEN = re.compile(r'\s*(-?"[^"]*"|\(|\)|-?[^\s()"]+)')


class NotAQuery(ValueError):
    """X would answer 400."""


def matches(query: str, post: Post) -> bool:
    """Whether a post is a hit. `OR` binds weaker than a blank.

    Raises:
        NotAQuery
    """
    tokens = _TOKEN.findall(query)
    if "".join(tokens).replace(" ", "") != "".join(query.split()):
        raise NotAQuery(query)
    terms = [token.lstrip("-") for token in tokens if token not in ("(", ")", "OR")]
    if all(term.startswith(_ALONE) for term in terms):
        raise NotAQuery("a term that stands alone is missing")
    holds, rest = _either(tokens, post)
    if rest:
        raise NotAQuery(rest[0])
    return holds


def _either(tokens: list[str], post: Post) -> tuple[bool, list[str]]:
    holds, rest = _all(tokens, post)
    while rest[:1] == ["OR"]:
        other, rest = _all(rest[1:], post)
        holds = holds or other
    return holds, rest


def _all(tokens: list[str], post: Post) -> tuple[bool, list[str]]:
    holds, rest, count = True, tokens, 0
    while rest and rest[0] not in ("OR", ")"):
        if rest[0] == "(":
            one, rest = _either(rest[1:], post)
            if rest[:1] != [")"]:
                raise NotAQuery("a bracket is missing")
            rest = rest[1:]
        else:
            negated, term = rest[0].startswith("-"), rest[0].removeprefix("-").strip('"')
            one, rest = _holds(term, post) is not negated, rest[1:]
        holds, count = holds and one, count + 1
    if count == 0:
        raise NotAQuery("nothing to look for")
    return holds, rest


def _holds(term: str, post: Post) -> bool:
    operator, _, value = term.partition(":")
    if operator == "from":
        return post.author.username.lower() == value.lower()
    if operator == "lang":
        if value not in LANGUAGES:
            raise NotAQuery(f"Invalid language specifier '{value}'")
        return post.language == SHOWN.get(value, value)
    if operator == "is":
        return False  # the fake has no reposts
    if term.startswith("@"):
        return any(m["username"].lower() == term[1:].lower() for m in post.mentions)
    said = " ".join(re.findall(r"[\w#@]+", plain(post.text)))
    sought = " ".join(re.findall(r"[\w#@]+", plain(term)))
    return f" {sought} " in f" {said} "
