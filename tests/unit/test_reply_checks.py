"""What the desk says about a reply before it leaves."""

from __future__ import annotations

import difflib
import random
from typing import Any

import pytest
from hark.domain.reply_checks import Context, check, cool_at, refused
from hark.domain.reply_choices import Checks
from hark.domain.signature import is_signed, signed
from hark.domain.sketch import SIZE, likeness, sketch
from hark.domain.time import after
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = "2026-11-22T09:00:00.000Z"


def context(public: bool = True, policy: Checks | None = None, **more: Any) -> Context:
    return Context(policy=policy or Checks(), public=public, now=NOW, **more)


def codes(text: str, public: bool = True, policy: Checks | None = None, **more: Any) -> list[str]:
    return [finding.code for finding in check(text, context(public, policy, **more))]


# --- personal data ---


def test_personal_data_in_public_blocks_and_says_where() -> None:
    text = "We have your number +371 29123456 on file."
    (finding,) = check(text, context())
    assert (finding.code, finding.level, finding.about) == ("check.personal_data", "block", "phone")
    assert text[finding.start : finding.end] == "+371 29123456"


def test_the_same_in_private_is_fine() -> None:
    assert codes("We have your number +371 29123456 on file.", public=False) == []


def test_a_brand_may_be_content_with_a_warning_or_with_nothing() -> None:
    text = "We wrote to anna@example.com."
    (finding,) = check(text, context(policy=Checks(personal_data="warn")))
    assert finding.level == "warn"
    assert codes(text, policy=Checks(personal_data="off")) == []


@pytest.mark.parametrize(
    "text", ["Write to care@acme.example.", "Write to HELP@ACME.EXAMPLE please", "Our number: +371 6700 1234"]
)
def test_what_belongs_to_the_brand_is_nobodys_personal_data(text: str) -> None:
    own = Checks(own_contacts=("@acme.example", "+371 67001234"), telephone="off")
    assert "check.personal_data" in codes(text, policy=Checks(telephone="off"))
    assert codes(text, policy=own) == []


# --- asking for it ---

ASKING = """
Please send us your phone number.
What is your account number?
Can you tell us your e-mail address?
Could you share your date of birth?
Please confirm your home address here.
What exactly did you buy?
Give us your password and we will look.
Lūdzu, atsūtiet savu tālruņa numuru.
Uzrakstiet mums jūsu e-pastu.
Kāds ir jūsu personas kods?
Norādiet, lūdzu, adresi un konta numuru.
Ko tieši jūs nopirkāt?
Пришлите, пожалуйста, ваш номер телефона.
Напишите адрес доставки.
Укажите вашу почту.
Сообщите паспортные данные.
Что именно вы купили?
Назовите ваш лицевой счёт.
Sila beri nombor telefon anda.
Hantar alamat kepada kami.
Apakah kata laluan anda?
Boleh kongsi no akaun?
Apa yang anda beli?
Nyatakan emel anda.
מה מספר הטלפון שלך?
שלחו לנו כתובת מייל בבקשה
כתבו לנו את מספר החשבון
מה הסיסמה שלך?
מה בדיוק קנית?
מסרו תעודת זהות
أرسل رقم هاتفك من فضلك
ما هو عنوانك؟
زودنا برقم الحساب
اكتب لنا بريدك الإلكتروني
ماذا اشتريت بالضبط؟
ما هي كلمة المرور؟
""".strip().splitlines()

NOT_ASKING = """
We are sorry to hear that. It will be there tomorrow.
Please send us a direct message with your phone number.
Your address has been changed, thank you.
Please DM us. We need your e-mail and account number there.
You can change the address in the app.
We sent you an e-mail this morning.
Thank you for your patience!
Could you tell us what happened?
Which city are you in?
The number of parcels is high this week.
Atvainojamies! Paciņa būs rīt.
Lūdzu, atsūtiet savu tālruņa numuru privātā ziņā.
Adresi var mainīt lietotnē.
Kas tieši notika?
Paldies, ka rakstījāt!
Извините за задержку, посылка будет завтра.
Пришлите ваш номер телефона в личные сообщения.
Адрес можно изменить в приложении.
Что именно произошло?
Спасибо, что написали!
Напишите нам в личку номер договора.
Maaf atas kelewatan ini.
Sila hantar nombor telefon anda melalui mesej peribadi.
Alamat boleh ditukar dalam aplikasi.
Apa yang berlaku?
Terima kasih!
אנחנו מצטערים, החבילה תגיע מחר.
שלחו לנו הודעה פרטית עם מספר הטלפון
אפשר לשנות את הכתובת באפליקציה
מה קרה?
תודה שכתבתם!
نعتذر عن التأخير، سيصل الطرد غدا.
أرسل رقم هاتفك في رسالة خاصة
يمكن تغيير العنوان في التطبيق
ماذا حدث؟
شكرا لك!
""".strip().splitlines()


