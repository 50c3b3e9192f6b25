"""Canned texts and the FAQ: who may use and who may write them, and how public answers grow into them."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hark import wiring
from hark.domain.reply import Reply, State
from hark.store.canned import Canned

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .faults import Crash, Kind, between, fault
from .one_case import SignIn
from .x_deliveries import mention

LATE = {"language": "en", "title": "Late parcel", "text": "I am sorry, {name}. I am looking for it now."}
SHAPE = {
    "id", "language", "kind", "standing", "title", "text", "questions", "public", "uses", "right", "wrong", "case",
    "reply", "by", "at", "version",
}  # fmt: skip


@pytest.fixture
def lead(sign_in: SignIn) -> Browser:
    return sign_in("lea", name="Lea Kalna", role="lead")


def made(lead: Browser, **changed: Any) -> dict[str, Any]:
    answer = lead.send("POST", "canned", LATE | changed)
    assert answer.status == 201, answer
    entry: dict[str, Any] = answer.said
    return entry


def changed(lead: Browser, entry: dict[str, Any], key: str | None = None, **change: Any) -> Answer:
    body = {"title": entry["title"], "text": entry["text"], "version": entry["version"]} | change
    return lead.send("PATCH", f"canned/{entry['id']}", body, key)


def test_a_lead_writes_and_an_agent_finds_it(desk: Desk, lead: Browser, sign_in: SignIn) -> None:
    entry = made(lead)
    assert set(entry) == SHAPE
    assert (entry["kind"], entry["standing"], entry["uses"], entry["version"]) == ("canned", "approved", 0, 1)
    assert entry["id"].startswith("en_k")
    assert sign_in("dana").get("canned").said == {"items": [entry]}


def test_only_leads_write(desk: Desk, lead: Browser, sign_in: SignIn) -> None:
    entry, dana = made(lead), sign_in("dana")
    assert dana.send("POST", "canned", LATE).code == (403, "leads_only")
    assert changed(dana, entry, title="Mine").code == (403, "leads_only")
    assert dana.send("DELETE", f"canned/{entry['id']}", {}).code == (403, "leads_only")
    reader = sign_in("rob", role="reader")
    assert reader.get("canned").said["items"] == [entry]
    assert reader.send("POST", f"canned/{entry['id']}/uses", {}).code == (403, "read_only")


@pytest.mark.parametrize(
    "body",
    [{}, LATE | {"text": ""}, LATE | {"brand": "globex"}, LATE | {"uses": 9}, LATE | {"language": "../en"},
     LATE | {"language": "en_US"}, LATE | {"kind": "bot"}, LATE | {"questions": ["x"] * 21},
     LATE | {"title": "x" * 121}],
)  # fmt: skip
def test_a_body_of_the_wrong_form_is_refused(desk: Desk, lead: Browser, body: dict[str, Any]) -> None:
    assert lead.send("POST", "canned", body).code == (400, "invalid")


def test_the_customers_language_comes_first_then_what_is_used_most(desk: Desk, lead: Browser) -> None:
    titles = [made(lead, title=f"{language} {n}", language=language) for language in ("en", "lv") for n in (1, 2)]
    lead.send("POST", f"canned/{titles[3]['id']}/uses", {})
    for language, order in (("lv", ["lv 2", "lv 1", "en 1", "en 2"]), ("en", ["en 1", "en 2", "lv 2", "lv 1"])):
        shown = lead.get("canned", f"language={language}").said["items"]
        assert [entry["title"] for entry in shown] == order


def test_the_same_click_does_it_once(desk: Desk, lead: Browser) -> None:
    first = lead.send("POST", "canned", LATE, "one-click-1")
    assert lead.send("POST", "canned", LATE, "one-click-1").said == first.said
    assert lead.send("POST", "canned", LATE | {"title": "Other"}, "one-click-1").code == (422, "key_reused")
    assert len(lead.get("canned").said["items"]) == 1
    for _ in range(2):
        assert changed(lead, first.said, "one-click-2", title="Later").said["version"] == 2
    used = [lead.send("POST", f"canned/{first.said['id']}/uses", {}, "one-click-3").said["uses"] for _ in range(2)]
    assert used == [1, 1]
    gone = [lead.send("DELETE", f"canned/{first.said['id']}", {}, "one-click-4").status for _ in range(2)]
    assert gone == [204, 204]


@pytest.mark.parametrize("kind", ["lost", "crash after", "crash before"])
def test_a_lost_answer_is_not_a_lost_text_nor_a_second_one(desk: Desk, lead: Browser, kind: Kind) -> None:
    with fault("TransactWriteItems", kind, times=1) as met, contextlib.suppress(Crash):
        lead.send("POST", "canned", LATE, "one-click-1")
    assert met.struck == 1
    assert lead.send("POST", "canned", LATE, "one-click-1").status == 201
    assert len(lead.get("canned").said["items"]) == 1


def test_of_two_leads_at_once_one_has_to_look_again(desk: Desk, lead: Browser, sign_in: SignIn) -> None:
    entry, other = made(lead), sign_in("max", role="lead")
    with between("TransactWriteItems", lambda: changed(other, entry, title="Theirs")):
        assert changed(lead, entry, title="Mine").code == (409, "stale")
    assert [e["title"] for e in lead.get("canned").said["items"]] == ["Theirs"]


def test_who_changed_it_last_wins_nothing_over_somebody_elses_change(desk: Desk, lead: Browser) -> None:
    entry = made(lead)
    lead.send("POST", f"canned/{entry['id']}/uses", {})
    after = changed(lead, entry, title="Very late parcel", questions=["Where is it?"], kind="faq").said
    assert (after["title"], after["version"], after["questions"]) == ("Very late parcel", 2, ["Where is it?"])
    assert changed(lead, entry, title="Again").code == (409, "stale")
    stored = Canned(desk.table).get(BRAND, entry["id"])
    assert stored and (stored.title, stored.uses) == ("Very late parcel", 1), "its counters stay"


def test_what_is_removed_is_found_by_nobody(desk: Desk, lead: Browser) -> None:
    entry = made(lead)
    assert lead.send("DELETE", f"canned/{entry['id']}", {}).status == 204
    assert lead.get("canned").said["items"] == []
    assert changed(lead, entry).code == (404, "not_found")
    assert lead.send("DELETE", f"canned/{entry['id']}", {}).code == (404, "not_found")
    assert lead.send("POST", f"canned/{entry['id']}/uses", {}).code == (404, "not_found")
    (kept,) = desk.items(entry["id"])
    assert kept["expires"] > desk.clock().timestamp()


def test_another_brand_finds_and_changes_nothing(desk: Desk, lead: Browser, sign_in: SignIn) -> None:
    entry, zed = made(lead), sign_in("zed", brand="globex", role="lead")
    assert zed.get("canned").said["items"] == []
    assert changed(zed, entry).code == (404, "not_found")
    assert zed.send("DELETE", f"canned/{entry['id']}", {}).code == (404, "not_found")


# --- from a public answer ---


def answered(desk: Desk, text: str = "We are open from 9 to 18.", **more: Any) -> Reply:
    """A reply of ours on the desk, as it is when it is out."""
    desk.take_in(mention(text="@acme call me on +371 29123456, when are you open?"))
    case = desk.case()
    reply = Reply(
        id="r" + "a" * 25, brand=BRAND, case=case.id, provider="x", platform="x", account_id=case.account_id,
        in_reply_to=case.reply_to, asked_at=case.asked_at, text=text, by="dana", at=case.updated_at,
        not_after=case.updated_at, state=more.pop("state", State.SENT), **more,
    )  # fmt: skip
    desk.table.transact([wiring.actions().replies.new(reply)])
    return reply


def promoted(browser: Browser, reply: Reply) -> Answer:
    return browser.send("POST", "canned/candidates", {"conversation": reply.case, "reply": reply.id})


def test_an_agent_proposes_a_public_answer_and_a_lead_makes_it_an_entry(
    desk: Desk, lead: Browser, sign_in: SignIn
) -> None:
    reply, dana = answered(desk), sign_in("dana")
    entry = promoted(dana, reply).said
    assert (entry["kind"], entry["standing"], entry["text"]) == ("faq", "candidate", "We are open from 9 to 18.")
    assert (entry["case"], entry["reply"], entry["questions"]) == (reply.case, reply.id, [])
    assert "29123456" not in str(entry), "no word of the customer"
    assert dana.get("canned").said["items"] == []
    assert [e["standing"] for e in lead.get("canned").said["items"]] == ["candidate"]
    approved = changed(lead, entry, kind="faq", standing="approved", questions=["When are you open?"]).said
    assert dana.get("canned").said["items"] == [approved]


@pytest.mark.parametrize(
    ("changed_reply", "code"),
    [
        ({"state": State.PENDING}, "not_public"),
        ({"state": State.FAILED}, "not_public"),
        ({"verb": "dm"}, "not_public"),
        ({"text": "Anna, we wrote to anna@example.com."}, "personal_data"),
    ],
)
def test_what_was_not_public_or_names_somebody_becomes_no_entry(
    desk: Desk, sign_in: SignIn, changed_reply: dict[str, Any], code: str
) -> None:
    assert promoted(sign_in("dana"), answered(desk, **changed_reply)).code == (422, code)


def test_what_is_not_there_or_another_brands_becomes_none(desk: Desk, sign_in: SignIn) -> None:
    reply = answered(desk)
    assert promoted(sign_in("dana"), reply.model_copy(update={"id": "rnone"})).code == (404, "not_found")
    assert promoted(sign_in("zed", brand="globex"), reply).code == (404, "not_found")


# --- the page for the brand's own site ---


def test_the_page_holds_what_is_approved_and_public_and_nothing_else(
    desk: Desk, lead: Browser, sign_in: SignIn
) -> None:
    desk.put_policy(name="Acme <&> Co")
    public: dict[str, Any] = {"kind": "faq", "public": True, "text": "Yes."}
    made(lead, title="Shown", **public)
    made(lead, title="Shown too", **public | {"language": "he", "text": "כן."})
    for hidden in ({"public": False}, {"standing": "candidate"}, {"kind": "canned"}, {"text": "Yes, {name}."}):
        made(lead, title="Hidden", **public | hidden)
    page = lead.get("canned/page")
    assert page.headers["content-disposition"] == 'attachment; filename="faq.html"'
    assert "Hidden" not in page.body and page.body.count("Shown") == 2
    assert "<title>Acme &lt;&amp;&gt; Co: FAQ</title>" in page.body
    assert '<section lang="he" dir="rtl">' in page.body and '<section lang="en" dir="ltr">' in page.body
    assert sign_in("dana").get("canned/page").code == (403, "leads_only")
    assert "Shown" not in sign_in("zed", brand="globex", role="lead").get("canned/page").body
