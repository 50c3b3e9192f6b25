"""Run a fake Meta until it is interrupted."""

from __future__ import annotations

from hark.providers.meta.fake import SECRETS, Fake
from hark.testkit.command import command_line, json_file, serve


def main() -> None:
    """Read the command line and serve."""
    parser = command_line("hark.providers.meta.fake", __doc__, 9710)
    parser.add_argument(
        "--secrets",
        type=json_file,
        default=SECRETS,
        help="JSON file of account id to secret values, else the lab's own",
    )
    given = parser.parse_args()
    serve("Meta", Fake(given.port, given.webhook, given.secrets))


if __name__ == "__main__":
    main()
