"""What people write at the end of a talk, in six languages and their usual slips: the words `domain.hearing` knows.

All lists are our own. A row holds phrases of one language, parted by `|`; they are compared without marks and in lower
case (`domain.folding`), so that "paldies" and "PALDIES", "شكرا" and "شكراً" are one.
"""

from __future__ import annotations

_EN_FOR = (
    "your help|the help|helping|helping me|helping out|your reply|the reply|the quick reply|your quick reply|replying|"
    "your answer|the answer|the quick answer|your response|the response|the quick response|your support|the support|"
    "your time|the info|the information|the explanation|explaining|letting me know|the update|everything|all your help|"
    "getting back to me|your patience|the great service|the tip|fixing it|fixing this|solving it|sorting it out|"
    "sorting this out"
)
_LV_FOR = (
    "palidzibu|atbildi|ātro atbildi|atsaucību|skaidrojumu|paskaidrojumu|informāciju|info|operativitāti|visu|darbu|"
    "risinājumu|sapratni|atbalstu|ziņu|ieteikumu|padomu|laiku|apkalpošanu|pacietību"
)
_RU_FOR = (
    "помощь|вашу помощь|ответ|быстрый ответ|ваш ответ|оперативность|оперативный ответ|поддержку|информацию|разъяснение|"
    "разъяснения|пояснение|объяснение|внимание|все|понимание|работу|подсказку|решение|совет|обслуживание|терпение|сервис"
)
_MS_FOR = (
    "bantuan|bantuan anda|maklum balas|jawapan|jawapan pantas|penjelasan|makluman|maklumat|pertolongan|respon|"
    "respons|respon pantas|perkhidmatan|info|tindakan|segalanya|semuanya|kerjasama|membantu|bantu|tolong"
)
_HE_FOR = (
    "העזרה|התשובה|המענה|המענה המהיר|השירות|הטיפול|הטיפול המהיר|ההסבר|המידע|הכל|התגובה|התגובה המהירה|הסבלנות|העדכון|"
    "הפתרון|היחס|שירות מעולה"
)
_AR_FOR = (
    "المساعدة|مساعدتكم|مساعدتك|الرد|ردكم|سرعة الرد|الرد السريع|التوضيح|الاهتمام|اهتمامكم|التعاون|تعاونكم|كل شيء|"
    "المعلومة|المعلومات|الخدمة|الحل|وقتكم|الإفادة|الدعم"
)


def _for(heads: str, between: str, tails: str) -> str:
    """Every way of saying thanks with every thing to be thankful for."""
    return "|".join(f"{h} {b} {t}" for h in heads.split("|") for b in between.split("|") for t in tails.split("|"))


