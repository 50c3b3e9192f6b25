"""The states of queue and conversation, for the rules of accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hark.domain.time import text as time_text
from hark.domain.verbs import Standing
from playwright.sync_api import Locator, Page, expect

from tests.e2e.fixed_desk import HOUR, NOW, FixedDesk, Shape, a
from tests.e2e.soundness import WIDE, Scene, Stage, State, forgive, go, lost
from tests.e2e.test_customer_pane import known, talk
from tests.e2e.test_desk_care import DANA, OMAR, refused, unsent, waiting
from tests.e2e.test_incidents_screen import incident
from tests.e2e.test_messages import ILL, act, ours

FAILED = refused(503, "failed", "Nothing was changed; try again.")
OFTEN = 60
"""As often as something may be asked for while a state is looked at."""
THREAD = ".conversation"


def until(desk: FixedDesk, page: Page, shown: Locator) -> None:
    """The clocks go on until it is there."""
    for _ in range(40):
        if shown.count():
            return
        desk.pass_time(page, timedelta(seconds=3))
        page.wait_for_timeout(100)
    expect(shown).to_be_visible()


def without_list(desk: FixedDesk) -> FixedDesk:
    """Its list is empty whatever conversations there are: what is looked at elsewhere is not looked at again."""
    nothing = {"mine": 0, "unassigned": 0, "open": 0, "snoozed": 0}
    desk.answers["GET queue"] = [(200, {"items": [], "next": None, "counts": nothing, "now": time_text(NOW)})] * OFTEN
    return desk


# --- the queue ----------------------------------------------------------------------------------


def all_kinds(desk: FixedDesk) -> None:
    """Rows with every mark that a row can have, and more than one page of them."""
    late, soon = time_text(NOW - 3 * HOUR), time_text(NOW + HOUR / 5)
    desk.has("c1", a("facebook", "comment"), due_at=late, priority=1, escalation="lead", reminders=3, unread=12,
             name="Александра Константинопольская", handle="aleksandra_konst")  # fmt: skip
    desk.has("c2", a("instagram", "direct"), due_at=soon, priority=2, reply_state="human", name="נועה כהן",
             snippet="איפה החבילה שלי?", language="he", owner=OMAR)  # fmt: skip
    desk.has("c3", a("x", "mention"), awaiting="them", escalation="team", name="Jānis Kalniņš", unread=0,
             tags=["refund", "החזר", "vip"])  # fmt: skip
    desk.has("c4", a("viber", "direct"), approval="waiting", escalation="owner", reply_state="held", snippet="")
    desk.has("c5", a("messenger", "direct"), reply_state="failed", name="أحمد")
    desk.has("c6", a("facebook", "review"), reply_state="unknown", awaiting="them")
    desk.has("c7", a("x", "encrypted"), reply_state="pending", due_at=time_text(NOW + 9 * HOUR))
    for number in range(8, 30):
        desk.has(f"c{number}", a("x", "post"), name=f"Customer {number}")


def queue(stage: Stage) -> Iterator[State]:
    desk = stage.made()
    desk.members.append({**OMAR, "on_shift": True})
    all_kinds(desk)
    desk.answers["GET queue"] = [FAILED] * OFTEN
    held: list[Any] = []
    desk.context.route("**/api/v1/queue?*", lambda route: held.append(route))
    page = desk.open()
    expect(page.locator(".skeleton i").first).to_be_visible()
    yield State(page, "the list is loading")
    desk.context.unroute("**/api/v1/queue?*")
    for route in held:
        route.fallback()
    failed = page.locator(".queue .empty[role=alert]")
    expect(failed).to_be_visible()
    yield State(page, "the list could not be had", ".queue")
    del desk.answers["GET queue"]
    failed.get_by_role("button").click()
    desk.company = [{"case": "c1", "member": "a2", "writing": True}, {"case": "c5", "member": "a2", "writing": False}]
    until(desk, page, page.locator(".row .company").first)
    page.locator("#row-c2").focus()
    page.keyboard.press("j")
    yield State(page, "rows of all kinds, the keyboard on one of them", main=True)
    desk.answers |= {"PATCH conversations/c3": [FAILED], "PATCH conversations/c4": [FAILED]}
    for key in ("x", "j", "Shift+X", "e"):
        page.keyboard.press(key)
    expect(page.locator(".row .why-not")).to_have_count(2)
    page.locator(".toast").get_by_role("button").last.click()
    yield State(page, "rows are selected, their change was refused", ".queue", main=True)
    page.keyboard.press("Escape")
    expect(page.locator(".select-bar")).to_have_count(0)
    desk.answers["GET queue"] = [FAILED] * OFTEN
    page.locator(".queue .scroller").evaluate("list => list.scrollTo(0, 9999)")
    expect(page.locator(".more [role=alert]")).to_be_visible()
    yield State(page, "no more rows could be had", ".queue .more")
    del desk.answers["GET queue"]
    page.locator(".queue .scroller").evaluate("list => list.scrollTo(0, 0)")
    desk.conversations = {"c0": desk.has("c0", a("x", "post"), name="Somebody new"), **desk.conversations}
    until(desk, page, page.locator(".stale"))
    yield State(page, "new rows wait", ".queue .pane-head")
    desk.answers["GET queue"] = [FAILED] * OFTEN
    page.locator(".stale").click()
    expect(page.locator(".queue > .notice")).to_be_visible()
    yield State(page, "the list could not be had again, the old one stays", ".queue > .notice")
    del desk.answers["GET queue"]
    desk.context.route("**/api/**", lost)
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator(".bands .band")).to_be_visible()
    yield State(page, "no connection", ".bands", main=True)
    desk.context.unroute("**/api/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".bands .band")).to_have_count(0)
    desk.complaints[:] = [one for one in desk.complaints if "ERR_FAILED" not in one]  # those lost
    desk.answers["GET changes"] = [refused(401, "signed_out", "Sign in.")] * OFTEN
    page.evaluate("sessionStorage.setItem('hark.login-tried', String(Date.now()))")
    until(desk, page, page.locator("main.alone"))
    yield State(page, "signed out", main=True)


def quiet(stage: Stage) -> Iterator[State]:
    """Nothing to do, accounts that are ill, and what cannot be loaded."""
    desk = stage.made()
    page = desk.open()
    expect(page.locator(".queue .empty")).to_be_visible()
    yield State(page, "nothing waits", main=True)
    go(page, "#/done")
    expect(page.locator(".queue .empty")).to_contain_text(stage.say("empty.done"))
    yield State(page, "nothing is done", ".queue")
    desk.context.route("**/screens/approvals.js", lambda route: route.fulfill(status=404))
    go(page, "#/approvals")
    expect(page.locator("main.screen .empty[role=alert]")).to_be_visible()
    yield State(page, "a screen could not be loaded")
    forgive(desk, "404")
    desk = stage.made()
    desk.accounts = ILL
    desk.roles = ["reader"]
    desk.has("c1", a("facebook", "comment"))
    page = desk.open("c1")
    expect(page.locator(".band[data-account]").first).to_be_visible()
    yield State(page, "who only reads, and accounts that are ill", main=True)


# --- a conversation -----------------------------------------------------------------------------


def person(desk: FixedDesk, case_id: str, platform: str = "x", surface: str = "post", *terms: Standing,
           subject: Shape | None = None, **row: Any) -> Shape:  # fmt: skip
    """A conversation with somebody of a name of their own."""
    return desk.has(case_id, a(platform, surface, **(subject or {})), *terms, name=f"Maya {case_id}", **row)


def come_to(page: Page, case_id: str) -> None:
    go(page, f"#/open/{case_id}")
    expect(page.locator("#thread-title")).to_contain_text(f"Maya {case_id}")


def written(shown: Shape, *replies: Shape) -> None:
    shown["replies"] = [{**unsent(state="failed", held_until=None), **reply} for reply in replies]


CASES: dict[str, str] = {
    "c2": "snoozed", "c3": "done", "c4": "waits for the customer, of another owner", "c5": "a reply that is held",
    "c6": "a reply that leaves later", "c7": "a reply that failed, and one nobody knows of",
    "c8": "a reply that a person has to look for", "c9": "the window is closed", "c10": "nobody to write to",
    "c11": "by hand only", "c12": "nothing can be read", "c13": "what was sent beside the words",
    "c14": "all that may be told of a message", "c15": "an act nobody knows the fate of", "c16": "part of an incident",
}  # fmt: skip


def conversations(desk: FixedDesk) -> None:
    later = time_text(NOW + 24 * HOUR)
    person(desk, "c2", status="snoozed", snoozed_until=later, priority=1, escalation="lead", reminders=2)
    person(desk, "c3", status="closed", close_reason="agent")
    person(desk, "c4", awaiting="them", owner=OMAR, due_at=later, handle="maya_c", language="he")
    written(person(desk, "c5", reply_state="held"), {"state": "held", "held_until": time_text(NOW + HOUR)})
    written(person(desk, "c6", reply_state="held"), {"state": "held", "held_until": later, "send_at": later})
    written(person(desk, "c7", reply_state="failed"),
            {"state": "failed", "code": "refused", "sentence": "X does not take the same words twice."},
            {"id": "r2", "state": "unknown"}, {"id": "r3", "state": "pending"})  # fmt: skip
    written(person(desk, "c8", reply_state="human"), {"state": "human", "sentence": "Nobody knows whether it is out."})
    person(desk, "c9", "messenger", "direct", subject={"last_inbound_at": NOW - 30 * HOUR})
    for name in ("elsewhere", "reachable"):
        shown = person(desk, "c10", "messenger", "direct", subject={"elsewhere": True, "reachable": False})
        shown |= {"elsewhere": True, name: name == "elsewhere"}
    person(desk, "c11", "facebook", "review", subject={"link": "https://example.org/71"})
    person(desk, "c12", "x", "encrypted")["messages"][0] |= {"text": "", "notice": "x.encrypted"}
    media = person(desk, "c13", "messenger", "direct")["messages"][0]
    media |= {"media": [
        {"kind": kind, "name": name, "size": 40_000, "value": value, "expires": None} for kind, name, value in (
            ("image", "", ""), ("file", "a very long name of an invoice that somebody has sent.pdf", ""),
            ("location", "", "56.95,24.11"), ("link", "Parcel", "https://example.org/parcel"), ("contact", "Omar", ""),
        )
    ]}  # fmt: skip
    told = person(desk, "c14", "facebook", "comment", subject={"link": "https://example.org/71"})
    told["messages"][0] |= {"hidden": True, "liked": True, "edited": True, "reactions": {"love": 3, "odd": 1}}
    ours(told, "72", public=False, surface="direct", receipt="rejected", automatic=True)
    ours(told, "73", public=False, surface="direct", receipt="seen", acts=[{"verb": "delete", "price_usd": 0.01}])
    ours(told, "74", gone=True)
    act(told, "unhide", "failed", "Facebook does not allow this: the author may have limited answers, or blocked us.")
    told["messages"][0]["acts"] = [{"verb": "unhide", "price_usd": 0.0}]
    act(person(desk, "c15", "facebook", "comment"), "like", "human")
    person(desk, "c16", incident="i1")
    known_of = {"en": "A cable is cut.", "he": "כבל נחתך."}
    desk.answers["GET conversations/c16/incident"] = [
        (200, {**incident(), "status": known_of, "reply": "We know of it."})
    ] * OFTEN
    desk.answers["GET media/c13/NzE/0"] = [(404, {})] * OFTEN
    desk.answers["GET conversations/c17"] = [refused(404, "not_found", "There is no such conversation.")] * OFTEN


def conversation(stage: Stage) -> Iterator[State]:
    desk = without_list(stage.made())
    desk.roles = ["lead"]
    desk.members.append({**OMAR, "on_shift": True})
    shown = person(desk, "c1", "facebook", "comment", owner=None, due_at=time_text(NOW + HOUR / 5))
    shown["older"] = "before"
    shown["case"]["triage"] |= {"sentiment": "negative", "topic": "delivery", "reference": "AB-4712",
                                "recommended": "private"}  # fmt: skip
    shown["case"]["reasons"] = [{"code": "triage.private", "sentence": "Better in private.", "at": time_text(NOW)}]
    shown["history"] = [{"at": time_text(NOW), "code": "case.claimed", "sentence": "Taken.", "by": "Omar Haddad"}]
    shown["notes"] = [{"id": "n1", "text": "ללקוחה יש שני חוזים", "at": time_text(NOW - HOUR), "by": "Omar Haddad"}]
    conversations(desk)
    talks = [talk(desk, "c18", "היכן החבילה שלי?"), talk(desk, "c19", "Where is it?", status="closed")]
    other = {"platform": "viber", "id": "31", "handle": "", "name": "", "reachable": False, "protected": False}
    whole = known(channels=[known()["channels"][0], other], conversations=talks, more=True)
    desk.answers["GET conversations/c1/customer"] = [FAILED, (200, whole)]
    page = desk.open("c1")
    expect(page.locator(".earlier [role=alert]")).to_be_visible()
    yield State(page, "open; what else is known of the customer could not be had", main=True)
    page.locator(".earlier [role=alert]").get_by_role("button").click()
    expect(page.locator(".talks li")).to_have_count(2)
    for closed in page.locator(".about details:not([open]) > summary").all():
        closed.click()
    yield State(page, "all that is known of the customer", "aside.about", widths=(WIDE,))
    for writing, name in ((False, "somebody looks at it"), (True, "somebody writes")):
        desk.company = [{"case": "c1", "member": "a2", "writing": writing}]
        until(desk, page, page.locator(f".company-place [data-tone={'warn' if writing else 'quiet'}]"))
        yield State(page, name, ".company-place")
    for case_id, name in CASES.items():
        come_to(page, case_id)
        if case_id == "c13":
            expect(page.locator(".media .absent")).to_be_visible()
        if case_id == "c16":
            page.locator(".incident-band summary").click()
        yield State(page, name, THREAD, main=case_id in ("c7", "c14"))
    go(page, "#/open/c17")
    expect(page.locator(".conversation.blank [role=alert]")).to_be_visible()
    yield State(page, "the conversation could not be had", THREAD)


def drafts(stage: Stage) -> Iterator[State]:
    """Drafts for approval in their conversation."""
    desk = without_list(stage.made())
    person(desk, "c1", approval="waiting")
    desk.drafts["c1"] = [waiting(OMAR, stale=True, number=2, approved_by=[{"id": "a3", "name": "Lea Kalniņa"}])]
    desk.answers["POST conversations/c1/drafts/d1/approve"] = [refused(409, "not_owner", "It belongs to another.")]
    back = {"state": "returned", "reason": "Too much.", "ended_at": time_text(NOW), "ended_by": "Omar Haddad"}
    shown = person(desk, "c2")
    shown["history"] = [{"at": time_text(NOW), "code": "draft.returned", "sentence": "Back.", "by": "Omar Haddad"}]
    desk.drafts["c2"] = [waiting(DANA, **back)]
    page = desk.open("c1")
    draft = page.locator("[data-draft=waiting]")
    expect(draft).to_be_visible()
    yield State(page, "a colleague's draft waits", THREAD)
    draft.locator(".choices .button").first.click()
    expect(draft.get_by_role("alert")).to_be_visible()
    yield State(page, "the approval is refused", "[data-draft=waiting]")
    draft.locator(".choices .button").nth(1).click()
    expect(draft.locator("textarea")).to_be_focused()
    yield State(page, "it is sent back with a reason", "[data-draft=waiting]")
    come_to(page, "c2")
    expect(page.locator("[data-draft=returned]")).to_be_visible()
    yield State(page, "a draft that came back", THREAD)


SCENES: dict[str, tuple[Scene, tuple[str, ...]]] = {
    "queue": (queue, ()),
    "quiet": (quiet, ()),
    "conversation": (conversation, ()),
    "drafts": (drafts, ()),
}
"""By name: how to get from state to state, and the modules of screens and dialogs that it draws."""
