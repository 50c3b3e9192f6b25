"""Words by which a text is known to be about the customer's own order, delivery, bill or login (C12, E21).

Of our own writing, in the form of `domain.folding`. `~` at the end: any ending. In Hebrew and Arabic what is written
onto the front of a word (the, and, in, for) is taken off before it is looked up.
"""

from __future__ import annotations

THINGS = {
    "en": "account~ order~ parcel~ package~ packet~ delivery deliver~ shipment~ courier~ driver~ tracking invoice~ bill"
    " bills billed receipt~ refund~ charge charged charges payment~ card cards password~ login log-in transfer~"
    " subscription~ contract~ plan booking~ reservation~ luggage baggage suitcase~ bag stuff box"
    " contribution membership loan mortgage meter line wheelchair",
    "lv": "kont~ pasutijum~ pasutij~ paka paku paka~ pacin~ sutijum~ piegad~ kurjer~ rekin~ cek~ atmaks~ maksajum~"
    " kart~ parol~ parskaitijum~ ligum~ tarif~ abonement~ rezervacij~ bagaz~ kod~ naud~ biles~ hipotek~ kredit~"
    " aizdevum~ nosutij~ atsutij~",
    "ru": "аккаунт~ заказ~ посылк~ доставк~ курьер~ трек~ счет счета счету чек чека чеки возврат~ оплат~ платеж~ карт"
    " карта карту карты карте картой пароль пароля паролем логин~ перевод~ подписк~ абонентк~ договор~ тариф~ бронь"
    " бронировани~ багаж~ чемодан~ деньги списал~ кредит~ ипотек~ прислал~ билет~ zakaz~ posylk~ perevod~ schet~",
    "ms": "akaun~ pesanan~ order~ bungkusan barang parcel penghantaran hantar hantaran rider kurier kurir bil resit"
    " invois refund bayaran bayar kad duit password katalaluan laluan login transfer langganan kontrak pelan tempahan"
    " booking beg bagasi tracking pinjaman talian akses",
    "he": "חשבון חשבוני חשבונית חשבוניות הזמנה הזמנתי הזמנות חבילה חבילתי חבילות משלוח משלוחים שליח שליחים קבלה החזר"
    " זיכוי חיוב חויבתי חייבתם תשלום כרטיס כרטיסי אשראי סיסמה סיסמא סיסמתי העברה מנוי חוזה מזוודה מזוודות תיק כבודה"
    " מעקב קו הלוואה משכנתא",
    "ar": "حساب حسابي حساباتي طلب طلبي طلبيه طلبيتي طلبيات شحنه شحنتي طرد طردي توصيل مندوب سائق فاتوره فاتورتي فواتير"
    " مبلغ فلوس فلوسي استرجاع استرداد خصم خصمتوا سحبتوا دفع دفعت بطاقه بطاقتي باسورد تحويل حواله اشتراك اشتراكي باقه"
    " باقتي عقد حجز حجزي شنطه شنطتي حقيبه حقيبتي كرتون قرض talabi sha7nati fatoura",
}
"""What a customer has with a brand."""

MINE = {
    "en": "i i'm i've i'd i'll im ive me my mine myself we our ours us my~",
    "lv": "es man mans mana manu manas manam manai mani mus musu mums mes esmu",
    "ru": "я мне меня мной мой моя мое мои моего моей моему мою моих нам нас мы наш наша наше наши ya mne moy moya",
    "ms": "saya aku ku i sy kami kita me my mak ayah",
    "he": "אני שלי לי אותי ממני אליי אלי אצלי אנחנו שלנו לנו אותנו",
    "ar": "انا لي عندي مني معي احنا نحن لنا عندنا عني علي",
}
"""Who speaks of themselves."""

OWN = {
    "en": "password~ log-in login charged overcharged billed",
    "lv": "parol~ ielogoties internetbank~",
    "ru": "пароль пароля залогин~ списали списалось",
    "ms": "password katalaluan login",
    "he": "סיסמה סיסמא סיסמתי חשבוני חבילתי חויבתי חייבתם כרטיסי",
    "ar": "باسورد حسابي طلبي طلبيتي بطاقتي فاتورتي شحنتي طردي شنطتي حقيبتي اشتراكي باقتي حجزي",
}
"""What is one's own without a word for it: by its form, or because nobody asks after another's."""
