"""Conditions that people write: in the decision tree, in rules of assignment, in what needs an approval.

A condition compares named facts: `intent == "complaint" and (reach >= 5000 or vip)`. The words are `and`, `or`, `not`,
`in`, `true` and `false`; the signs `== != < <= > >=`, round brackets, and square ones for lists. rule-engine parses and
evaluates them; nothing of Python can be reached. What it would allow beyond that is refused here: arithmetic, patterns
and attributes can be made to run for ever, and a slip such as comparing a text with a number would only say "no".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from rule_engine import Rule

LONGEST = 1000
"""Characters of a condition."""

DEEPEST = 20
"""Brackets within brackets."""

_TOKEN = re.compile(
    r"""\s+ | "[^"\\\n]*" | '[^'\\\n]*' | [0-9]+(?:\.[0-9]+)? | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | == | != | <= | >= | < | > | (?P<open>[\[(]) | (?P<close>[\])]) | ,""",
    re.VERBOSE,
)
Sort = Literal["a yes or no", "a number", "a text", "a list of texts"]
_PLAIN: dict[Any, Sort] = {bool: "a yes or no", int: "a number", float: "a number", str: "a text"}


class ConditionError(ValueError):
    """A condition that cannot be used. `rule` is the name its author gave it, `problem` says what is wrong with it."""

    def __init__(self, rule: str, problem: str) -> None:
        super().__init__(f"{rule}: {problem}")
        self.rule, self.problem = rule, problem


@dataclass(frozen=True)
class Fact:
    """What a condition may say of one name: of which kind it is, and its values where there are only so many."""

    kind: Sort
    values: frozenset[str] = frozenset()

    @classmethod
    def of(cls, annotation: Any) -> Fact:
        """
        Raises:
            TypeError: conditions cannot speak of values of this type.
        """
        if get_origin(annotation) is Literal and all(isinstance(value, str) for value in get_args(annotation)):
            return cls("a text", frozenset(get_args(annotation)))
        if isinstance(annotation, type) and issubclass(annotation, Enum) and issubclass(annotation, str):
            return cls("a text", frozenset(member.value for member in annotation))
        if get_origin(annotation) in (tuple, frozenset, list):
            return cls("a list of texts", cls.of(get_args(annotation)[0]).values)
        if annotation in _PLAIN:
            return cls(_PLAIN[annotation])
        raise TypeError(f"a condition cannot speak of {annotation!r}")


class Vocabulary:
    """The names that conditions of one place may use. Made once, where the facts are defined.

    Kinds come from annotations: `bool`, `int`, `float`, `str`, a `Literal` or `StrEnum` of texts, `tuple[str, ...]`.
    """

    def __init__(self, annotations: Mapping[str, Any]) -> None:
        """
        Raises:
            TypeError: conditions cannot speak of values of one of the types.
        """
        self.facts = {name: Fact.of(annotation) for name, annotation in annotations.items()}

    @classmethod
    def of(cls, described: type) -> Vocabulary:
        """The fields of a data class or pydantic model, all of them."""
        return cls(get_type_hints(described))

    def condition(self, rule: str, text: str) -> Condition:
        """The condition ready for use, the same object for the same text. `rule` is how errors call it.

        Raises:
            ConditionError: it is no condition, uses a name that is not here, or compares what cannot be compared.
        """
        try:
            return Condition(rule, text, _compiled(self, text))
        except ConditionError as error:
            raise ConditionError(rule, error.problem) from error.__cause__


