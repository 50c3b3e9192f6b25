"""Between the case and its workflow: start it, tell it, mend it. Nothing here decides anything about a case."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hark import log
from hark.domain import bells
from hark.domain import case as rules
from hark.domain.case import WATCH_MARGIN_SECONDS, Case
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases, Stale
from hark.store.keys import Key
from hark.store.people import People
from hark.store.table import ConditionFailed

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

WAITS = ("AwaitAnswer", "AwaitApproval", "AwaitCustomer", "AwaitSolved")
WELL = ""
"""A wait that ends as it should; all else is the error it ends with."""
LOOK_ANEW = "MovedOn"

# Which wait of the workflow a signal ends, and how. A token of another wait is left alone: the workflow has moved on
# already or will see the state of the case at its next step.
ENDS: dict[str, dict[str, str]] = {
    "answered": {"AwaitAnswer": WELL, "AwaitApproval": WELL},
    "customer": {"AwaitCustomer": WELL, "AwaitSolved": WELL, "AwaitApproval": LOOK_ANEW},
    "drafted": {"AwaitAnswer": "Drafted", "AwaitCustomer": LOOK_ANEW, "AwaitSolved": LOOK_ANEW},
    "moved": dict.fromkeys(WAITS, LOOK_ANEW),
    "closed": dict.fromkeys(WAITS, "CaseClosed"),
}


def execution_name(case: Case) -> str:
    """One name per case and generation, so that a second start is harmless (I13)."""
    return f"{case.id}-g{case.gen}"


@dataclass(frozen=True)
class Workflow:
    cases: Cases
    people: People
    client: Callable[[], SFNClient]
    state_machine: Callable[[], str]
    clock: Callable[[], datetime]

    def move(self, case: Case) -> None:
        """Start or signal what a committed change of a case asks for, at once and at best.

        A failure here loses nothing: the case stands in the work index until it is done, and the sweeper does it.
        """
        try:
            if case.workflow == "starting":
                self.start(case)
            elif case.signal:
                self.deliver(case.brand, case.id)
        except Stale:
            log.info("workflow.moved_meanwhile", case=case.id)
        except Exception as trouble:
            log.error("workflow.left_to_sweeper", trouble, case=case.id, gen=case.gen)

    def start(self, case: Case) -> None:
        """Start this generation's execution; one that runs already is as good.

        Raises:
            Stale: the case moved on.
        """
        client, name = self.client(), execution_name(case)
        request = {"brand": case.brand, "case": case.id, "gen": case.gen}
        try:
            client.start_execution(stateMachineArn=self.state_machine(), name=name, input=json.dumps(request))
        except client.exceptions.ExecutionAlreadyExists:
            if not self._runs(case):
                self._again(case)
                return
        self.cases.workflow_runs(case, self._now())
        log.info("workflow.started", case=case.id, gen=case.gen)

    def deliver(self, brand: str, case_id: str) -> None:
        """Tell the waiting workflow what happened. Delivered twice it does nothing twice.

        The case is read again: the token is written by the workflow itself, under the condition that the case still
        waits for what the workflow waits for. So either it is here now, or the workflow will not begin to wait.
        """
        case = self.cases.get(brand, case_id)
        if case is None or not case.signal:
            return
        client = self.client()
        word = ENDS[case.signal].get(case.wf_wait) if case.wf_token else None
        if word is not None:
            try:
                if word == WELL:
                    client.send_task_success(taskToken=case.wf_token, output=json.dumps({"deadline": case.deadline}))
                else:
                    client.send_task_failure(taskToken=case.wf_token, error=word, cause=case.deadline)
            except (
                client.exceptions.TaskDoesNotExist, client.exceptions.TaskTimedOut, client.exceptions.InvalidToken,
            ):  # fmt: skip
                log.info("workflow.not_waiting", case=case.id, gen=case.gen, signal=case.signal)
        self.cases.signal_delivered(case, self._now())

    def mend(self, key: Key) -> str:
        """The sweeper's look at a case: finish what was begun, replace a dead workflow; a word for the log."""
        case = self.cases.get(keys.brand_of(key), keys.case_of(key))
        now = self._now()
        if case is None or not case.look_at or case.look_at > now:
            return "nothing"
        try:
            return self._mend(case, now)
        except (Stale, ConditionFailed):
            return "moved"

    def died(self, brand: str, case_id: str, gen: int) -> None:
        """An execution ended without the case being over: begin the next generation at once."""
        case = self.cases.get(brand, case_id)
        try:
            if case and case.gen == gen and case.workflow != "ended" and not self._runs(case):
                self._again(case)
        except Stale:
            log.info("workflow.moved_meanwhile", case=case_id)  # the event comes at least once: another one was faster

    def _mend(self, case: Case, now: str) -> str:
        if case.workflow == "starting":
            self.start(case)
            return "started"
        if case.signal:
            self.deliver(case.brand, case.id)
            return "signalled"
        if case.status == "snoozed" and case.snoozed_until <= now:
            policy = self.people.policy(case.brand)
            self.cases.commit(case, *rules.woken(case, policy, "", now), now)
            return "woken"
        # Past the deadline the workflow rings all of it; one that is dead has to be found at its own time.
        if (warns_at := bells.warns_at(case)) and warns_at <= now < case.deadline:
            self.cases.commit(case, *rules.reminded(case, self.people.policy(case.brand), now), now)
            return "warned"
        if self._runs(case):
            self.cases.looked_at(case, after(now, WATCH_MARGIN_SECONDS))
            return "well"
        self._again(case)
        return "restarted"

    def _again(self, case: Case) -> None:
        log.warning("workflow.restarted", case=case.id, gen=case.gen)
        now = self._now()
        fresh = self.cases.commit(case, *rules.restarted(case, now), now)
        self.start(fresh)

    def _runs(self, case: Case) -> bool:
        """Whether the execution of this generation is alive."""
        client = self.client()
        machine = self.state_machine()
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{execution_name(case)}"
        try:
            return client.describe_execution(executionArn=arn)["status"] in ("RUNNING", "PENDING_REDRIVE")
        except client.exceptions.ExecutionDoesNotExist:
            return False

    def _now(self) -> str:
        return time_text(self.clock())
