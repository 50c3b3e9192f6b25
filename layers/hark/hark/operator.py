"""The operator's commands: connect an account, invite a colleague, set a brand's policy, prove the ledger.

    python -m hark.operator connect x --stack hark --brand acme --account 5550001 --handle acme < secrets.json
    python -m hark.operator invite --stack hark --brand acme --email dana@example.com --name "Dana Ozola" \\
      --team web --language lv --language ru --shift "mon-fri 09:00-17:00" --capacity 8
    python -m hark.operator remove --stack hark --brand acme --email dana@example.com
    python -m hark.operator policy --stack hark --brand acme < policy.json
    python -m hark.operator try-tree --stack hark --brand acme --days 1 < shadow.json
    python -m hark.operator shadow --stack hark --brand acme
    python -m hark.operator ledger verify --stack hark --brand acme --since 2026-11-01 --json

Secrets come on standard input as a JSON object, never as arguments: arguments are seen by every process list.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from secrets import token_hex
from typing import TYPE_CHECKING, Any, get_args

from hark import aws, ledger_command
from hark.desk.trying import Trying
from hark.domain.account import Account
from hark.domain.people import Member, Role, initials
from hark.domain.policy import Policy
from hark.domain.roster import Shift, known_zone
from hark.domain.triage_choices import ShadowTree
from hark.providers import contract
from hark.store.accounts import Accounts
from hark.store.cases import Cases
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.shadow import Shadows
from hark.store.table import Table

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


def clock() -> datetime:
    """The operator's clock; tests put theirs here."""
    return datetime.now(UTC)


class NotUsable(ValueError):
    """What was given cannot be used; the text says what to change."""


def connect(table: Table, secrets_path: str, account: Account, secrets: Mapping[str, str]) -> None:
    """Store an account and its secrets (SecureString, encrypted by the account's own free key).

    Connecting one that is known renews its access and keeps what was learnt of it. The application's secrets that are
    not given stay as they are, for its other accounts use them; an empty one is taken away.

    Raises:
        NotUsable: an unknown provider, or a secret the provider does not know.
    """
    if account.provider not in contract.names():
        raise NotUsable(f"there is no provider {account.provider}; known: {', '.join(sorted(contract.names()))}")
    door = contract.load(account.provider, "door")
    fields, of_the_app = door.FIELDS, door.APP_FIELDS
    unknown = sorted(set(secrets) - set(fields))
    if unknown:
        raise NotUsable(f"unknown secrets {', '.join(unknown)}; known: {', '.join(fields)}")
    app, shared = f"{secrets_path}/{account.provider}/app", {k: v for k, v in secrets.items() if k in of_the_app}
    parts = {
        app: {k: v for k, v in {**_stored(app), **shared}.items() if v} if shared else {},
        f"{secrets_path}/{account.provider}/accounts/{account.id}": {
            k: v for k, v in secrets.items() if k not in of_the_app
        },
    }
    if door.SIGNED_PER_ACCOUNT:
        parts[f"{secrets_path}/{account.provider}/signing/{account.id}"] = dict(secrets)
    for name, values in parts.items():
        if values:
            aws.ssm().put_parameter(Name=name, Value=json.dumps(values), Type="SecureString", Overwrite=True)
    Accounts(table).save(account.model_dump(mode="json"))


def _stored(name: str) -> dict[str, str]:
    try:
        said = json.loads(aws.ssm().get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
    except aws.ssm().exceptions.ParameterNotFound:
        return {}
    except ValueError:
        return {}  # no JSON: no secret, as for whoever reads it
    return dict(said) if isinstance(said, dict) else {}


def invite(pool: CognitoIdentityProviderClient, pool_id: str, brand: str, email: str, name: str, role: str) -> str:
    """Invite a colleague by e-mail; the id they will have. The first sign-in makes them a member."""
    answer = pool.admin_create_user(
        UserPoolId=pool_id,
        Username=email,
        DesiredDeliveryMediums=["EMAIL"],
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "name", "Value": name},
            {"Name": "custom:brand", "Value": brand},
            {"Name": "custom:role", "Value": role},
        ],
    )
    return next(a["Value"] for a in answer["User"]["Attributes"] if a["Name"] == "sub")


