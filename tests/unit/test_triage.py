"""The first tree: thanks, urgency and questions in the six languages, and what must never be closed as thanks."""

from __future__ import annotations

import pytest
from hark.domain.policy import Policy
from hark.domain.reasons import SENTENCES
from hark.domain.triage import Facts, Verdict, is_question, is_urgent, says_only_thanks, walk
from hypothesis import given
from hypothesis import strategies as st

THANKS = {
    "en": ["Thanks!", "thank you so much 🙏", "@acme Thx", "Ok, thanks.", "CHEERS ❤️"],
    "lv": ["Paldies!", "Liels paldies 🙏", "@acme paldies jums", "Ok, paldies", "Lielisks! Paldies!"],
    "ru": ["Спасибо!", "спасибо большое", "@acme Большое спасибо 👍", "Благодарю.", "Ок, спасибо"],
    "ms": ["Terima kasih!", "terima kasih banyak 🙏", "@acme tq", "Ok, terima kasih", "Terima kasih ya 😊"],
    "he": ["תודה!", "תודה רבה 🙏", "@acme המון תודה", "תודה לכם", "תּוֹדָה"],
    "ar": ["شكرا!", "شكراً جزيلاً 🙏", "@acme شكرا لكم", "شُكْرًا", "شكرا لك ❤"],
}
URGENT = {
    "en": ["URGENT: it smells of gas", "please answer asap", "it is on fire!"],
    "lv": ["Steidzami! Smaržo pēc gāzes", "lūdzu, nekavējoties atbildiet", "tas ir bīstami"],
    "ru": ["Срочно! Пахнет газом", "ответьте немедленно", "это опасно!"],
    "ms": ["Segera! Bau gas", "ini kecemasan", "bahaya!"],
    "he": ["דחוף! יש ריח של גז", "זה מסוכן", "מצב חירום"],
    "ar": ["عاجل! رائحة غاز", "الرد فوراً من فضلكم", "هذا خطر!"],
}
QUESTIONS = {
    "en": ["Where is my parcel", "my parcel?", "Can you help me"],
    "lv": ["Kur ir mans sūtījums", "mans sūtījums?", "Vai jūs strādājat sestdien"],
    "ru": ["Где мой заказ", "мой заказ?", "Можно вернуть товар"],
    "ms": ["Bila barang sampai", "barang saya?", "Boleh saya tukar"],
    "he": ["איפה החבילה שלי", "החבילה שלי?", "האם אפשר להחזיר"],
    "ar": ["أين طلبي", "طلبي؟", "هل يمكن الإرجاع"],
}
STATEMENTS = {
    "en": "my parcel came broken", "lv": "sūtījums pienāca saplēsts", "ru": "посылка пришла разбитой",
    "ms": "barang saya rosak", "he": "החבילה הגיעה שבורה", "ar": "وصل الطرد مكسورا",
}  # fmt: skip


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, said) for language, row in table.items() for said in row]


def verdict(text: str, language: str = "en", policy: Policy | None = None, **more: bool) -> Verdict:
    facts = Facts(
        text, language, more.get("addressed", True), more.get("may_reply", True), more.get("withdrawn", False)
    )
    return walk(facts, policy or Policy())


@pytest.mark.parametrize(("language", "said"), rows(THANKS))
def test_thanks_and_nothing_else_ends_the_case(language: str, said: str) -> None:
    assert says_only_thanks(said)
    assert verdict(said, language) == Verdict(("triage.addressed", "triage.thanks"), 5, end="thanks")


@pytest.mark.parametrize(("language", "said"), rows(URGENT))
def test_urgent_words_come_first(language: str, said: str) -> None:
    assert is_urgent(said)
    assert (verdict(said, language).priority, verdict(said, language).end) == (1, "")
    assert "triage.urgent" in verdict(said, language).codes


@pytest.mark.parametrize(("language", "said"), rows(QUESTIONS))
def test_a_question_is_known_by_its_mark_or_its_first_word(language: str, said: str) -> None:
    assert is_question(said) and is_question(f"@acme {said} https://t.co/Ab12Cd34Ef")
    assert verdict(said, language) == Verdict(("triage.addressed", "triage.question"), 2)


@pytest.mark.parametrize(("language", "said"), STATEMENTS.items())
def test_a_statement_is_none_of_them(language: str, said: str) -> None:
    assert not (says_only_thanks(said) or is_urgent(said) or is_question(said))
    assert verdict(said, language) == Verdict(("triage.addressed", "triage.statement"), 3)
    assert verdict(said, language, addressed=False) == Verdict(("triage.named", "triage.statement"), 4)


