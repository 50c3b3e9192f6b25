"""The words of the page on which a customer rates our help. Ours, in the languages the desk reads."""

from __future__ import annotations

from dataclasses import dataclass

from hark.domain.follow_up import FALLBACK_LANGUAGE


@dataclass(frozen=True)
class Page:
    """All that the page says. `stars` are from 1 to 5."""

    language: str
    title: str
    question: str
    stars: tuple[str, str, str, str, str]
    comment: str
    send: str
    choose: str
    thanks: str
    gone: str


_PAGES = (
    Page(
        "lv", "Jūsu vērtējums", "Cik apmierināts esat ar mūsu palīdzību?",
        ("Ļoti neapmierināts", "Neapmierināts", "Vidēji", "Apmierināts", "Ļoti apmierināts"),
        "Ko mums vajadzētu zināt? (nav obligāti)", "Nosūtīt", "Lūdzu, izvēlieties vienu no vērtējumiem.",
        "Paldies par jūsu vērtējumu!", "Šī saite vairs nav derīga.",
    ),
    Page(
        "ru", "Ваша оценка", "Насколько вы довольны нашей помощью?",
        ("Очень недоволен", "Недоволен", "Средне", "Доволен", "Очень доволен"),
        "Что нам стоит знать? (необязательно)", "Отправить", "Пожалуйста, выберите одну из оценок.",
        "Спасибо за вашу оценку!", "Эта ссылка больше не действует.",
    ),
    Page(
        "ms", "Penilaian anda", "Sejauh mana anda berpuas hati dengan bantuan kami?",
        ("Sangat tidak puas hati", "Tidak puas hati", "Sederhana", "Puas hati", "Sangat puas hati"),
        "Apa yang perlu kami tahu? (tidak wajib)", "Hantar", "Sila pilih satu penilaian.",
        "Terima kasih atas penilaian anda!", "Pautan ini tidak lagi sah.",
    ),
    Page(
        "he", "הדירוג שלך", "עד כמה היית מרוצה מהעזרה שלנו?",
        ("לא מרוצה בכלל", "לא מרוצה", "ככה ככה", "מרוצה", "מרוצה מאוד"),
        "מה כדאי שנדע? (לא חובה)", "שליחה", "נא לבחור אחד מהדירוגים.",
        "תודה על הדירוג!", "הקישור הזה אינו בתוקף עוד.",
    ),
    Page(
        "ar", "تقييمك", "ما مدى رضاك عن مساعدتنا؟",
        ("غير راضٍ إطلاقا", "غير راضٍ", "متوسط", "راضٍ", "راضٍ جدا"),
        "ما الذي ينبغي أن نعرفه؟ (اختياري)", "إرسال", "يرجى اختيار أحد التقييمات.",
        "شكرا على تقييمك!", "لم يعد هذا الرابط صالحا.",
    ),
    Page(
        "en", "Your rating", "How satisfied are you with our help?",
        ("Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"),
        "What should we know? (optional)", "Send", "Please choose one of the ratings.",
        "Thank you for your rating!", "This link is no longer valid.",
    ),
)  # fmt: skip
PAGES = {page.language: page for page in _PAGES}


def page(language: str) -> Page:
    """The page's words in a language (BCP 47), or in English where there are none."""
    return PAGES.get(language.split("-")[0].lower(), PAGES[FALLBACK_LANGUAGE])
