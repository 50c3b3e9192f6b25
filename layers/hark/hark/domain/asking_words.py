"""How our own replies ask for personal data, offer a call, or name a private way: patterns in six languages.

Matched against folded text (`domain.folding`): lower case, without marks.
"""

from __future__ import annotations

import re

from hark.domain.folding import plain


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{plain(alternative)})" for alternative in alternatives))


_EN = (
    r"(?:phone|telephone|mobile|cell|contact) ?(?:numbers?|no)?|numbers?|e-?mail(?: address)?|(?:home|postal|delivery|"
    r"full|billing)? ?address|(?:account|card|customer|passport|id)(?: numbers?| no)|pass(?:word|code)|pin|"
    r"username|login|"
    r"date of birth|birth ?date|(?:payment|billing|bank|contact|personal) (?:details?|data|information|info)|iban|"
    r"security (?:question|answer|code)s?|full name"
)
_LV = (
    r"(?:talruna|telefona) ?(?:numur\w+|nr)?|talruni|telefonu|e-?past\w*|epast\w*|adres\w+|konta (?:numur\w+|nr)|"
    r"parol\w+|personas kod\w+|kartes (?:numur\w+|dat\w+)|kartes nr|dzimsanas dat\w+|lietotajvard\w+|klienta numur\w+|"
    r"liguma numur\w+|kontaktinformacij\w+|pin"
)
_RU = (
    r"(?:номер\w* )?телефон\w*|электронн\w+ (?:почт\w+|адрес\w*)|почт\w+|e-?mail|имеил|адрес\w*|"
    r"номер\w* (?:счета|карты|"
    r"договора|паспорта)|лицев\w+ счет\w*|пароль|паспортн\w+ данн\w+|данн\w+ (?:карты|паспорта)|"
    r"дат\w+ рождения|логин|фио|"
    r"контактн\w+ (?:данн\w+|номер\w*)|пин"
)
_MS = (
    r"(?:no\.?|nombor) (?:telefon|tel|hp|akaun|kad(?: pengenalan)?|ic|pelanggan)|e-?mel|emel|email|alamat|kata laluan|"
    r"tarikh lahir|nama pengguna|maklumat (?:kad|akaun|peribadi)|butiran (?:kad|akaun)"
)
_HE = (
    r"(?:מספר ה?)?(?:טלפון|נייד|חשבון|לקוח|כרטיס)|טלפון|מייל|אימייל|דוא\"ל|כתובת|סיסמה|תעודת זהות|ת\.ז\.?|תאריך לידה|"
    r"פרטי (?:אשראי|כרטיס|חשבון|קשר)|שם משתמש"
)
_AR = (
    r"رقم ?(?:ال)?(?:هاتف|جوال|موبايل|حساب|بطاقة|هوية|عميل)|هاتف|جوال|"
    r"بريد|ايميل|عنوان|كلمة (?:السر|المرور)|تاريخ ميلاد|حساب|اسم المستخدم"
)

