"""What the author wants, and how soon, by our own lists. Where nothing speaks, or two things do, it is unsure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hark.domain.reading import Intent, Urgency
from hark.reading.cues import Hit, Pictures, Said
from hark.reading.words import Token

_CALM_MARKS = frozenset(".,!…~-–—'’\"“”´`()،؛")
_LAUGHS = ("ha", "lol", "lm", "wk", "he", "ах", "ха", "خخ", "هه", "חח", "kah", "ro", "рж")
"""How words begin that are only laughter, which mocks no one by itself."""
_VAGUE = 1
"""So few complaining words make a question no complaint."""
_BAD_MOOD = 0.5
_CLEAR_MOOD = 0.6
_SOUR = 0.4


@dataclass(frozen=True)
class Meant:
    """An intent, how sure it is (0 to 1) and the hits that spoke for it."""

    intent: Intent
    sure: float
    because: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Sight:
    """A text as the rules look at it.

    `mood` are the shares of negative, neutral and positive, or none; `clear_by` is how far the largest has to be before
    the next.
    """

    text: str
    tokens: Sequence[Token]
    said: Said
    hits: Sequence[Hit]
    shown: Pictures
    mood: tuple[float, float, float] | None
    clear_by: float
    by_list: dict[str, tuple[Hit, ...]] = field(init=False)

    def __post_init__(self) -> None:
        lists: dict[str, tuple[Hit, ...]] = {}
        for hit in self.hits:
            if not hit.negated or hit.list in ("thanks_with", "request", "issue"):
                lists[hit.list] = (*lists.get(hit.list, ()), hit)
        object.__setattr__(self, "by_list", lists)

    def found(self, name: str) -> tuple[Hit, ...]:
        """The hits of a list that no negation reaches."""
        return self.by_list.get(name, ())

    def apart(self, name: str) -> int:
        """How many places speak for a list: hits that share a word count once."""
        count, end = 0, -1
        for hit in sorted(self.found(name), key=lambda hit: (hit.first, hit.last)):
            if hit.first > end:
                count += 1
            end = max(end, hit.last)
        return count

    @property
    def asks(self) -> bool:
        return any(token.kind == "mark" and token.folded == "?" for token in self.tokens)

    @property
    def has_link(self) -> bool:
        return any(token.kind == "link" for token in self.tokens)

    @property
    def mocks(self) -> bool:
        return any(token.folded in self.shown.mocking for token in self.tokens if token.kind == "emoji")

    def denies(self, name: str) -> bool:
        """All that is said of a mood, positive or negative, is negated."""
        return not self.found(name) and any(hit.list == name for hit in self.hits)

    def share(self, which: int) -> float:
        return self.mood[which] if self.mood else 0.0


def intent(sight: Sight) -> Meant:
    """What the author wants. The order is from what harms people to what can wait."""
    for rule in (_crisis, _thanks, _spam, _abuse, _wish, _taunt, _trouble, _glad, _mood):
        if (meant := rule(sight)) is not None:
            return meant
    return Meant("unsure", 0.0)


def urgency(sight: Sight, known: bool) -> tuple[Urgency, float, tuple[Hit, ...]]:
    """Whether it burns, how sure that is, and the hits. `known` says whether there are lists for the language."""
    burning = sight.found("burning")
    if burning and not sight.found("calm"):
        return "burning", min(0.95, 0.75 + 0.1 * len(burning)), burning
    signs = [token for token in sight.tokens if token.folded in ("🆘", "🚨")]
    if signs and sight.share(2) < _BAD_MOOD:
        return "burning", 0.6, ()
    return ("normal", 0.9, ()) if known and sight.said.words else ("unsure", 0.0, ())


def _crisis(sight: Sight) -> Meant | None:
    certain, alarm = (
        sight.apart("crisis"),
        len({sight.said.words[hit.first].folded[:4] for hit in sight.found("alarm")}),
    )
    if not certain and (alarm < 2 or not (sight.found("burning") or sight.found("complaint"))):
        return None
    if sight.share(2) > _CLEAR_MOOD and not sight.found("negative"):
        return None  # «your new song is fire»
    return Meant("crisis", min(0.95, 0.6 + 0.15 * (certain + alarm)), sight.found("crisis") + sight.found("alarm"))


def _thanks(sight: Sight) -> Meant | None:
    """The whole message is one way of saying thanks, in words and marks that can mean nothing else.

    Praise with a "but" behind it is not; nor is thanks with a link, a hashtag, a number, a question mark or a face that
    is not glad: irony closes no case.
    """
    if not sight.found("thanks") or sight.asks:
        return None
    for token in sight.tokens:
        if token.kind in ("link", "tag", "number"):
            return None
        if token.kind in ("emoji", "smiley") and token.folded not in sight.shown.positive and not _tone(token.folded):
            return None
    kind = [hit for hit in sight.hits if hit.list in ("thanks", "thanks_with")]
    covered = {at for hit in kind for at in range(hit.first, hit.last + 1)}
    if any(hit.negated for hit in sight.hits if hit.list == "thanks") or len(covered) < len(sight.said.words):
        return None
    left = list(sight.text)
    for token in sight.tokens:
        left[token.start : token.end] = " " * (token.end - token.start)
    if any(not char.isspace() and char not in _CALM_MARKS and not _silent(char) for char in left):
        return None
    return Meant("thanks", 0.95, sight.found("thanks"))


def _tone(char: str) -> bool:
    """A colour of skin, which belongs to the hand before it."""
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _silent(char: str) -> bool:
    """Joiners, direction marks and what only changes the look of the character before."""
    return unicodedata.category(char) in ("Mn", "Cf")


def _spam(sight: Sight) -> Meant | None:
    signs = sight.apart("spam")
    if not signs or sight.found("complaint") or (signs < 2 and not sight.has_link):
        return None
    if sight.found("issue") and sight.share(0) > _BAD_MOOD:
        return None  # who tells of a swindle uses the words of swindlers
    sure = 0.55 + 0.1 * signs + 0.1 * sight.has_link
    return Meant("spam", min(0.95, sure), sight.found("spam"))


def _abuse(sight: Sight) -> Meant | None:
    insults = sight.found("abuse")
    if not insults:
        return None
    if sight.found("complaint") or (sight.found("issue") and (sight.asks or sight.found("negative"))):
        return Meant("complaint", 0.75, sight.found("complaint") + sight.found("issue") + insults)
    if sight.share(2) > _CLEAR_MOOD:
        return None
    return Meant("abuse", min(0.9, 0.65 + 0.1 * sight.apart("abuse")), insults)


def _wish(sight: Sight) -> Meant | None:
    """Complaint, request or question: who wants something says so, whatever else is said."""
    complaint, request, question = sight.apart("complaint"), sight.apart("request"), _asking(sight)
    if complaint and _only_asks(sight, complaint, request, question):
        complaint = 0
    if complaint and (request <= complaint or _first(sight, "complaint") < _first(sight, "request")):
        if sight.found("praise") and sight.share(2) > _CLEAR_MOOD:
            return Meant("unsure", 0.0)
        return Meant("complaint", min(0.95, 0.65 + 0.1 * complaint + 0.1 * (sight.share(0) > _BAD_MOOD)),
                     sight.found("complaint"))  # fmt: skip
    if request:
        return Meant("request", min(0.9, 0.65 + 0.1 * request), sight.found("request"))
    if question and not _mocking(sight):
        return Meant("question", question, sight.found("question"))
    return None


def _only_asks(sight: Sight, complaint: int, request: int, question: float) -> bool:
    """One vague word of trouble in a calm question or request («what does error 5 mean?») is no complaint."""
    vague = complaint <= _VAGUE and all(hit.first == hit.last for hit in sight.found("complaint"))
    return vague and (question >= 0.8 or request > 0) and sight.share(0) < _BAD_MOOD


def _asking(sight: Sight) -> float:
    opens = any(_opens(sight.said, hit) for hit in sight.found("question"))
    if sight.asks:
        return 0.9 if sight.found("question") else 0.75
    return 0.65 if opens else 0.0


def _opens(said: Said, hit: Hit) -> bool:
    """The hit begins the text or a clause: «how» asks there, and elsewhere may not."""
    return hit.first == 0 or said.begins[hit.first]


def _first(sight: Sight, name: str) -> int:
    return min((hit.start for hit in sight.found(name)), default=len(sight.text))


def _mocking(sight: Sight) -> bool:
    return any(not _laughs(sight, hit) for hit in sight.found("taunt")) and not sight.found("issue")


def _laughs(sight: Sight, hit: Hit) -> bool:
    return hit.first == hit.last and sight.said.words[hit.first].folded.startswith(_LAUGHS)


def _taunt(sight: Sight) -> Meant | None:
    hits = sight.found("taunt")
    scorn = [hit for hit in hits if not _laughs(sight, hit)]
    signs = len(scorn) + (len(scorn) < len(hits)) + sight.mocks
    if not scorn and not (signs >= 2 and sight.share(0) > _BAD_MOOD):
        return None
    if signs < 2 and (sight.share(0) < _SOUR or (sight.found("praise") and sight.share(2) > _BAD_MOOD)):
        return None
    return Meant("taunt", min(0.9, 0.55 + 0.15 * signs) if scorn else 0.6, hits)


def _trouble(sight: Sight) -> Meant | None:
    """Something bad is said of what customers have with a brand: an order, a bill, an app."""
    bad = sight.found("negative")
    if not bad or not sight.found("issue") or sight.found("positive") or sight.share(2) > sight.share(0):
        return None
    return Meant("complaint", 0.6, bad + sight.found("issue"))


def _glad(sight: Sight) -> Meant | None:
    kind = sight.found("praise") + sight.found("thanks")
    if not kind:
        return None
    if sight.share(0) > _BAD_MOOD or (sight.found("negative") and sight.share(0) > sight.share(2)):
        return Meant("unsure", 0.0)
    return Meant("praise", min(0.9, 0.6 + 0.1 * len(kind) + 0.1 * (sight.share(2) > _BAD_MOOD)), kind)


def _mood(sight: Sight) -> Meant | None:
    """No list speaks: what is left is the mood, and it has to be clear."""
    if sight.mood is None or len(sight.said.words) < 2:
        return None
    negative, neutral, positive = sight.mood
    if negative > _CLEAR_MOOD and _shown(sight, "negative"):
        return Meant("complaint", negative * 0.8, sight.found("negative"))
    if positive > _CLEAR_MOOD and _shown(sight, "positive"):
        return Meant("praise", positive * 0.8, sight.found("positive"))
    if sight.denies("positive") and negative > positive:
        return Meant("complaint", 0.55)
    if len(sight.said.words) >= 3 and max(negative, positive) < _CLEAR_MOOD and neutral > 0.3:
        return Meant("statement", 0.5 + neutral / 4)
    return None


def _shown(sight: Sight, name: str) -> bool:
    pictures: Iterable[str] = sight.shown.negative if name == "negative" else sight.shown.positive
    return bool(sight.found(name)) or any(t.folded in pictures for t in sight.tokens if t.kind in ("emoji", "smiley"))
