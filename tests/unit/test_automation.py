"""Whether an automatic message may go out, and when somebody wants none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hark.domain.automation import Wish, asks_to_stop, forbidden

CALLED = Wish(platform="x", public=True, called=True, stopped=False, said=0)


def test_whoever_called_the_brand_may_be_answered_once() -> None:
    assert forbidden(CALLED) == ""
    assert forbidden(replace(CALLED, said=1)) == "automation.once"


@pytest.mark.parametrize("platform", ["facebook", "messenger", "instagram", "viber"])
def test_the_rules_of_x_are_those_of_x(platform: str) -> None:
    elsewhere = Wish(platform=platform, public=True, called=False, stopped=False, said=3, by_model=True)
    assert forbidden(elsewhere) == ""
    assert forbidden(replace(elsewhere, platform="x")) == "automation.not_called"


def test_a_word_or_a_name_calls_nobody_on_x() -> None:
    assert forbidden(replace(CALLED, called=False)) == "automation.not_called"
    assert forbidden(replace(CALLED, called=False, public=False)) == ""


def test_what_a_model_wrote_needs_the_approval_of_x() -> None:
    written = replace(CALLED, by_model=True)
    assert forbidden(written) == "automation.not_approved"
    assert forbidden(replace(written, model_approved=True)) == ""


@pytest.mark.parametrize("platform", ["x", "facebook", "messenger", "instagram", "viber"])
@pytest.mark.parametrize("public", [True, False])
def test_whoever_wants_none_gets_none_anywhere(platform: str, public: bool) -> None:
    assert forbidden(Wish(platform, public, called=True, stopped=True, said=0)) == "automation.stopped"


STOP = """
STOP
stop!
Please stop messaging me
I want to talk to a human
Can I speak with a real person?
agent please
No bots!
unsubscribe
Beidziet rakstīt
Gribu runāt ar cilvēku
Vai varu sazināties ar operatoru?
nerakstiet man
Ne ar botu
Стоп
Хватит писать
Позовите оператора
Хочу поговорить с человеком
Дайте живого оператора
Не с ботом, пожалуйста
Saya nak cakap dengan orang
Nak bercakap dengan pegawai
jangan hantar lagi
berhenti mesej saya
orang sebenar tolong
תפסיקו לכתוב לי
אפשר לדבר עם נציג?
רוצה לדבר עם בן אדם
נציג אנושי בבקשה
توقفوا عن الكتابة
أريد التحدث مع موظف
شخص حقيقي من فضلكم
لا تراسلوني
""".strip().splitlines()

GO_ON = """
When does the bus stop run?
Where is the next bus stop?
It stopped working yesterday
Your agent told me to wait
How many people work there?
I saw a human error in the invoice
Vai jūs strādājat svētdien?
Cik cilvēku var nākt?
Во сколько вы открываетесь?
Сколько человек может прийти?
Berapa orang boleh datang?
Bila kedai buka?
מתי אתם פתוחים?
כמה אנשים יכולים לבוא?
متى تفتحون؟
كم شخصا يمكنه الحضور؟
""".strip().splitlines()


@pytest.mark.parametrize("text", STOP)
def test_whoever_asks_for_a_person_or_for_silence_is_understood(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize("text", GO_ON)
def test_other_questions_stop_nothing(text: str) -> None:
    assert not asks_to_stop(text)