def enrol(table: Table, member_id: str, brand: str, email: str, name: str, role: Role, **more: Any) -> Member:
    """Put a colleague on the team before the first sign-in, so that cases can be given to them at once."""
    member = Member(id=member_id, brand=brand, name=name, email=email, initials=initials(name), role=role, **more)
    People(table).save(member)
    return member


def remove(table: Table, brand: str, member_id: str) -> None:
    """Take somebody off the team: out at their next request, and all their cases go back to the queues.

    Raises:
        NotUsable: there is no such member.
    """
    people = People(table)
    if people.member(brand, member_id) is None:
        raise NotUsable("there is no such member")
    fields = {
        "removed": True, "hand_back": "left", "hand_back_note": "", "hand_back_by": "", "sessions_mark": token_hex(8),
    }  # fmt: skip
    table.transact(people.changes(brand, member_id, fields))


def _trying(table: Table) -> Trying:
    from hark.reading.builtin import Builtin

    return Trying(Cases(table), Messages(table), People(table), lambda: clock(), Builtin)


def _show(told: object) -> int:
    print(json.dumps(told, indent=2, ensure_ascii=False))
    return 0


def _outputs(stack: str) -> dict[str, str]:
    import boto3

    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def _settings(given: list[str]) -> dict[str, str | bool | int]:
    """`true` and `false` are meant, and so are whole numbers; all else is text.

    Raises:
        NotUsable: no NAME=VALUE, or a price that is no number.
    """
    pairs = [one.partition("=") for one in given]
    if not all(name and sign for name, sign, _ in pairs):
        raise NotUsable("a setting is NAME=VALUE")
    found: dict[str, str | bool | int] = {}
    for name, _, value in pairs:
        if name.endswith("_usd") and not re.fullmatch(r"[0-9]{1,4}([.][0-9]{1,6})?", value):
            raise NotUsable(f"{name} is a price in US dollars, such as 0.02")
        if value in ("true", "false"):
            found[name] = value == "true"
        else:
            found[name] = int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else value
    return found


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def shift(said: str, zone: str) -> Shift:
    """A shift from `mon-fri 09:00-17:00`, `sat,sun 22:00-06:00` or with a zone of its own at the end.

    Raises:
        NotUsable: it is none.
    """
    found = re.fullmatch(r"([a-z,-]+) (\d\d:\d\d)-(\d\d:\d\d)(?: (\S+))?", said.strip().lower(), re.ASCII)
    wrong = NotUsable(f"{said!r} is no shift; one is: mon-fri 09:00-17:00 Europe/Riga")
    if not found:
        raise wrong
    days: list[int] = []
    for part in found[1].split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last or first) not in _DAYS:
            raise wrong
        begin, end = _DAYS.index(first), _DAYS.index(last or first)
        days += range(begin, end + 1) if begin <= end else [*range(begin, 7), *range(end + 1)]
    own_zone = said.strip().split(" ")[2:]
    try:
        return Shift(
            days=tuple(sorted(set(days))), start=time.fromisoformat(found[2]), end=time.fromisoformat(found[3]),
            zone=known_zone(own_zone[0] if own_zone else zone),
        )  # fmt: skip
    except ValueError as trouble:
        raise wrong from trouble


