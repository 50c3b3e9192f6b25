"""Words by which personal data announce themselves, in the six languages of the articles, as regular expressions.

They are matched against folded text (`domain.folding`): lower case, no marks. Hebrew and Arabic words take particles
in front, so there no boundary is asked for before a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hark.domain.folding import plain


def _any(latin: Iterable[str], joined: Iterable[str] = ()) -> re.Pattern[str]:
    """One of the words. `latin` need a boundary before and after, `joined` none; `*` at the end: any ending."""
    bounded = "|".join(_word(words) for words in latin)
    free = "|".join(_word(words) for words in joined)
    return re.compile(rf"(?<!\w)(?:{bounded})(?!\w)" + (rf"|(?:{free})" if free else ""))


def _word(words: str) -> str:
    return "|".join(
        re.escape(plain(word.strip().removesuffix("*"))).replace(r"\ ", r"\s+")
        + (r"\w*" if word.strip()[-1] == "*" else "")
        for word in words.split("|")
    )


PHONE = _any(
    (
        "phone|telephone|mobile|cell|tel|ph|call|call me|ring me|text me|sms|whatsapp|viber|telegram|my number",
        "contact number|reach me|my no",
        "tālr*|telefon*|mob|mobil*|zvan*|piezvan*|mans numurs|mans nr",
        "тел|телефон*|моб|мобильн*|звон*|позвон*|перезвон*|набер*|ватсап*|вацап*|вайбер*|мой номер|номер мой",
        "hubungi|wasap|no hp|hp|nombor saya|no saya|no tel|telefon bimbit",
    ),
    (
        "טלפון|נייד|פלאפון|להתקשר|תתקשרו|התקשרו|תחזרו אליי|וואטסאפ|ווטסאפ|המספר שלי|מספרי",
        "هاتف|موبايل|جوال|تلفون|تليفون|رقمي|اتصل|واتساب|واتس|كلموني|راسلوني",
    ),
)
"""A telephone number follows."""

REFERENCE = _any(
    (
        "order*|parcel*|package*|tracking|track|shipment*|ticket*|case|invoice*|booking*|reservation*|ref|reference",
        "flight*|serial|imei|sku|model|article|item|product|barcode|receipt*|rma|voucher*|coupon*|isbn|ean|awb|pnr",
        "contract*|policy no|complaint no|transaction*|version|build|doi|id of the order|customer number|account",
        "pasūtījum*|sūtījum*|paciņ*|pakas|rēķin*|ček*|biļet*|rezervācij*|reis*|preces|artikul*|izsekošan*|līgum*",
        "pieteikum*|darījum*|kvīt*|kods|kuponu*|konta",
        "заказ*|посылк*|трек*|отправлени*|накладн*|счет*|чек*|билет*|брон*|рейс*|артикул*|обращени*|заявк*|договор*",
        "транзакци*|квитанци*|код|купон*|модел*|штрихкод*|лицев*",
        "pesanan|tempahan|bungkusan|penjejakan|resit|invois|tiket|penerbangan|rujukan|kod|baucar|kontrak|transaksi",
    ),
    (
        "הזמנה|הזמנת|ההזמנה|חבילה|משלוח|מעקב|קבלה|חשבונית|טיסה|פנייה|פניה|אסמכתא|ברקוד|דגם|קופון|עסקה|שובר",
        "طلب|شحنة|الشحنة|تتبع|فاتورة|الفاتورة|تذكرة|حجز|رحلة|بلاغ|مرجع|كوبون|باركود|معاملة|عقد|بوليصة",
    ),
)
"""A number of a thing follows, not of a person."""

IDENTITY = _any(
    (
        "ssn|social security|national id|id number|id no|identity card|identity number|passport*|my id|emirates id|inn",
        "personas kod*|p k|pers kods|personas kods|pase|pases",
        "снилс*|инн|паспорт*|личный код|персональный код|удостоверени*",
        "ic|no ic|kad pengenalan|mykad|nric|no kp|pasport*",
    ),
    (
        'תעודת זהות|ת.ז|ת"ז|תז|מספר זהות|דרכון',
        "رقم الهوية|الهوية|بطاقة الهوية|هويتي|الرقم القومي|القومي|جواز",
    ),
)
"""A number that the state gave to a person follows."""

CARD = _any(
    (
        "card|credit card|debit card|visa|mastercard|amex|maestro",
        "kart*|kredītkart*",
        "карт*",
        "kad kredit|kad debit|kad",
    ),
    ("כרטיס אשראי|אשראי|ויזה|מאסטרקארד", "بطاقة|البطاقة|فيزا|ماستركارد"),
)

BIRTH = _any(
    (
        "born|born on|date of birth|dob|birth date|birthday is|birthdate",
        "dzimis|dzimusi|dzimšanas datums|dz dat|dzimšanas diena",
        "дата рождения|родился|родилась|д р|г р|день рождения",
        "tarikh lahir|lahir pada|lahir",
    ),
    ("תאריך לידה|נולדתי|יום הולדת", "تاريخ الميلاد|تاريخ ميلادي|مواليد|ولدت"),
)

HOME = _any(
    (
        "my address|my home address|i live at|i live on|i live in|home address",
        "deliver to|deliver it to|ship to|send it to",
        "mana adrese|manas mājas|dzīvoju|dzīvo|piegādājiet uz|piegādes adrese|adrese ir|manu adresi",
        "мой адрес|мой домашний адрес|живу|проживаю|доставьте|доставить по адресу|адрес доставки|привезите",
        "alamat saya|alamat rumah|alamat penghantaran|tinggal di|rumah saya|hantar ke",
    ),
    ("הכתובת שלי|כתובתי|אני גר|אני גרה|כתובת למשלוח", "عنواني|عنوان بيتي|اسكن في|ساكن في|ساكنة في|عنوان المنزل"),
)
"""The writer's own address follows."""

