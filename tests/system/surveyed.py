"""Patients who are asked by SMS, each with a mind of their own; what each must get is written down beforehand."""

from dataclasses import dataclass

from hub.sms.texts import default_texts

LANGUAGES = ("es", "ca", "ru", "en")
YES = {"es": "SI", "ca": "Sí", "ru": "да", "en": "yes"}
NO = {"es": "NO", "ca": "no", "ru": "нет", "en": "no"}
STOP = {"es": "BAJA", "ca": "BAIXA", "ru": "СТОП", "en": "STOP"}
WORDS = {
    "es": "La espera fue muy larga",
    "ca": "Vam esperar molta estona",
    "ru": "Очень долго ждали врача",
    "en": "We had to wait very long",
}
BY_NUMBER = dict.fromkeys(("es", "ca"), "un {}") | {"ru": "{}", "en": "{}"}


@dataclass(frozen=True)
class Patient:
    """What somebody answers to each question, and how it ends."""

    telephone: str
    language: str
    score: int | None
    answers: dict[str, str]
    state: str

    def expected(self) -> list[str]:
        """The messages they must have got, in order."""
        told = ["invite", *(self._next(asked) for asked in self.answers)]
        texts = {template.value: text for template, text in default_texts(self.language).items()}
        return [texts[template] for template in told]

    def _next(self, asked: str) -> str:
        if asked == "ask_score":
            score = self.score or 0
            kind = "promoter" if score >= 9 else "passive" if score >= 7 else None
            return f"thank_{kind}" if kind else "ask_reason"
        return {
            "invite": {"COMPLETED": "ask_score", "DECLINED": "thank_declined"}.get(
                self.state, "stopped"
            ),
            "ask_reason": "ask_call",
            "ask_call": "thank_call",
        }[asked]


def patient(number: int) -> Patient:
    """Of twenty in a language five are promoters, three passive, six detractors; three decline, and three stop."""
    language, turn = LANGUAGES[number % 4], number // 4 % 20
    telephone = f"+34600{number:06}"
    if turn >= 14:
        decline = turn >= 17
        words = NO if decline else STOP
        state = "DECLINED" if decline else "OPTED_OUT"
        return Patient(telephone, language, None, {"invite": words[language]}, state)
    score = (9, 10, 9, 10, 10, 7, 8, 7, 0, 1, 3, 5, 6, 6)[turn]
    answers = {"invite": YES[language], "ask_score": BY_NUMBER[language].format(score)}
    if score <= 6:
        answers |= {"ask_reason": WORDS[language], "ask_call": YES[language]}
    return Patient(telephone, language, score, answers, "COMPLETED")