def work_of(asked: argparse.Namespace, policy: Policy) -> dict[str, Any]:
    """What `invite` was told of a colleague's work, as fields of `Member`; what was not told stays as shipped.

    Raises:
        NotUsable: a team that the brand's policy does not have, or no shift.
    """
    unknown = sorted(set(asked.team) - {team.id for team in policy.assignment.teams})
    if unknown:
        raise NotUsable(f"there is no team {unknown[0]} in the brand's policy")
    told = {
        "teams": tuple(asked.team), "languages": tuple(asked.language), "skills": tuple(asked.skill),
        "handle": asked.handle.lstrip("@"), "capacity": asked.capacity, "level": asked.level,
        "spend_limit": asked.spend_limit, "shifts": tuple(shift(one, policy.calendar.zone) for one in asked.shift),
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, (), "")}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hark.operator", description=__doc__.split("\n", 1)[0])
    commands = parser.add_subparsers(dest="command", required=True)
    accounts = commands.add_parser("connect", help="connect an account; its secrets come on standard input as JSON")
    accounts.add_argument("provider")
    accounts.add_argument("--account", required=True, help="the platform's id of the account")
    accounts.add_argument("--handle", required=True)
    accounts.add_argument("--name", default="")
    accounts.add_argument(
        "--platform", action="append", default=[], help="one it carries, if not the provider's own; may be repeated"
    )
    accounts.add_argument("--linked", default="", help="the provider's other account that belongs to this one")
    accounts.add_argument(
        "--feature", action="append", default=[], help="granted by the platform, such as human_agent; may be repeated"
    )
    accounts.add_argument(
        "--setting", action="append", default=[], metavar="NAME=VALUE", help="known to the provider; may be repeated"
    )
    people = commands.add_parser("invite", help="invite a colleague by e-mail")
    people.add_argument("--email", required=True)
    people.add_argument("--name", required=True)
    people.add_argument("--role", choices=get_args(Role), default="agent")
    people.add_argument("--team", action="append", default=[], help="of the brand's policy; may be repeated")
    people.add_argument("--language", action="append", default=[], help="spoken, such as lv; may be repeated")
    people.add_argument("--skill", action="append", default=[], help="that rules may ask for; may be repeated")
    people.add_argument("--handle", default="", help="how customers call this agent on the platforms")
    people.add_argument("--capacity", type=int, help="cases at a time that wait for us; 12 if not given")
    people.add_argument("--level", type=int, help="authority, 0 to 9")
    people.add_argument("--spend-limit", type=int, help="what may be given away in one case, in units of currency")
    people.add_argument(
        "--shift",
        action="append",
        default=[],
        help="such as 'mon-fri 09:00-17:00'; may be repeated; none: always",
    )
    leaving = commands.add_parser("remove", help="take somebody off the team; their cases go back to the queues")
    leaving.add_argument("--email", required=True)
    policies = commands.add_parser("policy", help="set the brand's policy; it comes on standard input as JSON")
    trials = commands.add_parser(
        "try-tree",
        help="what a tree on standard input (as `triage.shadow` of the policy) would have made of past cases",
    )
    trials.add_argument("--days", type=int, default=1, help="of cases that triage read in so many days")
    shadows = commands.add_parser("shadow", help="how the rules on trial compare with those in force")
    for command in (accounts, people, leaving, policies, trials, shadows):
        command.add_argument("--stack", required=True)
        command.add_argument("--brand", required=True)
    ledger_command.options(commands.add_parser("ledger", help="prove that no event was lost, changed or added"))
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when done, 1 with a sentence on standard error when not."""
    asked = _parser().parse_args(arguments)
    if asked.command == "ledger":
        return ledger_command.verify(asked, _outputs, clock)
    outputs = _outputs(asked.stack)
    table = Table(aws.dynamodb(), outputs["TableName"])
    try:
        if asked.command == "connect":
            platforms = tuple(asked.platform) or (asked.provider,)
            account = Account(
                provider=asked.provider, id=asked.account, brand=asked.brand, platform=platforms[0],
                platforms=platforms, handle=asked.handle, name=asked.name, linked=asked.linked,
                features=tuple(asked.feature), settings=_settings(asked.setting),
            )  # fmt: skip
            connect(table, outputs["SecretsPath"], account, json.load(sys.stdin))
        elif asked.command == "invite":
            import boto3

            pool = boto3.client("cognito-idp")
            work = work_of(asked, People(table).policy(asked.brand))
            member_id = invite(pool, outputs["AgentPoolId"], asked.brand, asked.email, asked.name, asked.role)
            enrol(table, member_id, asked.brand, asked.email, asked.name, asked.role, **work)
        elif asked.command == "remove":
            import boto3

            pool, pool_id = boto3.client("cognito-idp"), outputs["AgentPoolId"]
            known = pool.admin_get_user(UserPoolId=pool_id, Username=asked.email)["UserAttributes"]
            remove(table, asked.brand, next(a["Value"] for a in known if a["Name"] == "sub"))
            pool.admin_disable_user(UserPoolId=pool_id, Username=asked.email)
        elif asked.command == "try-tree":
            shadow = ShadowTree.model_validate(json.load(sys.stdin))
            return _show(asdict(_trying(table).over(asked.brand, shadow, asked.days)))
        elif asked.command == "shadow":
            return _show(Shadows(table).told(asked.brand))
        else:
            People(table).save_policy(asked.brand, Policy.model_validate(json.load(sys.stdin)))
    except ValueError as wrong:
        print(f"not done: {wrong}", file=sys.stderr)
        return 1
    print("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