THANKS: dict[str, str] = {
    "en": "thanks|thank you|thank u|thankyou|thank you so much|thank you very much|thanks so much|thanks very much|"
    "thanks a lot|thanks a million|thanks a ton|thanks again|thank you again|many thanks|big thanks|huge thanks|thx|"
    "thnx|tnx|thanx|tks|thks|ty|tysm|tyvm|cheers|much appreciated|really appreciated|appreciated|appreciate it|"
    "i appreciate it|really appreciate it|i really appreciate it|i am grateful|im grateful|very grateful|much obliged|"
    + _for("thanks|thank you|thx|many thanks|thank you so much|thanks a lot|thanks so much", "for", _EN_FOR),
    "lv": "paldies|liels paldies|milzīgs paldies|sirsnīgs paldies|paldies jums|paldies tev|liels jums paldies|"
    "paldies no sirds|no sirds paldies|pateicos|pateicamies|liela pateicība|pateicība|pateicība jums|tencinu|paldiņš|"
    "mersī|pld|paldiesiņš|esmu pateicīgs|esmu pateicīga|"
    + _for("paldies|liels paldies|paldies jums|pateicos|milzīgs paldies", "par", _LV_FOR),
    "ru": "спасибо|спс|спасибки|спасибочки|пасиб|пасиба|пасибо|сенкс|благодарю|благодарим|благодарен|благодарна|"
    "большое спасибо|спасибо большое|огромное спасибо|спасибо огромное|спасибо вам|вам спасибо|спасибо вам большое|"
    "большое вам спасибо|премного благодарен|мерси|от души|признателен|признательна|очень признателен|spasibo|"
    "spasibo bolshoe|bolshoe spasibo|"
    + _for("спасибо|большое спасибо|спасибо большое|огромное спасибо|благодарю|благодарим|спасибо вам", "за", _RU_FOR),
    "ms": "terima kasih|terima kasih banyak|terimakasih|trima kasih|time kasih|tqvm|tq|tqsm|tengkiu|makasih|mekasih|"
    "banyak terima kasih|ribuan terima kasih|jutaan terima kasih|terima kasih semua|terima kasih byk|tima kasih|tkasih|"
    + _for("terima kasih|tq|banyak terima kasih|terima kasih banyak", "atas|kerana|untuk|sebab", _MS_FOR),
    "he": "תודה|תודה רבה|המון תודה|תודה לכם|תודה לך|תודה ענקית|תודות|רוב תודות|תודה גדולה|מודה לכם|אני מודה לכם|"
    "אני מודה|מעריך|מעריכה|מעריך מאוד|מעריכים|תודה מקרב לב|תודה תודה|"
    + _for("תודה|תודה רבה|המון תודה|תודה לכם|תודה רבה לכם", "על", _HE_FOR),
    "ar": "شكرا|شكرا جزيلا|شكرا لكم|شكرا لك|شكرا كثيرا|شكرا جدا|ألف شكر|كل الشكر|جزيل الشكر|لكم جزيل الشكر|مشكور|"
    "مشكورين|مشكورة|تسلم|تسلموا|تسلمون|يعطيكم العافية|الله يعطيكم العافية|يعطيك العافية|جزاكم الله خيرا|"
    "جزاك الله خيرا|جزاكم الله خير|جزاك الله خير|بارك الله فيكم|بارك الله فيك|ممتن|ممتنة|ممتن لكم|ممنون|ممنونكم|متشكر|"
    "متشكرة|متشكرين|متشكر جدا|شكرا من القلب|أشكركم|أشكرك|نشكركم|يسلمو|يسلموا|مرسي|مع الشكر|shukran|shokran|"
    + _for("شكرا|شكرا جزيلا|شكرا لكم|ألف شكر|مشكورين|أشكركم|نشكركم", "على", _AR_FOR)
    + "|شكرا لمساعدتكم|شكرا لتعاونكم|شكرا لاهتمامكم|شكرا لمساعدتك|شكرا لردكم",
}
"""Thanks, and nothing that is wanted besides."""

