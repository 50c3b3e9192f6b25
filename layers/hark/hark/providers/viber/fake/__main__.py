"""Run a fake Viber until it is interrupted. Its webhook is the door's address without the bot."""

from __future__ import annotations

from hark.providers.viber.fake import Fake
from hark.testkit.command import command_line, serve


def main() -> None:
    """Read the command line and serve."""
    given = command_line("hark.providers.viber.fake", __doc__, 9720).parse_args()
    serve("Viber", Fake(given.port, given.webhook))


if __name__ == "__main__":
    main()