@pytest.mark.parametrize("text", ASKING)
def test_asking_for_personal_data_in_public_is_noticed(text: str) -> None:
    findings = [f for f in check(text, context()) if f.code == "check.asks_for_data"]
    assert findings and all(text[f.start : f.end].strip() for f in findings)
    assert "check.asks_for_data" not in codes(text, public=False)


@pytest.mark.parametrize("text", NOT_ASKING)
def test_other_replies_ask_for_nothing(text: str) -> None:
    assert codes(text) == []


# --- the telephone ---


@pytest.mark.parametrize(
    "text",
    [
        "Please give us a call.", "Piezvaniet mums, lūdzu!", "Позвоните нам завтра.", "Sila hubungi kami esok.",
        "התקשרו אלינו מחר", "اتصلوا بنا غدا", "We will call you tomorrow.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("public", [True, False])
def test_nobody_is_sent_to_the_telephone_unnoticed(text: str, public: bool) -> None:
    assert codes(text, public) == ["check.telephone"]


# --- gaps ---


@pytest.mark.parametrize("gap", ["{name}", "{{ order }}", "[NAME]", "<name>", "%first_name%", "{vārds}"])
def test_a_gap_that_nobody_filled_blocks(gap: str) -> None:
    text = f"Hello {gap}, it is on its way."
    (finding,) = check(text, context())
    assert (finding.code, finding.level, text[finding.start : finding.end]) == ("check.placeholder", "block", gap)


@pytest.mark.parametrize("text", [":} nice", "a < b and c > d", "100% sure, 50% off", "[sic] {}", "<3 thanks"])
def test_other_brackets_are_no_gap(text: str) -> None:
    assert codes(text) == []


# --- the same again ---

CANNED = "We are sorry that your parcel is late. It left our depot this morning and will be with you tomorrow."


def test_the_same_text_with_another_name_number_or_signature_is_the_same() -> None:
    recent = (sketch(f"@anna {CANNED} https://t.example/1 ^DL"),)
    assert codes(f"@boris {CANNED} ^AB", recent=recent) == ["check.same_text"]
    assert codes(f"{CANNED} 20 parcels wait.", recent=recent) == ["check.same_text"]


def test_what_was_said_in_other_words_is_not() -> None:
    recent = (sketch(CANNED),)
    assert codes("Oh no, that is a long wait, Anna! I have asked the depot to look for it now.", recent=recent) == []


def test_a_canned_text_has_to_be_edited() -> None:
    assert codes(CANNED, canned=CANNED) == ["check.canned_unedited"]
    assert codes(f"Hello Anna, what a nuisance before the holidays! {CANNED}", canned=CANNED) == []


def test_short_words_may_be_said_often() -> None:
    assert sketch("Thank you!") == b""
    assert codes("Thank you!", recent=(sketch("Thank you!"),)) == []


def test_a_sketch_holds_no_words_and_is_the_same_everywhere() -> None:
    assert len(sketch(CANNED)) == SIZE
    assert sketch(CANNED).hex()[:16] == "36602ba14b75432c"


def _runs(text: str) -> set[str]:
    return {text[at : at + 5] for at in range(len(text) - 4)}


def test_likeness_is_near_the_share_of_equal_runs() -> None:
    chance, errors = random.Random(7), []
    letters = "abcdefghijklmnopqrstuvwxyz "
    for _ in range(150):
        one = "".join(chance.choices(letters, k=200))
        cut = chance.randrange(200)
        other = one[:cut] + "".join(chance.choices(letters, k=200 - cut))
        one, other = " ".join(one.split()), " ".join(other.split())
        true = len(_runs(one) & _runs(other)) / len(_runs(one) | _runs(other))
        errors.append(likeness(sketch(one), sketch(other)) - true)
    assert abs(sum(errors) / len(errors)) < 0.02
    assert (sum(e * e for e in errors) / len(errors)) ** 0.5 < 0.08
    assert max(map(abs, errors)) < 0.25


@settings(deadline=None, max_examples=100)
@given(st.text(min_size=30, max_size=300))
def test_likeness_is_between_nothing_and_the_same(text: str) -> None:
    made = sketch(text)
    assert likeness(made, made) in (0.0, 1.0)
    assert 0.0 <= likeness(made, sketch(text[::-1])) <= 1.0


def test_sketches_tell_the_same_texts_apart_that_a_comparison_of_words_does() -> None:
    """Against difflib, which has the words: what a person would call edited is edited for both."""
    edited = "So sorry, Anna! Your parcel left our depot this morning; if it is not with you by noon tomorrow, tell me."
    assert difflib.SequenceMatcher(None, CANNED, edited).ratio() < 0.75
    assert likeness(sketch(CANNED), sketch(edited)) < 0.75
    touched = CANNED.replace("tomorrow", "by Friday")
    assert difflib.SequenceMatcher(None, CANNED, touched).ratio() > 0.9
    assert likeness(sketch(CANNED), sketch(touched)) > 0.75


# --- hot words ---


@pytest.mark.parametrize(
    ("more", "hot"),
    [
        ({"reasons": frozenset({"triage.abuse"})}, True),
        ({"reasons": frozenset({"triage.crisis"})}, True),
        ({"angry": 3}, True),
        ({"angry": 2, "reasons": frozenset({"triage.complaint"})}, False),
    ],
)
def test_hot_words_are_left_to_cool(more: dict[str, Any], hot: bool) -> None:
    assert ("check.heated" in codes("Hello!", customer_wrote_at=after(NOW, -60), **more)) is hot
    assert "check.heated" not in codes("Hello!", customer_wrote_at=after(NOW, -120), **more)


def test_it_says_until_when() -> None:
    hot = context(reasons=frozenset({"triage.abuse"}), customer_wrote_at=NOW, policy=Checks(cool_down_seconds=300))
    assert cool_at(hot) == after(NOW, 300)
    assert cool_at(context(customer_wrote_at=NOW)) == ""


# --- the thread and the length ---


def test_a_long_public_thread_belongs_in_private() -> None:
    assert codes("We look into it.", public_replies=2) == []
    assert codes("We look into it.", public_replies=3) == ["check.long_thread"]
    assert codes("We look into it.", public=False, public_replies=9) == []


def test_too_long_is_to_be_cut_and_far_too_long_to_be_moved() -> None:
    assert codes("x" * 280, length=280, limit=280) == []
    assert codes("x" * 281, length=281, limit=280) == ["check.too_long"]
    assert codes("x" * 561, length=561, limit=280) == ["check.long_for_public"]
    assert codes("x" * 561, public=False, length=561, limit=280) == ["check.too_long"]


# --- what is made of the findings ---


def test_what_blocks_is_refused_and_warnings_only_where_the_brand_wants_them_confirmed() -> None:
    text = "Dear {name}, please give us a call."
    findings = check(text, context())
    assert [f.code for f in findings] == ["check.placeholder", "check.telephone"]
    assert [f.code for f in refused(findings, Checks())] == ["check.placeholder"]
    strict = Checks(confirm=True)
    assert [f.code for f in refused(findings, strict)] == ["check.placeholder", "check.telephone"]
    confirmed = ["check.telephone", "check.placeholder"]
    assert [f.code for f in refused(findings, strict, confirmed)] == ["check.placeholder"], "nobody confirms a block"


def test_a_brand_may_switch_every_check_off() -> None:
    settings_of = ("personal_data", "asks_for_data", "same_text", "heated", "placeholder", "long_thread", "telephone")
    off = Checks.model_validate(dict.fromkeys(settings_of, "off"))
    hot: dict[str, Any] = {
        "reasons": frozenset({"triage.abuse"}),
        "customer_wrote_at": NOW,
        "public_replies": 9,
        "canned": CANNED,
    }
    text = CANNED
    assert codes(text, **hot) != []
    assert codes(text, policy=off, **hot) == []
    assert codes("{name}, call us and send your phone to anna@example.com", policy=off) == []


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=200), st.booleans())
def test_any_text_can_be_checked_and_places_are_inside_it(text: str, public: bool) -> None:
    for finding in check(text, context(public)):
        assert 0 <= finding.start <= finding.end <= len(text)


# --- signature ---


def test_initials_are_put_under_once() -> None:
    assert signed("On its way!", "AB") == "On its way! ^AB"
    assert signed("On its way! ^AB", "AB") == "On its way! ^AB"
    assert signed("On its way!\n^DL", "AB") == "On its way!\n^DL"
    assert signed("On its way!", "") == "On its way!"
    assert signed("2^8 is 256", "AB") == "2^8 is 256 ^AB"


@pytest.mark.parametrize("text", ["החבילה בדרך!", "الطرد في الطريق", "תודה 123"])
def test_behind_right_to_left_text_stands_a_mark_that_counts(text: str) -> None:
    assert signed(text, "AB") == f"{text} \u200e^AB"
    assert is_signed(signed(text, "AB"))
    assert len(signed(text, "AB")) == len(text) + 5