MANNERS: dict[str, str] = {
    "en": "ok|okay|okey|k|great|perfect|super|awesome|excellent|amazing|wonderful|lovely|nice|cool|good|brilliant|"
    "fantastic|very|so|much|really|a lot|guys|team|everyone|all|you|u|hi|hello|hey|oh|ah|wow|yay|hooray|"
    "hurray|well|and|"
    "again|now|finally|at last|already|just|have a nice day|have a good day|have a great day|have a good one|"
    "have a nice weekend|all the best|best regards|kind regards|regards|bye|sir|madam|dear team|"
    "understood|got it|noted|"
    "great job|good job|nice job|great service|great support|you are the best|youre the best|you guys are great|"
    "you guys rock|you rock|you are great|you are awesome|love you guys|alright|so kind|very kind|that is great|"
    "thats great|thats perfect|good to know|phew|indeed",
    "lv": "labi|okej|oki|lieliski|forši|perfekti|jauki|brīnišķīgi|ļoti|jums|tev|un|nu|tad|vēlreiz|jauku dienu|"
    "jauku vakaru|lai jauka diena|labu dienu|visu labu|atā|sveiki|labdien|labvakar|čau|malači|jūs esat malači|"
    "jūs esat labākie|jūs esat lieliski|jūs esat super|o|urā|lielisks|skaidrs|sapratu|tagad|beidzot|jau|ir|man|viss|"
    "tas|sirsnīgi|prieks|liels prieks|komandai|visiem|jauku nedēļas nogali|veiksmi|ātri|ātrs serviss",
    "ru": "ок|окей|окэй|хорошо|ладно|понял|поняла|понятно|ясно|отлично|супер|класс|прекрасно|замечательно|здорово|"
    "круто|чудесно|очень|большое|вам|тебе|и|ну|а|все|еще раз|хорошего дня|хорошего вечера|доброго дня|добрый день|"
    "добрый вечер|здравствуйте|привет|удачи|всего доброго|всего хорошего|хороших выходных|ребята|вы лучшие|вы супер|"
    "молодцы|вы молодцы|приятно|очень приятно|уже|теперь|сейчас|наконец|наконец то|ура|ого|вау|у меня|это|мне|"
    "отличный сервис|вы крутые|дай бог здоровья",
    "ms": "ok|baik|baiklah|bagus|terbaik|mantap|hebat|banyak|sangat|amat|ya|yer|lah|la|je|ye|admin|min|tuan|puan|"
    "encik|cik|kak|bang|bro|sis|semua|pasukan|sekali|sekali lagi|semoga maju jaya|maju jaya|selamat|hai|salam|"
    "assalamualaikum|faham|dah faham|wah|alhamdulillah|syukur|jumpa lagi|sudah|dah|telah|kini|sekarang|akhirnya|saya|"
    "korang|anda|memang terbaik|servis terbaik|servis mantap|selamat hari|semoga berjaya|cepat|sy",
    "he": "אוקי|אוקיי|בסדר|בסדר גמור|מעולה|מצוין|מצויין|סבבה|יופי|אחלה|נהדר|מושלם|מדהים|מאוד|רבה|לכם|לך|שוב|יום טוב|"
    "יום נעים|ערב טוב|ערב נעים|לילה טוב|שבוע טוב|שבת שלום|שלום|היי|הי|חברים|צוות|לצוות|אתם תותחים|תותחים|אלופים|"
    "אתם אלופים|אתם הכי טובים|איזה יופי|וואו|הבנתי|סוף סוף|עכשיו|כבר|אז|לי|זה|איזה כיף|כל הכבוד|שירות מעולה|אין עליכם|"
    "כיף לשמוע|ואוו",
    "ar": "تمام|تمام التمام|حسنا|ممتاز|رائع|رائعين|طيب|أوك|أوكي|اوكيه|جدا|كثيرا|جزيلا|لكم|لك|يا شباب|مرة أخرى|حلو|جميل|"
    "ما شاء الله|ماشاء الله|الحمد لله|الحمدلله|السلام عليكم|مرحبا|أهلا|و|فعلا|خلاص|الآن|الحين|هلا|دلوقتي|أخيرا|"
    "أنتم الأفضل|انتو الافضل|خدمة ممتازة|خدمة رائعة|بالتوفيق|فهمت|والله|يا جماعة|عليكم السلام|إلى اللقاء|يومكم سعيد|"
    "وفقكم الله|الله يوفقكم|هسه|هلق",
}
"""What may stand beside it and says nothing else: manners, gladness, "now". Never a negation."""

