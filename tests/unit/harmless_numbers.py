"""Texts with numbers that are nobody's: prices, orders, times, flights. Written for the test of personal data."""

HARMLESS = tuple(
    line
    for line in """
My order 29123456 has not arrived
Order no. 20123456 is late again
Order #29876543 please check
Tracking RR123456785LV shows nothing
Parcel 1Z999AA10123456784 is lost
Ref 26754321, nobody answers
INC-20391 is still open
Case #A-4471 closed without an answer
RMA 88213 was refused
Invoice 2026-0045871 is wrong
I paid 1 299 000 for this
It cost €1,299.00 and broke
$2,345.67 charged twice
29 123 456 people watched it
The price went from 19.99 to 29.99
Flight BA2490 at 14:35 was cancelled
Flight LH 1234 on 22.11.2026
Since 2026-11-22 14:30:05 nothing works
Waited 45 minutes, then 3 hours, then 2 days
Version 10.0.19045.3693 crashes
Build 20261122 does not start
iPhone 15 Pro 256GB, 1299 EUR
Model SM-G991B, firmware G991BXXS9EWH1
IMEI 490154203237518 is blocked
ISBN 978-3-16-148410-0 sold out
Barcode 4006381333931 does not scan
EAN 5901234123457
Gate 12, seat 34A, row 5
Room 1204, floor 12
The 2024/2025 season
Score 21-15, 21-18
1000000 thanks
I am number 345 in the queue since 09:15
My balance is 12 345 678
Ticket 4567890123 was never answered
Booking reference 20456789
Serial 0123456789AB
I have called 5 times in 10 days
See you 24.12.2026 at 18:00
5-10 business days, really
Pack of 12345 pieces
Temperature 38.5, 40 degrees outside
192.168.100.254 does not answer
https://shop.example/orders/29123456
https://x.com/acme/status/1859876543210987654
www.acme.example/?id=37129123456
@user29123456 is right
#29123456 #sale2026
@29123456 hello
Voucher 1234 5678 9012 does not work
Coupon 4111111111111111 is refused
Transaction 5500000000000004 failed
10% off 200 euro is 180
Article 21234567 sold out
Size 42, colour 7, 3 pieces
PIN does not work since 3 days
Password reset sent 5 times
I forgot my password 3 times
My password expired in 30 days
I was born in 1990 and never saw that
We moved 3 times
12 years at your company
Shop at 12 Baker Street was closed
The store in 221 Oxford Street opens at 9
Route 66, exit 14
Chapter 11, section 3.2.1
Section 230 of 1996
1,234,567 followers
2.5 GB of 10 GB used
48.8584, 2.2945
ph 7.4 in the water
Order 114-3941689-8772232
Contract 0521234567 ended
Order 89123456789 is paid
Customer number 21123456
Account 12345678 sort 12-34-56
Cancelled our trip @12am.Today
See you Sunday @ MCO.Keep smiling
RT via @user.com
Pin drop...#p2 on this
My sister just received a call that flts 2348/3499 were cancelled
The help line (800) 428-4322 is always busy
Pasūtījums 29123456 nav atnācis
Pasūtījuma nr. 26123456
Pasūtījuma numurs 20123456 kavējas
Sūtījums RR123456785LV
Rēķins Nr. 20261122 ir nepareizs
Rēķins 29 123 456
Cena 1 299,00 EUR
Maksāju 29,99 eiro
Gaidu jau 45 minūtes
No 2026. gada 22. novembra nekas nestrādā
22.11.2026. plkst. 14:30
Reiss BT641 kavējas 3 stundas
Biļete 2123456789
Preces kods 21234567
Brīvības iela 12 veikals slēgts
Veikals Brīvības ielā 214 ciet
Parole neder jau 2 dienas
Aizmirsu paroli 3 reizes
Esmu dzimis 1990. gadā
Atlaide 50%, cena 200
Zvanīju 5 reizes 2 dienās
Līgums 20345678
Darījums 4111111111111111
Dzīvoju te 20 gadus
Esmu 345. rindā kopš 9:15
Numurs rindā 29
Temperatūra 22 grādi
29123456 skatījumi
Заказ 89123456789 не пришел
Заказ № 29123456
Номер заказа 79123456789
Посылка 80123456789012
Трек RA123456789RU
Трек-номер 14102088005519
Счёт 20261122 неверный
Счет 4111111111111111
Цена 1 299 000 руб.
Заплатил 15000 рублей
Жду 45 минут
22.11.2026 в 14:30 ничего
Рейс SU1234 отменён
Билет 5552139265672
Артикул 12345678
Бронь 0521234567
Обращение 2026112200345
Заявка 123-456-789
Скидка 50 %
Звонил 5 раз за 2 дня
Пароль не подходит 2 дня
Забыл пароль 3 раза
Родился в 1990
Ул. Ленина, 5, магазин закрыт
магазин на ул. Пушкина, д. 10
Живу тут 20 лет
Версия 10.0.19045
29123456 просмотров
Договор 7707083893 расторгнут
Код 123456789012
По карте лояльности скидка 15
2 карты по 1000
Pesanan 0123456789 belum sampai
No. pesanan 60123456789
Bungkusan ERA123456789MY hilang
Resit 20261122
Harga RM 1,299.00
Bayar RM1299000000
Tunggu 45 minit
22/11/2026 jam 14:30
Penerbangan AK5136 lewat
Tiket 770302-14-5558
Tempahan 770302145558
Kod 0123456789
Invois 0123456789
Diskaun 50% untuk 200
Telefon 5 kali dalam 2 hari
Kata laluan tidak sah 2 hari
Lupa kata laluan 3 kali
Lahir 1990
Kedai di No 12, Jalan Ampang tutup
Kedai 12 Jalan Tun Razak
Tinggal di sini 20 tahun
Nombor giliran 345
Rujukan 0198765432
iPhone 15 harga 5299
הזמנה 0521234567 לא הגיעה
הזמנה מספר 123456782
מספר הזמנה 123456782
חבילה RR123456785IL
חשבונית 20261122
המחיר 1,299 ש"ח
שילמתי 1299 שקל
מחכה 45 דקות
22.11.2026 בשעה 14:30
טיסה LY315 בוטלה
קבלה 123456782
ברקוד 7290000066318
דגם 0521234567
קופון 4111 1111 1111 1111
הנחה 50% על 200
התקשרתי 5 פעמים ביומיים
הסיסמה לא עובדת 2 ימים
שכחתי סיסמה 3 פעמים
נולדתי ב 1990
החנות ברחוב הרצל 12 סגורה
גר כאן 20 שנה
פנייה 123456782
אסמכתא 021234567
מספר 345 בתור
طلب ٠٥٠١٢٣٤٥٦٧ لم يصل
رقم الطلب 0501234567
شحنة RR123456785AE
فاتورة 20261122
السعر 1,299 درهم
دفعت ١٢٩٩ ريال
انتظر ٤٥ دقيقة
٢٢/١١/٢٠٢٦ الساعة ١٤:٣٠
رحلة EK203 ألغيت
تذكرة 1043219870
حجز 29001011234567
كوبون 4111111111111111
خصم ٥٠٪ على ٢٠٠
اتصلت ٥ مرات في يومين
كلمة السر لا تعمل منذ ٣ أيام
نسيت كلمة المرور ٣ مرات
مواليد 1990
المحل في شارع الملك 12 مغلق
أسكن هنا 20 سنة
بلاغ 1043219870
مرجع 0501234567
رقم 345 في الطابور
""".strip().splitlines()
)
