"""Run a fake X until it is interrupted."""

from __future__ import annotations

from hark.providers.x.fake import SECRETS, Fake
from hark.testkit.command import command_line, json_file, serve


def main() -> None:
    """Read the command line and serve."""
    parser = command_line("hark.providers.x.fake", __doc__, 9700)
    parser.add_argument(
        "--credentials",
        type=json_file,
        default=SECRETS["5550001"],
        help="JSON file of secret values, else the lab's own",
    )
    given = parser.parse_args()
    serve("X", Fake(given.port, given.webhook, given.credentials))


if __name__ == "__main__":
    main()