SOLVED: dict[str, str] = {
    "en": "solved|its solved|it is solved|thats solved|that solved it|this solved it|you solved it|i solved it|"
    "problem solved|problem is solved|the problem is solved|issue solved|issue is solved|my issue is solved|resolved|"
    "its resolved|it is resolved|issue resolved|problem resolved|the issue is resolved|the issue has been resolved|"
    "it has been resolved|been resolved|all good|its all good|all is good|everything is good|sorted|all sorted|"
    "its sorted|sorted it|got it sorted|fixed|its fixed|it is fixed|thats fixed|that fixed it|all fixed|you fixed it|"
    "i fixed it|that did it|that did the trick|that worked|this worked|it worked|worked|worked like a charm|works|"
    "it works|works fine|it works fine|works perfectly|it works perfectly|works like a charm|works again|"
    "it works again|working|its working|it is working|working fine|working again|its working again|"
    "it is working again|everything works|everything is working|everything works fine|got it working|up and running|"
    "its up and running|back to normal|everything is fine|all fine|all is well|no longer an issue|no more problems|"
    "no more issues|the problem is gone|problem gone|issue gone|that helped|it helped|this helped|helped|"
    "that helped a lot|you helped me|you helped a lot|i figured it out|figured it out|i found it|found it|"
    "nevermind i found it|never mind i found it|never mind its solved|nevermind solved it|got my parcel|"
    "i got my parcel|got my package|i got my package|got the parcel|parcel arrived|the parcel arrived|"
    "the parcel has arrived|"
    "my parcel arrived|my parcel has arrived|the package arrived|my package arrived|"
    "the package has arrived|my package has arrived|it arrived|it has arrived|"
    "it came|i received it|i have received it|i received my order|my order arrived|my order has arrived|"
    "order received|parcel received|"
    "i can log in|i can login|im in|got my refund|i got my refund|i got the refund|refund received|the refund arrived|"
    "the money is back|money is back|the money arrived|case closed|you can close it|you can close this|"
    "you can close the ticket|you can close the case",
    "lv": "atrisināts|atrisināta|ir atrisināts|viss atrisināts|viss ir atrisināts|problēma atrisināta|"
    "problēma ir atrisināta|jautājums atrisināts|jautājums ir atrisināts|atrisinājās|viss atrisinājās|"
    "problēma atrisinājās|jautājums atrisinājās|atrisināju|atrisinājāt|strādā|viss strādā|viss jau strādā|tagad strādā|"
    "atkal strādā|nu jau strādā|sāka strādāt|viss sāka strādāt|nostrādāja|izdevās|man izdevās|viss izdevās|"
    "viss kārtībā|viss ir kārtībā|kārtībā|viss labi|viss ir labi|viss ok|viss okej|sakārtots|viss sakārtots|sakārtoju|"
    "sakārtojāt|salabots|salaboja|salabojāt|viss salabots|palīdzēja|tas palīdzēja|ļoti palīdzēja|palīdzējāt|"
    "jūs palīdzējāt|saņēmu|sūtījumu saņēmu|saņēmu sūtījumu|paku saņēmu|saņēmu paku|paka saņemta|paciņa saņemta|"
    "sūtījums saņemts|sūtījums atnāca|sūtījums ir atnācis|paka atnāca|paciņa atnāca|viss atnāca|atnāca|naudu saņēmu|"
    "saņēmu naudu|nauda atnāca|nauda ir atpakaļ|nauda atmaksāta|naudu atmaksāja|atradu|atradās|problēma novērsta|"
    "novērsts|viss novērsts|viss notiek|viss darbojas|darbojas|tagad darbojas|atkal darbojas|tiku iekšā|tiku galā|"
    "jautājumu vairs nav|vairs nav jautājumu|problēmas vairs nav|vairs nav problēmu|jautājums slēgts|var slēgt|"
    "varat slēgt",
    "ru": "решено|решен|решена|вопрос решен|вопрос решён|проблема решена|проблема решилась|вопрос решился|все решено|"
    "все решилось|решилось|решили|вы решили|все решили|работает|все работает|снова работает|опять работает|"
    "все заработало|заработало|заработал|заработала|интернет заработал|приложение заработало|получилось|"
    "у меня получилось|все получилось|помогло|это помогло|мне помогло|очень помогло|помогли|вы помогли|"
    "вы мне помогли|вы очень помогли|вы мне очень помогли|исправлено|исправили|все исправили|починили|"
    "все починили|наладилось|"
    "все наладилось|все хорошо|все в порядке|в порядке|все ок|все норм|все нормально|все отлично|все супер|получил|"
    "получила|посылку получил|посылку получила|получил посылку|получила посылку|посылка пришла|заказ получил|"
    "заказ пришел|заказ получен|посылка получена|пришла|пришло|все пришло|деньги вернули|деньги пришли|"
    "деньги вернулись|возврат получил|возврат пришел|разобрался|разобралась|разобрались|нашел|нашла|нашлось|"
    "все нашлось|отбой|вопрос закрыт|вопрос снят|вопросов нет|вопросов больше нет|больше нет вопросов|"
    "проблем больше нет|проблемы больше нет|больше проблем нет|можно закрывать|закрывайте|можете закрывать|"
    "все устраивает|все понятно и работает|зашел|зашла|смог войти|смогла войти",
    "ms": "selesai|masalah selesai|masalah dah selesai|masalah sudah selesai|masalah telah selesai|"
    "masalah saya selesai|"
    "masalah saya dah selesai|settle|settled|dah settle|masalah settle|berjaya|dah berjaya|berhasil|sudah berhasil|"
    "dah boleh|sudah boleh|boleh dah|dah ok|sudah ok|dah okay|sudah okay|dah elok|sudah elok|dah baik|sudah baik|"
    "dah pulih|sudah pulih|semua ok|semua baik|semua okay|semuanya baik|semuanya ok|dah berfungsi|sudah berfungsi|"
    "berfungsi semula|berfungsi dengan baik|berfungsi|dah jalan|sudah jalan|dah dapat|sudah dapat|dah dapat barang|"
    "dah terima|sudah terima|dah terima barang|barang dah sampai|barang sudah sampai|dah sampai|sudah sampai|"
    "parcel dah sampai|parcel sudah sampai|bungkusan dah sampai|bungkusan sudah sampai|pesanan dah sampai|"
    "pesanan sudah sampai|duit dah masuk|duit sudah masuk|refund dah masuk|refund sudah dapat|dah dapat refund|"
    "duit dah dapat|dah jumpa|sudah jumpa|dah boleh guna|sudah boleh guna|dah boleh login|sudah boleh login|"
    "dah boleh masuk|tiada masalah lagi|tiada lagi masalah|takde masalah dah|takde masalah lagi|"
    "tak ada masalah lagi|sangat membantu|membantu|boleh tutup|boleh tutup kes|kes selesai|teratasi|sudah teratasi",
    "he": "נפתר|נפתרה|הבעיה נפתרה|זה נפתר|העניין נפתר|הכל נפתר|נפתר לי|נפתרה הבעיה|פתרתי|פתרתם|פתרתם לי|עובד|עובדת|"
    "זה עובד|עובד לי|הכל עובד|עובד מצוין|עובד מעולה|עובד כמו שצריך|זה עובד לי|חזר לעבוד|זה חזר לעבוד|הצלחתי|הצליח|"
    "הצליח לי|זה הצליח|הסתדר|הכל הסתדר|זה הסתדר|הסתדרתי|מסודר|הכל מסודר|טופל|זה טופל|העניין טופל|תוקן|זה תוקן|עזר|"
    "זה עזר|עזר לי|זה עזר לי|עזרתם|עזרתם לי|עזרתם לי מאוד|הכל בסדר|הכל תקין|תקין|הכל טוב|קיבלתי|"
    "קיבלתי את החבילה|קיבלתי את ההזמנה|החבילה הגיעה|ההזמנה הגיעה|הגיע|הגיעה|קיבלתי את הכסף|הכסף חזר|הכסף הגיע|"
    "קיבלתי החזר|קיבלתי את ההחזר|ההחזר הגיע|מצאתי|נמצא|אין יותר בעיה|אין יותר בעיות|הבעיה מאחורינו|אפשר לסגור|"
    "אפשר לסגור את הפנייה|נכנסתי|הצלחתי להיכנס",
    "ar": "تم الحل|تم حل المشكلة|تم حل مشكلتي|انحلت|انحلت المشكلة|المشكلة انحلت|تم حلها|حلت المشكلة|اتحلت|"
    "المشكلة اتحلت|اتحلت المشكلة|محلولة|تحلت|تحلت المشكلة|يعمل|تعمل|إنه يعمل|كل شيء يعمل|يعمل بشكل جيد|كله شغال|شغال|"
    "صار شغال|شغالة|اشتغل|اشتغلت|رجع يشتغل|رجع اشتغل|نجح|نجحت|نجح الأمر|زبط|ضبط|ضبطت|زبطت|مشي الحال|كل شيء تمام|"
    "كله تمام|كل شيء بخير|كل شيء على ما يرام|كل شيء جيد|الأمور تمام|وصل|وصلت|وصل الطلب|وصلت الشحنة|الطلب وصل|"
    "الشحنة وصلت|الطرد وصل|وصل الطرد|استلمت|استلمت الطلب|استلمت الشحنة|استلمت الطرد|وصلني|وصلتني|وصلني الطلب|"
    "وصلني المبلغ|رجع المبلغ|رجعت الفلوس|رجعت فلوسي|استرجعت المبلغ|تم الاسترداد|تم|تمت المعالجة|تم الإصلاح|تم التصليح|"
    "تصلحت|تصلح|أفادني|ساعدني|ساعدني ذلك|ساعدتوني|ساعدتموني|لا توجد مشكلة|لم تعد هناك مشكلة|ما عاد في مشكلة|مافي مشكلة|"
    "لقيته|وجدته|تستطيعون الإغلاق|يمكن إغلاق الطلب|قدرت ادخل|تمكنت من الدخول|الموضوع انتهى|انتهى الموضوع",
}
"""That what was asked is done."""

