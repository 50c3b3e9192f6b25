"""Bringing a desk back from an export of its table (I37): nothing leaves before somebody releases it.

Every account comes back paused, every reply that was on its way comes back in doubt, since it may have left after the
export; who was erased since the export is erased again, and workflows begin anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hark import log
from hark.desk.forgetting import Forgetting
from hark.desk.sending import Sending
from hark.domain.erasure import Person, Receipt
from hark.domain.reply import UNFINISHED, State
from hark.domain.restored import broken
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.erasures import Erasures
from hark.store.keys import Key
from hark.store.table import Change, ConditionFailed, Item, Table, from_item

RESTORED = "~restore"
"""Who pauses accounts that come back; no member has such an id."""
WHY = "Restored from an export. Look at the replies in doubt, then let it act again."
AT_ONCE, HANDS = 2000, 16
"""Items between two words of how far it is, and writes under way at the same time."""
LEFT_OUT = frozenset({"SESSION", "SIGNIN", "RATE"})
"""Who was signed in signs in again."""


@dataclass
class Report:
    """What a restore did, and what is wrong with what came back."""

    items: int = 0
    left_out: int = 0
    accounts: int = 0
    cases: int = 0
    in_doubt: int = 0
    erased_again: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Seen:
    """What the later steps need of what was loaded: ids only."""

    cases: list[Key] = field(default_factory=list)
    replies: list[Key] = field(default_factory=list)
    people: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Brand, platform and id of a person → the oldest time at which something of them begins."""
    forgotten: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Brand, platform and hash of a person → when they were erased."""


@dataclass(frozen=True)
class Restoring:
    table: Table
    forgetting: Callable[[], Forgetting]
    sending: Callable[[], Sending]
    clock: Callable[[], datetime]

    def restore(
        self, lines: Iterable[Mapping[str, Any]], receipts: Sequence[Receipt], told: Callable[[str], None]
    ) -> Report:
        """Load an export into a new table and make it safe.

        `lines` are `{"Item": …}` as DynamoDB exports them, binary values decoded; `receipts` those of erasures that
        the export may not know of. `told` hears of each step. Run again after it was interrupted, it does the same.

        Raises:
            FormatTooNew: an item was written by a later version of the code (I36). Every botocore error.
        """
        report, seen = Report(), Seen()
        several: list[Item] = []
        for line in lines:
            made = self._made(from_item(line["Item"]), seen, report)
            if made is None:
                report.left_out += 1
                continue
            report.items += 1
            several.append(made)
            if len(several) == AT_ONCE:
                self._put(several)
                several = []
                told(f"{report.items} items")
        self._put(several)
        told(f"{report.items} items loaded, {report.accounts} accounts stand still")
        for key in seen.replies:
            report.in_doubt += self.sending().restored(key)
        told(f"{report.in_doubt} replies are in doubt")
        report.erased_again = self._erase_again(seen, receipts)
        told(f"{report.erased_again} people were erased again")
        report.cases = len(seen.cases)
        for number, key in enumerate(seen.cases, 1):
            report.wrong += self._wrong(key)
            if number % 1000 == 0:
                told(f"{number} of {report.cases} cases looked through")
        told(f"{report.cases} cases looked through, {len(report.wrong)} findings")
        log.info("restore.done", items=report.items, in_doubt=report.in_doubt, wrong=len(report.wrong))
        return report

    def release(self, brand: str) -> int:
        """Let every account act again that a restore has paused; how many. One paused by a lead stays so."""
        accounts, released = Accounts(self.table), 0
        for known in accounts.of_brand(brand):
            if known.get("paused_by") != RESTORED:
                continue
            try:
                self.table.change(accounts.resuming(known))
            except ConditionFailed:
                continue  # somebody else did at this moment
            released += 1
        return released

    # --- loading ---

    def _put(self, items: Sequence[Item]) -> None:
        """Nothing that stands there is written over: a restore that is begun anew goes on, and one into a table that
        lives harms nothing."""
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(self._put_one, items))

    def _put_one(self, item: Item) -> None:
        key = Key(item["pk"], item["sk"])
        try:
            self.table.put(key, item, new=True)
        except ConditionFailed as clash:
            if key.pk.startswith("~#ACCOUNTS#") and not (clash.item or {}).get("paused_at"):
                paused = {name: item[name] for name in ("paused_by", "paused_at", "paused_why")}
                self.table.change(Change(key, paused))  # it was connected before the restore

    def _made(self, item: Item, seen: Seen, report: Report) -> Item | None:
        """The item as it comes back; None: not at all."""
        key, brand = Key(item["pk"], item["sk"]), item["pk"].split("#", 1)[0]
        if key.sk in LEFT_OUT or key.pk.endswith("#PRESENCE"):
            return None
        if key.pk.startswith("~#ACCOUNTS#"):
            report.accounts += 1
            paused = {"paused_by": RESTORED, "paused_at": time_text(self.clock()), "paused_why": WHY}
            return item if item.get("paused_at") else item | paused
        if key.sk == "DEL":
            _, _, platform, subject = key.pk.split("#", 3)
            seen.forgotten[brand, platform, subject] = item["at"]
        elif key.sk == "CASE":
            seen.cases.append(key)
            self._met(seen, brand, item["platform"], item["customer_id"], item["opened_at"])
            return self._waits_anew(item)
        elif key.sk == "HIT":
            self._met(seen, brand, item["platform"], item["person"], item["at"])
        elif key.sk.startswith(keys.REPLY_PREFIX) and State(item["state"]) in UNFINISHED:
            seen.replies.append(key)
        return item

    @staticmethod
    def _met(seen: Seen, brand: str, platform: str, person: str, at: str) -> None:
        if person:
            who = brand, platform, person
            seen.people[who] = min(at, seen.people.get(who, at))

    def _waits_anew(self, case: Item) -> Item:
        """The case without the execution of the old stack; the sweeper starts another for the same generation."""
        now = time_text(self.clock())
        if case["status"] == "closed":
            over = {name: value for name, value in case.items() if name not in ("work_pk", "work_sk")}
            survey = case.get("survey") == "due"
            return case if survey else over | {"signal": "", "workflow": "ended", "look_at": "", "wf_token": ""}
        place = {"look_at": now, "work_pk": keys.work(keys.shard(case["id"])), "work_sk": now}
        return case | {"workflow": "starting", "signal": "", "wf_token": "", "wf_wait": "", **place}

    # --- erasing again ---

    def _erase_again(self, seen: Seen, receipts: Sequence[Receipt]) -> int:
        """Everybody who was erased after what is here of them began; how many."""
        erasures = Erasures(self.table)
        for receipt in receipts:
            for subject in receipt.subjects:
                who = receipt.brand, subject.platform, subject.hash
                if seen.forgotten.get(who, "") < receipt.erased_at:
                    seen.forgotten[who] = receipt.erased_at
                    self.table.transact([erasures.mark(*who, receipt.erased_at, "")])
        again = 0
        for (brand, platform, person), began in seen.people.items():
            at = seen.forgotten.get((brand, platform, keys.subject(brand, platform, person)), "")
            if began <= at:
                id_ = self.forgetting().again(brand, [Person(platform=platform, id=person)], at)
                self.forgetting().go_on(keys.erasure(brand, id_))
                again += 1
        return again

    # --- looking through ---

    def _wrong(self, key: Key) -> list[str]:
        """What is wrong with a case that came back: a sentence each."""
        items = list(self.table.query_all(key.pk))
        case = next(item for item in items if item["sk"] == "CASE")
        thread = list(self.table.query_all(keys.thread(case["brand"], case["id"]), index=keys.LISTS))
        wrong = broken(case, items, thread)
        return [f"{case['id']}: {sentence}" for sentence in wrong]
