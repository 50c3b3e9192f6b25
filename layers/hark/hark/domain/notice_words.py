"""What a notice says by e-mail, in the language of the person who gets it. No word of a customer, no name."""

from __future__ import annotations

from hark.domain.notice_choices import GIVEN

LANGUAGES = ("en", "lv", "ru", "ms", "he", "ar")

# Several codes share a sentence: who gets it wants to know what to do, the desk says why.
_SAME = {
    "remind.late": "late", "remind.owner": "late", "remind.team": "team", "remind.lead": "lead",
    "remind.ceiling": "ceiling", "warn.answer": "soon", "warn.resolution": "resolution",
    "promise.soon": "promise_soon", "promise.missed": "promise_missed", "case.assigned": "given",
    "case.escalated": "given", "draft.submitted": "approve", "approval.escalated": "approve",
    "draft.returned": "returned", "draft.expired": "returned", "incident.suggested": "spike",
    "incident.opened": "spike", "incident.broadcast_proposed": "approve",
}  # fmt: skip

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "late": "A case of yours was not answered in time.",
        "team": "A case of your team is still not answered.",
        "lead": "A case is still not answered, and its owner and team were told.",
        "ceiling": "Somebody has been waiting for longer than anybody may wait.",
        "soon": "The time to answer a case is nearly over.",
        "resolution": "The time to solve a case is nearly over.",
        "promise_soon": "The time at which you promised to be back is near.",
        "promise_missed": "A promised time has passed without an answer.",
        "given": "A case was given to you.",
        "approve": "Something waits for your approval.",
        "returned": "A draft came back to its author.",
        "spike": "Many people write about one topic: perhaps an incident.",
        "open": "Open it:",
        "more": "More since the last e-mail, all on the desk: {n}.",
        "last": "This is the last e-mail for a while; the desk shows the rest.",
    },
    "lv": {
        "late": "Uz vienu no jūsu pieteikumiem nav laikus atbildēts.",
        "team": "Jūsu komandas pieteikums joprojām gaida atbildi.",
        "lead": "Pieteikums joprojām nav atbildēts; īpašnieks un komanda ir informēti.",
        "ceiling": "Kāds gaida ilgāk, nekā drīkst gaidīt.",
        "soon": "Laiks atbildēt uz pieteikumu drīz beigsies.",
        "resolution": "Laiks atrisināt pieteikumu drīz beigsies.",
        "promise_soon": "Tuvojas laiks, kurā solījāt atbildēt.",
        "promise_missed": "Solītais laiks ir pagājis bez atbildes.",
        "given": "Jums ir iedots pieteikums.",
        "approve": "Kaut kas gaida jūsu apstiprinājumu.",
        "returned": "Melnraksts ir atgriezts autoram.",
        "spike": "Daudzi raksta par vienu tēmu: iespējams, incidents.",
        "open": "Atvērt:",
        "more": "Kopš iepriekšējā e-pasta ir vēl, viss redzams darba galdā: {n}.",
        "last": "Šis kādu laiku ir pēdējais e-pasts; pārējais redzams darba galdā.",
    },
    "ru": {
        "late": "На одно из ваших обращений не ответили вовремя.",
        "team": "Обращение вашей команды всё ещё без ответа.",
        "lead": "Обращение всё ещё без ответа; владелец и команда оповещены.",
        "ceiling": "Кто-то ждёт дольше, чем вообще можно ждать.",
        "soon": "Время на ответ почти вышло.",
        "resolution": "Время на решение почти вышло.",
        "promise_soon": "Близится время, к которому вы обещали ответить.",
        "promise_missed": "Обещанное время прошло без ответа.",
        "given": "Вам передано обращение.",
        "approve": "Что-то ждёт вашего одобрения.",
        "returned": "Черновик вернулся к автору.",
        "spike": "Многие пишут об одном и том же: возможно, это инцидент.",
        "open": "Открыть:",
        "more": "С прошлого письма есть ещё, всё видно на рабочем столе: {n}.",
        "last": "Это пока последнее письмо; остальное видно на рабочем столе.",
    },
    "ms": {
        "late": "Satu kes anda tidak dijawab tepat pada masanya.",
        "team": "Satu kes pasukan anda masih belum dijawab.",
        "lead": "Satu kes masih belum dijawab; pemilik dan pasukannya sudah diberitahu.",
        "ceiling": "Ada orang menunggu lebih lama daripada yang dibenarkan.",
        "soon": "Masa untuk menjawab satu kes hampir tamat.",
        "resolution": "Masa untuk menyelesaikan satu kes hampir tamat.",
        "promise_soon": "Masa yang anda janjikan semakin hampir.",
        "promise_missed": "Masa yang dijanjikan sudah berlalu tanpa jawapan.",
        "given": "Satu kes diberikan kepada anda.",
        "approve": "Ada sesuatu menunggu kelulusan anda.",
        "returned": "Satu draf dikembalikan kepada penulisnya.",
        "spike": "Ramai orang menulis tentang satu topik: mungkin satu insiden.",
        "open": "Buka:",
        "more": "Ada lagi sejak e-mel yang lalu, semuanya di meja kerja: {n}.",
        "last": "Ini e-mel terakhir buat sementara; yang lain ada di meja kerja.",
    },
    "he": {
        "late": "אחת הפניות שלך לא נענתה בזמן.",
        "team": "פנייה של הצוות שלך עדיין לא נענתה.",
        "lead": "פנייה עדיין לא נענתה, והאחראי והצוות כבר קיבלו הודעה.",
        "ceiling": "מישהו מחכה יותר ממה שמותר לחכות.",
        "soon": "הזמן למענה על פנייה עומד להסתיים.",
        "resolution": "הזמן לפתרון פנייה עומד להסתיים.",
        "promise_soon": "המועד שהבטחת מתקרב.",
        "promise_missed": "המועד שהובטח עבר ללא מענה.",
        "given": "פנייה הועברה אליך.",
        "approve": "משהו ממתין לאישורך.",
        "returned": "טיוטה חזרה למי שכתב אותה.",
        "spike": "רבים כותבים על נושא אחד: ייתכן שזו תקלה.",
        "open": "לפתיחה:",
        "more": "עוד הודעות מאז המייל הקודם, כולן בשולחן העבודה: {n}.",
        "last": "זה המייל האחרון לזמן מה; השאר מופיע בשולחן העבודה.",
    },
    "ar": {
        "late": "لم يتم الرد على إحدى حالاتك في الوقت المحدد.",
        "team": "ما زالت إحدى حالات فريقك دون رد.",
        "lead": "ما زالت إحدى الحالات دون رد، وقد أُبلغ صاحبها وفريقه.",
        "ceiling": "هناك من ينتظر أطول مما يجوز.",
        "soon": "يوشك وقت الرد على إحدى الحالات أن ينتهي.",
        "resolution": "يوشك وقت حل إحدى الحالات أن ينتهي.",
        "promise_soon": "اقترب الموعد الذي وعدت بالرد فيه.",
        "promise_missed": "مرّ الموعد الموعود دون رد.",
        "given": "أُسندت إليك حالة.",
        "approve": "هناك ما ينتظر موافقتك.",
        "returned": "أُعيدت مسودة إلى كاتبها.",
        "spike": "كثيرون يكتبون عن موضوع واحد: قد تكون هناك مشكلة عامة.",
        "open": "للفتح:",
        "more": "المزيد منذ البريد السابق، وكله على المكتب: {n}.",
        "last": "هذا آخر بريد لبعض الوقت؛ والباقي على المكتب.",
    },
}


def sentence(code: str, language: str) -> str:
    """The sentence of a notice; in English for a language we do not have.

    Raises:
        KeyError: nobody is told of such a code.
    """
    return WORDS.get(language, WORDS["en"])["given" if code.startswith(GIVEN) else _SAME[code]]


def mail(code: str, language: str, brand: str, link: str, held: int, *, last: bool) -> tuple[str, str]:
    """Subject and text of an e-mail.

    Args:
        brand: the brand's own name for itself.
        link: where the case is.
        held: how many notices were held back since the last mail.
        last: no further mail comes for a while.
    """
    words = WORDS.get(language, WORDS["en"])
    said = sentence(code, language)
    lines = [said, "", f"{words['open']} {link}"]
    if held:
        lines += ["", words["more"].format(n=held)]
    if last:
        lines += ["", words["last"]]
    name = " ".join(brand.split())[:60]
    return f"[{name}] {said}", "\n".join(lines) + "\n"
