"""A reader behind a reader: what the first cannot read at the moment, the second does."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from hark import log
from hark.domain.reading import Reader, Reading


class CannotRead(Exception):
    """This text is not for this reader, or its answer makes no sense. `code` is for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Backed:
    """Asks a service first and the built-in reader when the service fails: no case waits for a service."""

    first: Reader
    behind: Reader

    def read(self, text: str, hint: str, expected: tuple[str, ...]) -> Reading:
        """As the first reader read it, else as the second; `Reading.engine` says who did."""
        try:
            return self.first.read(text, hint, expected)
        except CannotRead as why:
            log.info("reading.not_for_it", code=why.code)
        except (ClientError, BotoCoreError) as trouble:
            log.error("reading.service_failed", trouble)
            log.count("reading_failed", "none")
        return self.behind.read(text, hint, expected)