@dataclass(frozen=True)
class Condition:
    rule: str
    text: str
    compiled: Rule

    @property
    def names(self) -> frozenset[str]:
        """The facts it speaks of."""
        return frozenset(self.compiled.context.symbols)

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether it is so. `facts` has a value of the right kind for each name the condition uses.

        Raises:
            ConditionError: a fact is missing or of another kind. Whoever gives the facts has made a mistake.
        """
        from rule_engine.errors import EngineError

        named = {name: facts[name] for name in self.names if name in facts}
        plain = {name: value.value if isinstance(value, Enum) else value for name, value in named.items()}
        try:
            return bool(self.compiled.matches(plain))
        except EngineError as error:
            raise ConditionError(self.rule, error.message) from error


@cache
def _compiled(vocabulary: Vocabulary, text: str) -> Rule:
    from rule_engine import Context, DataType, Rule, type_resolver_from_dict
    from rule_engine.errors import EngineError

    _spell(vocabulary, text)
    types = {
        "a yes or no": DataType.BOOLEAN, "a number": DataType.FLOAT, "a text": DataType.STRING,
        "a list of texts": DataType.ARRAY(DataType.STRING),
    }  # fmt: skip
    known = {name: types[fact.kind] for name, fact in vocabulary.facts.items()}
    try:
        rule = Rule(text, context=Context(type_resolver=type_resolver_from_dict(known), default_timezone="utc"))
    except EngineError as error:
        raise ConditionError("", f"it cannot be read: {error.message}") from error
    if (kind := _Checker(vocabulary).kind(rule.statement.expression)) != "a yes or no":
        raise ConditionError("", f"it has to say yes or no, but is {kind}")
    return rule


def _spell(vocabulary: Vocabulary, text: str) -> None:
    """Only the words and signs that a condition needs, before anything is parsed or computed."""
    if not text.strip():
        raise ConditionError("", "it is empty")
    if len(text) > LONGEST:
        raise ConditionError("", f"it is longer than {LONGEST} characters")
    place = depth = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise ConditionError("", f"{text[place : place + 10]!r} at character {place + 1} has no meaning here")
        word = token["word"]
        if word and word not in ("and", "or", "not", "in", "true", "false") and word not in vocabulary.facts:
            known = ", ".join(sorted(vocabulary.facts))
            raise ConditionError("", f"nothing is known by the name {word!r}; names are {known}")
        depth += bool(token["open"]) - bool(token["close"])
        if depth > DEEPEST:
            raise ConditionError("", f"its brackets are more than {DEEPEST} deep")
        place = token.end()


class _Checker:
    """Kinds of the parts of a parsed condition."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.facts = vocabulary.facts

    def kind(self, node: Any) -> str:
        from rule_engine import ast

        match node:
            case ast.BooleanExpression():
                return "a yes or no"
            case ast.FloatExpression():
                return "a number"
            case ast.StringExpression():
                return "a text"
            case ast.SymbolExpression():
                return self.facts[node.name].kind
            case ast.ArrayExpression():
                if {self.kind(member) for member in node.value} - {"a text"} or not node.value:
                    raise ConditionError("", "a list holds texts, at least one")
                return "a list of texts"
            case ast.LogicExpression():
                self._want("a yes or no", f"{node.type!r} joins", node.left, node.right)
            case ast.UnaryExpression(type="not"):
                self._want("a yes or no", "'not' turns round", node.right)
            case ast.ArithmeticComparisonExpression():
                self._want("a number", "more and less are of", node.left, node.right)
            case ast.ComparisonExpression():
                left, right = self.kind(node.left), self.kind(node.right)
                if left != right or left == "a list of texts":
                    raise ConditionError("", f"{left} cannot be equal to {right}")
                self._values(node.left, node.right)
                self._values(node.right, node.left)
            case ast.ContainsExpression():
                if (self.kind(node.member), self.kind(node.container)) != ("a text", "a list of texts"):
                    raise ConditionError("", "'in' looks for a text in a list of texts")
                for one in node.container.value if isinstance(node.container, ast.ArrayExpression) else ():
                    self._values(node.member, one)
                self._values(node.container, node.member)
            case _:
                raise ConditionError("", f"{type(node).__name__.removesuffix('Expression')} has no meaning here")
        return "a yes or no"

    def _want(self, kind: str, what: str, *nodes: Any) -> None:
        for node in nodes:
            if (found := self.kind(node)) != kind:
                raise ConditionError("", f"{what} {kind}, not {found}")

    def _values(self, name: Any, literal: Any) -> None:
        """A fact of only so many values is compared with one of them: a slip would hold never, or always."""
        from rule_engine import ast

        if isinstance(name, ast.SymbolExpression) and isinstance(literal, ast.StringExpression):
            values = self.facts[name.name].values
            if values and literal.value not in values:
                raise ConditionError(
                    "", f"{name.name} is never {literal.value!r}; it is one of {', '.join(sorted(values))}"
                )
