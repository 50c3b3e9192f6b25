"""What is said where signing in did not lead to the desk, in the desk's languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """Sentences of a page that is shown instead of the desk."""

    title: str
    failed: str
    """The sign-in did not come to a good end."""
    stranger: str
    """Somebody is signed in who is not on the team."""
    again: str
    """On the link that begins to sign in once more."""


WORDS = {
    "en": Words(
        "Hark: sign-in",
        "The sign-in did not come to a good end. Please try once more.",
        "You are signed in, but not on the team of this desk. Ask your lead for an invitation.",
        "Sign in",
    ),
    "lv": Words(
        "Hark: pieteikšanās",
        "Pieteikšanās neizdevās. Lūdzu, mēģiniet vēlreiz.",
        "Jūs esat pieteicies, bet neesat šīs darba vietas komandā. Lūdziet uzaicinājumu savam vadītājam.",
        "Pieteikties",
    ),
    "ru": Words(
        "Hark: вход",
        "Войти не удалось. Попробуйте ещё раз.",
        "Вы вошли, но не состоите в команде. Попросите приглашение у своего руководителя.",
        "Войти",
    ),
    "ms": Words(
        "Hark: log masuk",
        "Log masuk tidak berjaya. Sila cuba sekali lagi.",
        "Anda sudah log masuk, tetapi bukan ahli pasukan ini. Minta jemputan daripada ketua anda.",
        "Log masuk",
    ),
    "he": Words(
        "Hark: כניסה",
        "הכניסה לא הושלמה. אפשר לנסות שוב.",
        "נכנסת, אבל אינך בצוות של שולחן העבודה הזה. אפשר לבקש הזמנה מראש הצוות.",
        "כניסה",
    ),
    "ar": Words(
        "Hark: تسجيل الدخول",
        "لم يكتمل تسجيل الدخول. يُرجى المحاولة مرة أخرى.",
        "لقد سجّلت الدخول، لكنك لست ضمن فريق هذا المكتب. اطلب دعوة من مسؤولك.",
        "تسجيل الدخول",
    ),
}
"""By language; the same as the desk's page can be in."""
