"""Languages told from sentences, with the courage to say "unsure" (the real model, no network)."""

from __future__ import annotations

import pytest
from hark.domain.reading import UNSURE
from hark.reading.language import language

BRAND = ("lv", "ru", "ms", "he", "ar", "en")

SENTENCES = {
    "lv": ["Labdien, mans sūtījums vēl nav atnācis, kur tas ir?", "Kad jūs beidzot atbildēsiet uz manu jautājumu?"],
    "ru": ["Где мой заказ, я жду уже третью неделю?", "Приложение не работает после обновления, помогите"],
    "ms": ["Bila barang saya akan sampai? Sudah dua minggu saya tunggu", "Pesanan saya belum sampai, tolong semak"],
    "he": ["איפה החבילה שלי? אני מחכה כבר שבועיים", "האפליקציה לא עובדת מאז העדכון האחרון"],
    "ar": ["أين طلبي؟ أنتظر منذ أسبوعين ولم يصل", "التطبيق لا يعمل بعد التحديث الأخير"],
    "en": ["my parcel is late and the hotline is closed", "Why was I charged twice this month?"],
}


@pytest.mark.parametrize(("code", "said"), [(code, said) for code, rows in SENTENCES.items() for said in rows])
def test_a_sentence_is_recognised_with_and_without_a_hint_and_between_handles_and_links(code: str, said: str) -> None:
    for text in (said, f"@acme_help {said} https://t.co/Ab12Cd34Ef #4711 👍"):
        for hint in ("", "und", "qme", code, "fi"):
            assert language(text, hint, BRAND) == code, (text, hint)


@pytest.mark.parametrize(
    "said",
    ["", " ", "👍🙏", "😡😡😡", "12345", "4711-22 +371 20000000", "!!!", "???", "@acme", "@acme https://t.co/Ab12Cd34Ef",
     "#acme #fail", "❤️", "…", "\u200b", "100%"],
)  # fmt: skip
def test_what_has_no_words_is_no_language_whatever_the_hint(said: str) -> None:
    for hint in ("", "en", "lv", "qst"):
        assert language(said, hint, BRAND) == UNSURE


@pytest.mark.parametrize(
    "said", ["ok", "Ja", "da", "no", "hotel", "taxi", "internet", "OK!", "super", "@acme ok 👍", "si"]
)
def test_one_ambiguous_word_is_no_language(said: str) -> None:
    assert language(said, "", BRAND) == UNSURE


@pytest.mark.parametrize("said", SENTENCES["ms"])
def test_malay_is_not_called_indonesian_where_the_brand_expects_malay(said: str) -> None:
    assert language(said, "id", BRAND) == language(said, "in", BRAND) == "ms"
    assert language(said, "", ("id", "en")) in ("id", "ms"), "nothing of the brand's settles it"


def test_indonesian_stays_indonesian_where_the_brand_expects_both() -> None:
    said = "Kapan barang saya dikirim? Sudah dua minggu saya menunggu, tolong segera diproses ya"
    assert language(said, "id", ("id", "ms")) == "id"
    assert language(said, "id", BRAND) == "ms"


def test_a_language_the_brand_does_not_expect_is_still_said() -> None:
    assert language("Mein Paket ist immer noch nicht angekommen, was ist los?", "", BRAND) == "de"


def test_a_very_long_text_is_read_in_no_time() -> None:
    assert language("my parcel is late and nobody answers " * 3000, "", BRAND) == "en"
