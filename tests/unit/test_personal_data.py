"""What is taken for personal data, in six languages, and what is not."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import hark
import pytest
from hark.domain.folding import fold
from hark.domain.personal_data import REGIONS, covered, found, kinds
from hark.domain.personal_search import spans
from hypothesis import given, settings
from hypothesis import strategies as st

from .harmless_numbers import HARMLESS

# Each line: language, kind, what has to be found, the text.
TRUE = """
en|phone|+371 29123456|Call me at +371 29123456 please
en|phone|(415) 555-2671|Reach me: (415) 555-2671
en|phone|415-555-2671|415-555-2671 any time
en|phone|07911 123456|My number is 07911 123456
en|phone|00371 29123456|00371 29123456 is mine
en|email|anna.b+x@mail.example.com|Write to anna.b+x@mail.example.com, thanks
en|email|anna (at) example.com|anna (at) example.com
en|iban|GB29 NWBK 6016 1331 9268 19|Refund to GB29 NWBK 6016 1331 9268 19 please
en|card|4111 1111 1111 1111|My card 4111 1111 1111 1111 was charged
en|card|378282246310005|378282246310005
en|national_id|123-45-6789|SSN 123-45-6789
en|national_id|784-1987-1234567-1|Emirates ID 784-1987-1234567-1
en|national_id|AB1234567|passport AB1234567
en|password|hunter22|my password is hunter22
en|password|4821|PIN: 4821
en|birth_date|12 May 1990|Date of birth: 12 May 1990
en|address|12 Baker Street|I live at 12 Baker Street
en|address|12 Old Mill Road, flat 3|Bring it to 12 Old Mill Road, flat 3
lv|phone|29123456|Mans tālrunis 29123456
lv|phone|29 123 456|Piezvaniet: 29 123 456
lv|phone|67123456|talr. 67123456
lv|email|anna@piemērs.lv|Rakstiet anna@piemērs.lv
lv|iban|LV80BANK0000435195001|Konts LV80BANK0000435195001
lv|card|5555 5555 5555 4444|Karte 5555 5555 5555 4444
lv|national_id|161175-19997|161175-19997
lv|national_id|325800-12346|Personas kods 325800-12346
lv|national_id|16117519997|personas kods 16117519997
lv|password|Rīga2026|Parole: Rīga2026
lv|birth_date|12.05.1990|dzimis 12.05.1990
lv|address|Brīvības ielā 12-34|Esmu Brīvības ielā 12-34
lv|address|Brīvības iela 12|Mana adrese ir Brīvības iela 12
ru|phone|8 912 345-67-89|Мой телефон 8 912 345-67-89
ru|phone|89123456789|Звоните 89123456789
ru|phone|+7 (912) 345-67-89|+7 (912) 345-67-89
ru|email|иван@пример.рф|Пишите иван@пример.рф
ru|card|2200 0000 0000 0004|карта 2200 0000 0000 0004
ru|national_id|112-233-445 95|СНИЛС 112-233-445 95
ru|national_id|500100732259|мой ИНН 500100732259
ru|national_id|4510 123456|паспорт 4510 123456
ru|password|qwerty12|пароль: qwerty12
ru|birth_date|12 мая 1990|дата рождения 12 мая 1990
ru|address|ул. Ленина, д. 5, кв. 3|ул. Ленина, д. 5, кв. 3
ru|address|улице Мира 7|живу на улице Мира 7
ms|phone|012-345 6789|012-345 6789
ms|phone|0198765432|Hubungi saya 0198765432
ms|phone|+60 12-345 6789|+60 12-345 6789
ms|email|siti@contoh.my|emel siti@contoh.my
ms|national_id|770302-14-5558|770302-14-5558
ms|national_id|770302145558|IC saya 770302145558
ms|password|rahsia99|kata laluan saya rahsia99
ms|birth_date|12/05/1990|Tarikh lahir 12/05/1990
ms|address|No 12, Jalan Ampang|Alamat saya No 12, Jalan Ampang
ms|card|4111111111111111|kad kredit 4111111111111111
he|phone|052-1234567|תתקשרו אליי 052-1234567
he|phone|0521234567|0521234567
he|phone|03-1234567|טלפון 03-1234567
he|email|dana@doar.co.il|המייל שלי dana@doar.co.il
he|national_id|123456782|תעודת זהות 123456782
he|card|4111-1111-1111-1111|כרטיס אשראי 4111-1111-1111-1111
he|password|shalom1|הסיסמה שלי shalom1
he|birth_date|12.5.1990|תאריך לידה 12.5.1990
he|address|רחוב הרצל 12 דירה 4|רחוב הרצל 12 דירה 4
he|address|רחוב הרצל 12|הכתובת שלי רחוב הרצל 12
ar|phone|٠٥٠١٢٣٤٥٦٧|رقمي ٠٥٠١٢٣٤٥٦٧
ar|phone|0501234567|اتصلوا بي 0501234567
ar|phone|۰۵۰۱۲۳۴۵۶۷|هاتف ۰۵۰۱۲۳۴۵۶۷
ar|phone|+966 50 123 4567|+966 50 123 4567
ar|email|ali@mithal.ae|بريدي ali@mithal.ae
ar|national_id|1043219870|رقم الهوية 1043219870
ar|national_id|29001011234567|الرقم القومي 29001011234567
ar|card|٤١١١ ١١١١ ١١١١ ١١١١|بطاقة ٤١١١ ١١١١ ١١١١ ١١١١
ar|password|Sirr2026|كلمة السر: Sirr2026
ar|birth_date|12/5/1990|تاريخ الميلاد 12/5/1990
ar|address|شارع الملك 12 شقة 4|شارع الملك 12 شقة 4
ar|iban|AE07 0331 2345 6789 0123 456|AE07 0331 2345 6789 0123 456
""".strip().splitlines()
CASES = [tuple(line.split("|")) for line in TRUE]

DIGITS = {
    "arabic": "٠١٢٣٤٥٦٧٨٩", "persian": "۰۱۲۳۴۵۶۷۸۹", "full width": "０１２３４５６７８９", "devanagari": "०१२३४५६७८९",
}  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "data", "text"), CASES)
def test_personal_data_is_found_where_it_stands(language: str, kind: str, data: str, text: str) -> None:
    assert [(f.kind, text[f.start : f.end]) for f in found(text)] == [(kind, data)], language


def test_every_language_shows_every_kind_it_can() -> None:
    shown = Counter((language, kind) for language, kind, _, _ in CASES)
    for language in ("en", "lv", "ru", "ms", "he", "ar"):
        for kind in ("phone", "email", "national_id", "card", "password", "birth_date", "address"):
            assert shown[language, kind], (language, kind)


def test_numbers_that_are_nobodys_are_left_alone() -> None:
    assert len(set(HARMLESS)) >= 200
    assert {text: found(text) for text in HARMLESS if found(text)} == {}


@pytest.mark.parametrize("digits", DIGITS.values(), ids=DIGITS.keys())
def test_digits_of_any_script_are_digits(digits: str) -> None:
    for _, kind, data, text in CASES:
        if kind in ("phone", "card", "national_id"):
            other = text.translate(str.maketrans("0123456789", digits))
            assert kind in kinds(other), (other, data)


def test_direction_marks_and_odd_dashes_hide_nothing() -> None:
    text = "טלפון \u202a\u2066052\u2011123\u200b4567\u2069\u202c תודה"
    (phone,) = found(text)
    assert text[phone.start : phone.end] == "052\u2011123\u200b4567"


def test_several_kinds_in_one_text_come_in_order_and_apart() -> None:
    text = "I am anna@example.com, phone +371 29123456, card 4111 1111 1111 1111, PIN 4821."
    assert [f.kind for f in found(text)] == ["email", "phone", "card", "password"]
    assert covered(text, found(text)) == f"I am {'▒' * 16}, phone {'▒' * 13}, card {'▒' * 19}, PIN {'▒' * 4}."


def test_the_word_nearest_to_a_number_says_what_it_is() -> None:
    assert kinds("order 29123456, phone 29765432") == {"phone"}
    assert kinds("phone me about order 29123456") == frozenset()


def test_a_number_without_its_country_counts_only_in_the_countries_asked_for() -> None:
    assert kinds("call 0522345678", regions=("IL",)) == {"phone"}
    assert kinds("call 0522345678", regions=("LV",)) == frozenset()
    assert kinds("call +972522345678", regions=("LV",)) == {"phone"}


@pytest.mark.parametrize("wrong", ["4111 1111 1111 1112", "161175-19998", "112-233-445 96", "770399-14-5558"])
def test_a_number_whose_check_fails_is_none(wrong: str) -> None:
    assert not kinds(wrong) & {"card", "national_id"}


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), st.sampled_from(CASES))
def test_places_are_of_the_text_itself(noise: str, case: tuple[str, ...]) -> None:
    text = f"{noise}\n{case[3]}"
    last = -1
    for finding in found(text):
        assert last <= finding.start < finding.end <= len(text)
        last = finding.end


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_folding_keeps_its_way_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    assert fold(folded.text).text == folded.text


def test_a_text_without_digits_loads_neither_libraries_nor_patterns() -> None:
    program = (
        "import sys; from hark.domain.personal_data import found; found('Where is my parcel? It is late, again');"
        "sys.exit(any(name in sys.modules for name in ('phonenumbers', 'stdnum', 'hark.domain.personal_search')))"
    )
    environment = {"PYTHONPATH": str(Path(hark.__file__).parents[1])}
    assert subprocess.run([sys.executable, "-c", program], check=False, env=environment).returncode == 0


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Nd", "Nl", "No")), max_size=80))
def test_the_quick_look_passes_over_nothing_that_the_search_would_find(text: str) -> None:
    if not found(text):
        assert spans(fold(text).text, REGIONS) == ()


def test_every_language_of_the_articles_has_its_countries() -> None:
    assert {"LV", "RU", "MY", "IL", "AE", "SA", "EG", "GB", "US"} == set(REGIONS)
