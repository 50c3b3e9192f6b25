"""The reader that runs inside the function: no network, no service, and no word it has not seen before trusted.

Language by a small model (`language`), mood by a linear one (`mood`), intent and urgency by our own lists (`cues`).
"""

from __future__ import annotations

from hark.domain.reading import UNSURE, Evidence, Field, Reading, Sentiment
from hark.reading.cues import LANGUAGES, NEGATES_WITHIN, Cues, Hit, Said, cues, pictures
from hark.reading.intent import Meant, Sight, intent, urgency
from hark.reading.language import SHORT_WORDS, Guess, guess
from hark.reading.mood import CLASSES, measures, model, negations, pieces
from hark.reading.words import Token, script, tokens

ENGINE = "built-in 2"

_OF_SCRIPT = {"Latn": ("en", "lv", "ms"), "Cyrl": ("ru",), "Hebr": ("he",), "Arab": ("ar",)}
_NEAR = {"id": "ms", "in": "ms", "iw": "he"}
"""Languages read with the lists of another."""
_ALONE = 0.9
"""How sure a language is that the model names and that alone of the brand's is written in this script."""
_FEW = 2
_MOST = 0.6
_LESS = 0.9
"""Our lists name a language when they know this share of at least so many words; they are believed a little less."""
_LIKE: dict[str, Sentiment] = {
    "complaint": "negative", "abuse": "negative", "crisis": "negative", "taunt": "negative",
    "praise": "positive", "thanks": "positive", "spam": "neutral",
}  # fmt: skip
"""The mood an intent goes with."""
_AGAINST = 0.6


class Builtin:
    """Reads a text by itself. The same text is always read the same way."""

    def read(self, text: str, hint: str, expected: tuple[str, ...]) -> Reading:
        """Language, mood, intent and urgency of a text; each may be unsure. Never raises, whatever the text is."""
        found = tokens(text)
        said = Said.of(text, found)
        told = _told(text, hint, expected, said)
        lists = _lists(told.code, said, text, expected)
        hits = _hits(lists, said)
        guessed = told.code == UNSURE and len(lists) > 1
        mood = _mood(lists, said, found, hits, guessed)
        sight = Sight(text, found, said, hits, pictures(), mood, model(lists[0].language).apart if mood else 0.0)
        meant = intent(sight)
        sentiment, share = _sentiment(sight, meant)
        soon, soon_sure, soon_hits = urgency(sight, known=bool(lists))
        sure = [
            certainty
            for certainty, unsure in (
                (told.share, told.code == UNSURE), (share, sentiment == "unsure"),
                (meant.sure, meant.intent == "unsure"), (soon_sure, soon == "unsure"),
            )
            if not unsure
        ]  # fmt: skip
        return Reading(
            told.code, sentiment, meant.intent, soon, round(min(sure, default=0.0), 3), ENGINE,
            (
                *_whole(told, said), *_spoken("sentiment", _for_mood(sight, sentiment)),
                *_spoken("intent", meant.because), *_spoken("urgency", soon_hits),
            ),
        )  # fmt: skip


def _told(text: str, hint: str, expected: tuple[str, ...], said: Said) -> Guess:
    """The language, from the model, the platform's hint and our lists, which may know most of the words.

    X's hint is often wrong for a short text, and so is the model: neither is believed against our lists there.
    """
    found = guess(text, hint, expected)
    near = [name for name in _OF_SCRIPT.get(script(text), ()) if name in expected]
    if _belied(found.code, said, near):
        found = guess(text, "", expected) if len(said.words) > SHORT_WORDS else Guess(UNSURE, 0.0)
    if found.code in near:
        backed = _ALONE if len(near) == 1 else (1 + _known(found.code, said)) / 2
        return Guess(found.code, max(found.share, backed), found.by)
    if found.code in expected or len(said.words) < _FEW:
        return found
    shares = {name: _known(name, said) for name in near}
    best = max(shares.values(), default=0.0)
    names = [name for name, share in shares.items() if share == best]
    return Guess(names[0], best * _LESS, "list.common") if best >= _MOST and len(names) == 1 else found


def _known(name: str, said: Said) -> float:
    """The share of the words, 0 to 1, that a language's lists know."""
    return len(cues(name).known(said)) / len(said.words)