SECRET = _any(
    ("password|passcode|pwd|passwd|parole|paroli|пароль|kata laluan|katalaluan",),
    (
        "סיסמה|סיסמא",
        "كلمة السر|كلمة المرور|باسورد",
    ),
)
PIN = _any(
    ("pin|pin code|pin kods|cvv|cvc|cvv2|security code|drošības kods|пин|пин код|пин-код|код безопасности|otp",),
    ("הקוד הסודי|קוד סודי|קוד אימות", "الرقم السري|رمز التحقق"),
)
"""A secret that is digits follows; after `SECRET` one that holds a digit at least."""

IS = _any(("is|my|ir|mana|mans|это|мой|ialah|adalah|saya",), ("שלי|הוא|היא|הינה", "هي|هو"))
"""What may stand between a word and the value it announces."""

MONEY_BEHIND = re.compile(
    r"\s?(?:€|\$|£|₽|₪|%|eur\b|euro|usd|gbp|руб|р\.|rub|rm\b|myr|ils|nis\b|ש\"ח|שח|שקל|aed|sar|درهم|ريال|دينار|جنيه|دولار|"
    r"eiro|euros|dollar|km\b|kg\b|g\b|ml\b|mb\b|gb\b|км|кг|שנה|people|views|followers|skatijum|просмотр|подписчик)"
)
"""A sum, a measure or a count, not a number of somebody."""
MONEY_BEFORE = re.compile(r"(?:€|\$|£|₽|₪|\beur|\busd|\brm|\bmyr|\baed|\bsar)\s?$")

STREETS = tuple(
    (re.compile(street), re.compile(flat))
    for street, flat in (
        (
            r"[^\W\d_]+\s(?:iela|ielas|ielu|prospekt\w*|bulvar\w*|gatve|gatves)\s?(?:nr\.? ?)?\d{1,3}[a-z]?",
            r"(?:\s?[-/]\s?\d{1,3}|,? ?(?:dz|dziv\w*)\.? ?\d{1,3})",
        ),
        (
            (
                r"(?<!\w)(?:ул|улиц[аеу]|пр-т|пр|проспект\w*|пер|переул\w*|бульвар\w*|шоссе|наб\w*)\.? "
                r"[^\W\d_]+(?: [^\W\d_]+)?,? ?(?:д|дом|№)?\.? ?\d{1,3}(?:к\d)?"
            ),
            r",? ?(?:кв|квартира)\.? ?\d{1,4}",
        ),
        (
            (
                r"(?<!\w)\d{1,4}[a-z]? (?:[^\W\d_]+ ){1,3}"
                r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|boulevard|blvd)(?!\w)\.?"
            ),
            r",? ?(?:flat|apt|apartment|unit) ?#?\d{1,4}",
        ),
        (
            r"(?<!\w)(?:no\.? ?)?\d{1,4}[a-z]?,? (?:jalan|jln|lorong|persiaran) [^\W_]+(?:/\d+)?",
            r",? ?(?:unit|blok|tingkat) ?[a-z]?-?\d{1,4}",
        ),
        (r"(?:רחוב|רח'|שדרות|שד') [^\W\d_]+(?: [^\W\d_]+)? \d{1,3}", r",? ?(?:דירה|דיר') ?\d{1,3}"),
        (
            r"(?:شارع) [^\W\d_]+(?: [^\W\d_]+)?,?،? ?(?:مبنى|بناية|رقم|عمارة)? ?\d{1,4}",
            r"[,،]? ?(?:شقة) ?(?:رقم)? ?\d{1,4}",
        ),
    )
)
"""Street and house as written in the six languages, and how a flat follows."""