UNSOLVED: dict[str, str] = {
    "en": "not solved|isnt solved|is not solved|wasnt solved|not resolved|isnt resolved|not fixed|isnt fixed|"
    "is not fixed|not sorted|unsolved|unresolved|still not|still no|still nothing|still doesnt|"
    "still does not|still isnt|"
    "still cant|still cannot|still didnt|still havent|still hasnt|still waiting|still broken|still the same|still down|"
    "still have the same|still an issue|still a problem|the same problem|same problem|same issue|same error|"
    "same thing again|doesnt work|does not work|dont work|didnt work|did not work|not working|isnt working|wont work|"
    "stopped working|nothing works|didnt help|did not help|doesnt help|does not help|not helpful|no help at all|"
    "not helping|no change|nothing changed|nothing has changed|nothing happened|thanks for nothing|for nothing|"
    "didnt arrive|did not arrive|hasnt arrived|has not arrived|not arrived|never arrived|never came|not received|"
    "havent received|have not received|havent got|not yet|problem remains|problem persists|issue persists|"
    "problem is back|issue is back|problem came back|happening again|happened again|broken again|down again|"
    "no refund|made it worse|its worse|even worse|no solution|far from solved|no better",
    "lv": "nav atrisināts|nav atrisināta|nav atrisinājies|nav atrisinājusies|neatrisinājās|neatrisināts|neatrisināta|"
    "nestrādā|nedarbojas|joprojām nav|joprojām nestrādā|joprojām nedarbojas|joprojām gaidu|joprojām tas pats|"
    "joprojām neko|joprojām nekas|joprojām ne|joprojām tā pati|joprojām nevaru|vēl joprojām|nepalīdzēja|nepalīdz|"
    "nepalīdzējāt|nekas nemainījās|nekas nav mainījies|nav mainījies|nav saņemts|nav saņemta|neesmu saņēmis|"
    "neesmu saņēmusi|nesaņēmu|vēl nav|nav atnācis|nav atnākusi|neatnāca|neizdodas|neizdevās|nesanāk|nesanāca|"
    "problēma palikusi|problēma paliek|problēma nav|tas pats|tā pati problēma|tā pati kļūda|par neko|nav kārtībā|"
    "nav labi|nav ok|nekādas palīdzības|nekādas jēgas|bezjēdzīgi|bezjēga|atkal tas pats|atkal problēma|nav salabots|"
    "vēl gaidu|nekas nestrādā|nekas nenotiek|nauda nav|paliek sliktāk|sliktāk|nelīdz|bez rezultāta|bez izmaiņām",
    "ru": "не помогло|не помогли|не помогает|не помог|не решено|не решен|не решена|не решилось|не решилась|не решился|"
    "не решили|не работает|не работают|не заработало|не заработал|все еще не|до сих пор не|до сих пор нет|все еще нет|"
    "все еще жду|до сих пор жду|так и не|не получилось|не получается|не получил|не получила|не пришла|не пришло|"
    "не пришли|не пришел|не вернули|ничего не|без изменений|то же самое|тоже самое|та же проблема|та же ошибка|"
    "проблема осталась|проблема остается|проблема вернулась|вопрос остался|опять не|снова не|опять сломалось|"
    "опять то же|толку ноль|толку нет|никакого толку|бесполезно|спасибо за ничего|за ничего|ни о чем|никак не|"
    "стало хуже|еще хуже|ноль реакции|не исправили|не исправлено|не починили|не могу войти|все равно не|пока не|"
    "все по прежнему|по прежнему не|никакой помощи|спасибо что не",
    "ms": "tak selesai|tidak selesai|belum selesai|blm selesai|tak settle|belum settle|x settle|xsettle|tak berhasil|"
    "tidak berhasil|tak berjaya|tidak berjaya|masih tak|masih tidak|masih belum|masih x|masih sama|masih ada masalah|"
    "masih rosak|masih error|masih menunggu|masih tunggu|masih gagal|belum dapat|belum sampai|belum terima|"
    "belum berfungsi|belum boleh|belum pulih|tak sampai|tidak sampai|tak dapat|tidak dapat|tak jalan|tak berfungsi|"
    "tidak berfungsi|tak boleh|tidak boleh|tak membantu|tidak membantu|tak tolong|tiada perubahan|tak ada perubahan|"
    "takde perubahan|sama saja|sama je|sama juga|masalah sama|masalah yang sama|problem sama|makin teruk|lagi teruk|"
    "sia sia|tak guna|terima kasih untuk apa|terima kasih je la|rosak lagi|jadi lagi|berulang lagi|x boleh|xboleh|"
    "x dapat|xdapat|x sampai|xsampai|gagal lagi|gagal|tak ok|tidak ok|bukan selesai|masalah tetap|tetap sama|"
    "tetap tak|langsung tak",
    "he": "לא נפתר|לא נפתרה|לא עובד|לא עובדת|עדיין לא|עדיין אין|עדיין מחכה|עדיין מחכים|עדיין ממתין|עדיין ממתינה|"
    "עדיין תקוע|עדיין תקועה|עדיין אותה|לא עזר|לא עזרתם|לא עוזר|לא הצלחתי|לא מצליח|לא מצליחה|לא הצליח|לא הסתדר|לא הגיע|"
    "לא הגיעה|לא קיבלתי|לא טופל|לא תוקן|אותה בעיה|אותה שגיאה|אותו דבר|שום דבר לא|כלום לא|לא השתנה|תודה על כלום|"
    "על כלום|הבעיה נשארה|הבעיה חזרה|הבעיה ממשיכה|שוב לא|שוב תקוע|נתקע שוב|בלי שינוי|אין שינוי|לא פתר|לא פתרתם|"
    "חסר תועלת|גרוע יותר|יותר גרוע|טרם נפתר|טרם קיבלתי|טרם הגיע|לא בסדר|לא תקין|הכסף לא חזר|לא חזר|אין פתרון|"
    "אין תוצאות|לא עזרו",
    "ar": "لم تحل|لم يحل|لم يتم|لم تنحل|ما انحلت|ماانحلت|ما اتحلت|مااتحلت|متحلتش|ما تحلت|لسه ما|لسا ما|لسة ما|لا يعمل|"
    "لا تعمل|ما يعمل|لا يشتغل|ما يشتغل|مايشتغل|مش شغال|مو شغال|مش شغالة|ما اشتغل|لم يعمل|لم ينجح|ما نجح|لم يصل|لم تصل|"
    "ما وصل|ما وصلت|ما وصلني|ماوصل|موصلش|لم استلم|ما استلمت|مااستلمت|لم يساعد|ما ساعد|ما ساعدني|لم يساعدني|لم يفد|"
    "ما أفاد|بدون فائدة|بلا فائدة|لا فائدة|ما في فائدة|مافي فائدة|مفيش فايدة|نفس المشكلة|نفس الشيء|نفس الخطأ|"
    "ما تغير شيء|ما تغير شي|لم يتغير شيء|لا جديد|ما زالت|مازالت|لا تزال|لا يزال|لا زالت|مازلت|لا زلت|ما زلت|لسه انتظر|"
    "لسه مستني|شكرا على لا شيء|على لا شيء|على الفاضي|عالفاضي|المشكلة مستمرة|المشكلة موجودة|رجعت المشكلة|"
    "المشكلة رجعت|ليس بعد|ما تم|مو محلولة|غير محلولة|أسوأ|لم ترجع|ما رجع|ما رجعت|لم أستطع|ما قدرت|مش محلولة|"
    "لا حل",
}
"""That it is not done, or that our answer was none. Irony ("thanks for nothing") says the same."""