def _belied(code: str, said: Said, near: list[str]) -> bool:
    """Another language of `near` knows words that this one does not, and more of them than the other way round.

    Where this one has no lists, the other has to know half of the words.
    """
    named = _NEAR.get(code, code)
    others = [name for name in near if name != named]
    if code == UNSURE or not others:
        return False
    own = cues(named).known(said) if named in LANGUAGES else set()
    for name in others:
        other = cues(name).known(said)
        if len(other - own) > len(own - other) and (named in LANGUAGES or len(other) * 2 >= len(said.words)):
            return True
    return False


def _lists(code: str, said: Said, text: str, expected: tuple[str, ...]) -> tuple[Cues, ...]:
    """The lists to look a text up in, the main one first.

    A text whose language is not told is looked up in every list of its script the brand expects; a text in a language
    without lists in none. Words in another script than the rest are looked up as well.
    """
    main, of_text = _NEAR.get(code, code), script(text)
    if main in LANGUAGES:
        names = [main]
    elif code == UNSURE:
        near = _OF_SCRIPT.get(of_text, ())
        names = [name for name in near if name in expected] or list(near)
        names.sort(key=lambda name: -_known(name, said) if said.words else 0.0)
    else:
        return ()
    for name in sorted({script(word.folded) for word in said.words} - {of_text}):
        names += [other for other in _OF_SCRIPT.get(name, ())[:1] if other not in names]
    return tuple(cues(name) for name in names)


def _hits(lists: tuple[Cues, ...], said: Said) -> list[Hit]:
    return list(dict.fromkeys(hit for listed in lists for hit in listed.find(said)))


def _mood(
    lists: tuple[Cues, ...], said: Said, found: list[Token], hits: list[Hit], guessed: bool
) -> tuple[float, float, float] | None:
    """Shares of negative, neutral and positive; None where no lists are there, or `guessed` ones that say nothing."""
    if not lists:
        return None
    main = lists[0]
    if guessed and not hits:
        return None
    negated = negations(said, main.negators, NEGATES_WITHIN)
    shares = model(main.language).shares(pieces(found, negated), measures(hits, found, pictures()))
    return shares[0], shares[1], shares[2]


def _sentiment(sight: Sight, meant: Meant) -> tuple[Sentiment, float]:
    """The mood, where the model, our lists and the intent do not speak against each other."""
    if sight.mood is None:
        return _by_pictures(sight)
    top = max(range(len(CLASSES)), key=lambda which: sight.share(which))
    best, share = CLASSES[top], sight.share(top)
    wanted = _LIKE.get(meant.intent)
    if wanted is not None:
        against = sight.share(2 if wanted == "negative" else 0)
        if against > _AGAINST and wanted != "neutral":
            return "unsure", 0.0
        return wanted, max(meant.sure, sight.share(CLASSES.index(wanted)))
    if sight.denies("positive") and sight.share(0) > sight.share(2):
        return "negative", max(0.5, sight.share(0))  # «not good»
    rest = sorted(sight.mood, reverse=True)[1]
    if share - rest < sight.clear_by or sight.denies(best):
        return "unsure", 0.0
    return best, share


def _by_pictures(sight: Sight) -> tuple[Sentiment, float]:
    """The mood of a text of which only the pictures are understood."""
    shown = [token.folded for token in sight.tokens if token.kind in ("emoji", "smiley")]
    glad = sum(picture in sight.shown.positive for picture in shown)
    sad = sum(picture in sight.shown.negative for picture in shown)
    if bool(glad) == bool(sad) or sight.mocks:
        return "unsure", 0.0
    return ("positive" if glad else "negative"), min(0.9, 0.6 + 0.1 * (glad + sad))


def _for_mood(sight: Sight, sentiment: Sentiment) -> tuple[Hit, ...]:
    return sight.found(sentiment) if sentiment in ("negative", "positive") else ()


def _whole(told: Guess, said: Said) -> tuple[Evidence, ...]:
    if told.code == UNSURE or not said.words:
        return ()
    return (Evidence("language", said.words[0].start, said.words[-1].end, told.by),)


def _spoken(field: Field, hits: tuple[Hit, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence(field, hit.start, hit.end, f"list.{hit.list}") for hit in hits)