@pytest.mark.parametrize(
    "said",
    [
        "Thanks but it is still broken", "thanks, where is my parcel", "Thank you for nothing", "no thanks",
        "Paldies, bet tas vēl nestrādā", "Paldies par neko", "Спасибо, но он всё ещё не работает", "Спасибо за ничего",
        "Terima kasih tetapi masih rosak", "תודה אבל זה עדיין לא עובד", "شكرا لكن لا يعمل", "Thanks 1/10",
        "thanks 2 weeks",
    ],
)  # fmt: skip
def test_praise_with_a_but_is_not_thanks(said: str) -> None:
    assert not says_only_thanks(said)
    assert verdict(said).end == ""


@pytest.mark.parametrize(
    "face", ["😡", "🤬", "😠", "👎", "🙄", "💔", "😢", "😭", "🤡", "💩", "🖕", "😤", "☹", "☹️", "🤮", "😒", "🔥", "❓"]
)
def test_thanks_with_a_face_that_is_not_glad_is_not_thanks(face: str) -> None:
    assert not says_only_thanks(f"Thanks {face}") and not says_only_thanks(f"{face}{face} paldies")
    assert verdict(f"thanks {face}").end == ""


@pytest.mark.parametrize("face", ["👍", "👍🏽", "🙏", "🙏🏿", "❤", "❤️", "😊", "🎉", "💚💛"])
def test_thanks_with_a_glad_face_is_thanks(face: str) -> None:
    assert says_only_thanks(f"Thanks {face}")


@pytest.mark.parametrize(
    "said",
    ["Thanks #fail", "thanks #worstservice", "Thanks :(", "thanks :-/", "thanks https://t.co/broken", "Thanks?!",
     "#mybikeisbroken #refund", "???", "?", "@acme ?!"],
)  # fmt: skip
def test_a_complaint_in_hashtags_marks_or_old_smileys_stays_open(said: str) -> None:
    assert verdict(said).end == ""


@pytest.mark.parametrize(
    ("said", "end", "code"),
    [("Milzīgs paldies!", "thanks", "triage.thanks"), ("Di mana pesanan saya", "", "triage.question")],
)
def test_words_that_the_tables_mean_to_know(said: str, end: str, code: str) -> None:
    assert (verdict(said).end, code in verdict(said).codes) == (end, True)


def test_nothing_but_handles_and_links_is_empty() -> None:
    for said in ("@acme", "@acme https://t.co/Ab12Cd34Ef", " ", "@acme @kim_l …"):
        assert verdict(said).end == "empty"
    for said in ("👍", "@acme 😡", "5", "я"):
        assert verdict(said).end == "", "a face and a digit say something"


def test_a_message_taken_away_ends_nothing_and_is_not_read() -> None:
    assert verdict("thanks", withdrawn=True) == Verdict(("triage.withdrawn",), 4)


def test_a_brand_that_answers_only_what_is_said_to_it_closes_statements_about_it() -> None:
    choosy = Policy(answer_all=False)
    named = verdict("acme has a new shop", policy=choosy, addressed=False)
    assert named == Verdict(("triage.named", "triage.statement", "triage.policy"), 5, end="policy")
    assert verdict("acme has a new shop", policy=choosy).end == ""
    assert verdict("does acme have a new shop?", policy=choosy, addressed=False).end == ""
    assert verdict("acme's shop is on fire", policy=choosy, addressed=False).end == ""


def test_doubts_are_told_and_change_no_priority() -> None:
    plain, doubtful = verdict("my parcel came broken"), verdict("my parcel came broken", "und", may_reply=False)
    assert doubtful.codes == (*plain.codes, "triage.language_unsure", "triage.no_api_reply")
    assert doubtful.priority == plain.priority


facts = st.builds(
    Facts, st.text(max_size=80), st.sampled_from(["en", "lv", "und"]), st.booleans(), st.booleans(), st.booleans()
)


@given(facts, st.booleans())
def test_every_path_through_the_tree_ends_well(given_facts: Facts, answer_all: bool) -> None:
    found = walk(given_facts, Policy(answer_all=answer_all))
    assert 1 <= found.priority <= 5
    assert found.codes and len(set(found.codes)) == len(found.codes)
    assert set(found.codes) <= set(SENTENCES)
    assert found.end in ("", "thanks", "empty", "policy")
    assert not found.end or found.priority == 5, "what burns is never closed unread"
    assert found == walk(given_facts, Policy(answer_all=answer_all))


@given(st.sampled_from([said for _, said in rows(THANKS)]), st.sampled_from(["but", "no", "where", "2", "не", "لا"]))
def test_one_word_more_than_thanks_is_more_than_thanks(said: str, word: str) -> None:
    assert not says_only_thanks(f"{said} {word}") and not says_only_thanks(f"{word} {said}")