YES: dict[str, str] = {
    "en": "yes|yep|yeah|yup|yes it is|it is|sure|correct|absolutely|yes please close it|it has|"
    "yes it has|of course|👍|✅|👌",
    "lv": "jā|jaa|jāā|jap|ir|jā ir|jā viss|protams|tieši tā|aha",
    "ru": "да|ага|угу|да да|конечно|точно|верно|так точно|да все|дя",
    "ms": "ya|ye|iya|betul|ya sudah|ya dah|sudah|dah|benar|yes dah|yup dah",
    "he": "כן|כן כן|בטח|ברור|כמובן|נכון|בהחלט|יאפ",
    "ar": "نعم|ايوه|أيوة|ايوا|أي نعم|اي|اه|آه|بلى|أكيد|طبعا|نعم نعم|بالتأكيد",
}
"""Only after our own question whether it is solved."""

NO: dict[str, str] = {
    "en": "no|nope|nah|not really|it isnt|it is not|no it isnt|no it is not|not at all|unfortunately not|👎|❌",
    "lv": "nē|nee|nav|nē nav|diemžēl nē|diemžēl nav|nepavisam|ne|nē vēl",
    "ru": "нет|неа|не|пока нет|еще нет|увы нет|к сожалению нет|совсем нет|нет еще|увы",
    "ms": "tidak|tak|belum|blm|bukan|belum lagi|tak lagi|tidak lagi|x|tak pun|belum pun",
    "he": "לא|עוד לא|ממש לא|לצערי לא|לא ממש|לא לא|בכלל לא",
    "ar": "لا|كلا|لا لا|لسه|لسا|مش بعد|لا للأسف|للأسف لا|لا أبدا|مو بعد",
}
"""Likewise."""

GLAD = frozenset("👍🙏❤♥😊🙂😀😁😃😄🥰😍💛💚💙🧡💜🤍🖤🤎🤗✨🎉☺😘💐🌹🌷👌✅💪🥳🤝🫶💖💕💗🙌☀🌞🌸")
"""Marks that are meant as they look. Clapping, winking, laughing and eyes turned up are not among them: irony."""
GLAD_ALONE = frozenset("👍❤♥😊🙂😀😁😃😄🥰😍💛💚💙🧡💜🤍🤗🎉☺😘💐🌹🌷👌🥳🤝🫶💖💕💗🙌")
"""Those that without any word say thanks. Folded hands alone may as well beg."""
