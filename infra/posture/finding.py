"""What a tool found, and which findings we live with, each for a written reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from pydantic import BaseModel, ConfigDict

EXCEPTIONS = Path(__file__).parent / "exceptions.toml"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding: the rule, the file (relative to the checkout) or resource, the line (0: none) and its words."""

    rule: str
    where: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}:{self.line}: {self.words.strip()[:160]}"


class Exempt(BaseModel):
    """Findings of a rule that are right where they are: `where` is a glob, `words` has to be in the line.

    One that is `standing` is a custom of ours and may be needed by nothing at the moment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    where: str
    words: str = ""
    why: str
    standing: bool = False

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one of these."""
        known = re.fullmatch(self.rule, finding.rule) and fnmatch(finding.where, self.where)
        return bool(known) and self.words in finding.words


def exceptions(tool: str) -> list[Exempt]:
    """The exceptions for one tool."""
    return [Exempt.model_validate(each) for each in tomllib.loads(EXCEPTIONS.read_text())[tool]]


def judged(tool: str, found: Iterable[Finding]) -> list[str]:
    """What is wrong: findings without an exception, and exceptions that nothing needs any more."""
    known = exceptions(tool)
    wrong, needed = [], set()
    for finding in sorted(found):
        covering = [each for each in known if each.covers(finding)]
        needed.update(covering)
        if not covering:
            wrong.append(str(finding))
    return wrong + [
        f"{tool}: nothing needs the exception {each.rule} in {each.where}"
        for each in known
        if each not in needed and not each.standing
    ]