ASKS = _pattern(
    # en: "your e-mail", "what is the phone number"
    rf"\b(?:send|give|tell|share|provide|post|write|confirm|reply with|leave|need|state|enter|"
    rf"(?:may|can|could) we have|let us (?:know|have))\b"
    rf"[^.!?\n]{{0,40}}?\byour (?:\w+ ){{0,2}}(?:{_EN})\b",
    r"\bwhat(?: is|'s| was) your (?:\w+ )?numbers?\b",
    rf"\b(?:what is|what's|what was|which) (?:your|the) (?:\w+ ){{0,2}}(?:{_EN})\b",
    rf"\b(?:send|give|tell|share|post|provide|dm|write|confirm) (?:us|me) (?:an?|the|with) (?:\w+ )?(?:{_EN})\b",
    r"\bwhat (?:exactly )?(?:did you|have you) (?:buy|order|purchase|bought|ordered|purchased)\b",
    # lv
    rf"(?<!\w)(?:jusu|savu|savus|jus|sava) (?:\w+ ){{0,2}}(?:{_LV})(?!\w)",
    rf"(?:atsutiet|uzrakstiet|norad\w+|pasakiet|iedodiet|ierakstiet|nosutiet|"
    rf"atrakstiet)[^.!?\n]{{0,30}}?(?:{_LV})(?!\w)",
    rf"kads ir (?:jusu |tavs )?(?:{_LV})",
    r"ko (?:tiesi )?(?:jus )?(?:nopirkat|pasutijat|iegadajaties|pirkat)(?!\w)",
    # ru
    rf"(?<!\w)(?:ваш\w*|сво\w+|тво\w+) (?:\w+ ){{0,1}}(?:{_RU})(?!\w)",
    rf"(?:пришлите|напишите|укажите|сообщите|отправьте|дайте|скажите|подскажите|продиктуите|назовите|оставьте|пришли)"
    rf"[^.!?\n]{{0,30}}?(?:{_RU})(?!\w)",
    r"что (?:именно )?вы (?:купили|заказали|приобрели|заказывали|покупали)",
    # ms
    rf"(?:{_MS}) (?:anda|awak|tuan|puan|cik|encik)(?!\w)",
    rf"(?:beri|berikan|hantar|hantarkan|kongsi|kongsikan|nyatakan|maklumkan|tulis|"
    rf"taip)[^.!?\n]{{0,25}}?(?:{_MS})(?!\w)",
    r"apa yang (?:anda |awak |tuan |puan )?(?:telah )?(?:beli|pesan|tempah)",
    # he
    rf"(?:{_HE}) (?:שלך|שלכם|שלכן)",
    rf"(?:שלח|שלחי|שלחו|תשלח\w*|כתבו|כתוב|כתבי|מסרו|מסור|מסרי|ציינו|ציין|צייני|מהו|מהי|"
    rf"מה)[^.!?\n]{{0,20}}?(?:{_HE})(?!\w)",
    r"מה (?:בדיוק )?(?:קנית|קניתם|הזמנת|הזמנתם|רכשת|רכשתם)",
    # ar
    r"(?:رقم ?)?(?:هاتفك|جوالك|موبايلك|رقمك|بريدك|ايميلك|عنوانك|حسابك|بطاقتك|هويتك|ميلادك)(?:م)?(?!\w)",
    rf"(?:ارسل\w*|زود\w*|اكتب\w*|شارك\w*|ما هو|ما هي|ابعث\w*|تزويدنا|اعطنا|عطنا)[^.!؟?\n]{{0,25}}?(?:ال)?(?:{_AR})",
    r"(?:ماذا|ما الذي) (?:بالضبط )?(?:اشتريت|طلبت|اشتريته|طلبته)",
)
"""We ask the customer for data that belong in private (capabilities E5, E26)."""

PRIVATELY = _pattern(
    r"\b(?:dms?|pm|direct message|private message|"
    r"privately|in private|inbox us|message us|private chat|by e-?mail to)\b",
    r"privat\w*|privatzin\w*|ieksejo zin\w*|tiesraj\w* zin\w*",
    r"(?<!\w)(?:лс|личк\w+|личн\w+ сообщен\w+|директ\w*|лично|приватн\w+)(?!\w)",
    r"mesej (?:peribadi|langsung|kami)|mesej secara|pm kami|dm kami|secara peribadi|peti mesej",
    r"בפרטי|הודעה פרטית|הודעה ישירה|בדירקט|לאינבוקס|באינבוקס",
    r"(?:على |في |عبر )?(?:ال)?خاص(?!\w)|رساله خاصه|رسالة خاصة|رسالة مباشرة|الرسائل (?:الخاصة|المباشرة)|برسالة",
)
"""The reply names a private way: what it asks for is not asked for in public."""

CALLS = _pattern(
    r"\b(?:give us a (?:call|ring)|call us|phone us|ring us|(?:please|can you|could you) call|call our|"
    r"(?:we|i)(?:'ll| will| can| could) (?:call|ring|phone) you|by (?:phone|telephone))\b",
    r"(?:piezvan\w+ (?:mums|mus|pa|uz|jums)|zvan\w+ (?:mums|pa|uz|jums)|sazvan\w+|pa talruni|telefoniski)",
    r"(?:по)?звоните|перезвоним|позвоним|свяжемся с вами по телефону|по телефону|наберите нас",
    r"(?:sila |tolong )?(?:hubungi|telefon|call) (?:kami|talian)|"
    r"kami akan (?:telefon|call|hubungi)|melalui telefon",
    r"(?:התקשרו|תתקשרו|התקשר|צלצלו|חייגו|נתקשר|נחזור אלי\w+ בטלפון|בטלפון)",
    r"(?:اتصل\w* (?:بنا|على|علينا)|سنتصل|نتصل بك\w*|الاتصال بنا|هاتفيا|مكالمة)",
)
"""The reply sends the customer to the telephone, or offers to call (capability E22)."""

PLACEHOLDER = re.compile(r"\{\{?\s*[^\W\d_][^{}\n]{0,60}\}\}?|\[[A-Z][A-Z _]{2,30}\]|<[a-z_]{3,20}>|%[A-Za-z_]{3,20}%")
"""A gap of a canned text that nobody filled in; matched against the text itself."""
