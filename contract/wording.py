"""What terminals say of a survey where the clinic has chosen no words of its own, in each of their languages.

Decides also which words a clinic may choose, and how long they may be, so that they have room on the smallest panel.
"""

from collections.abc import Mapping

STANDARD_CONSENT = "call-back-1"
"""Counts up whenever `form.consent` changes below in any language."""

LONGEST: Mapping[str, int] = {
    "question": 54,
    "form": 80,
    "thanks": 80,
}
"""Letters, by what stands before the dot of a key."""

STANDARD: Mapping[str, Mapping[str, str]] = {
    "en": {
        "question.recommend": "Would you recommend this specialist to your friends?",
        "question.recommend_clinic": "Would you recommend this clinic to your friends?",
        "question.how_was_it": "How was your visit?",
        "question.recommend_score": "Would you recommend this specialist? 0 no, 10 yes",
        "question.recommend_clinic_score": "Would you recommend this clinic? 0 no, 10 yes",
        "question.may_we_call": "May we call you to learn why?",
        "answer.yes": "Yes",
        "answer.no": "No",
        "answer.hard_to_say": "Hard to say",
        "answer.very_good": "Very good",
        "answer.good": "Good",
        "answer.so_so": "So-so",
        "answer.bad": "Bad",
        "answer.very_bad": "Very bad",
        "form.consent": "We use it only to call you about this visit, and then delete it.",
        "thanks.answered": "Thank you! You help us to look after people better.",
        "thanks.declined": "Thank you for telling us. We will put it right.",
        "thanks.contact": "Thank you. We will call you on the next working day.",
    },
    "es": {
        "question.recommend": "¿Recomendaría este especialista a sus amigos?",
        "question.recommend_clinic": "¿Recomendaría esta clínica a sus amigos?",
        "question.how_was_it": "¿Cómo ha ido su visita?",
        "question.recommend_score": "¿Recomendaría este especialista? 0 no, 10 sí",
        "question.recommend_clinic_score": "¿Recomendaría esta clínica? 0 no, 10 sí",
        "question.may_we_call": "¿Podemos llamarle para saber por qué?",
        "answer.yes": "Sí",
        "answer.no": "No",
        "answer.hard_to_say": "No sabría decir",
        "answer.very_good": "Muy bien",
        "answer.good": "Bien",
        "answer.so_so": "Regular",
        "answer.bad": "Mal",
        "answer.very_bad": "Muy mal",
        "form.consent": "Lo usaremos solo para llamarle por esta visita y después lo borraremos.",
        "thanks.answered": "¡Gracias! Nos ayuda a cuidar mejor de las personas.",
        "thanks.declined": "Gracias por decírnoslo. Vamos a mejorarlo.",
        "thanks.contact": "Gracias. Le llamaremos el próximo día laborable.",
    },
    "ca": {
        "question.recommend": "Recomanaria aquest especialista als seus amics?",
        "question.recommend_clinic": "Recomanaria aquesta clínica als seus amics?",
        "question.how_was_it": "Com ha anat la visita?",
        "question.recommend_score": "Recomanaria aquest especialista? 0 no, 10 sí",
        "question.recommend_clinic_score": "Recomanaria aquesta clínica? 0 no, 10 sí",
        "question.may_we_call": "Li podem trucar per saber per què?",
        "answer.yes": "Sí",
        "answer.no": "No",
        "answer.hard_to_say": "No ho sabria dir",
        "answer.very_good": "Molt bé",
        "answer.good": "Bé",
        "answer.so_so": "Regular",
        "answer.bad": "Malament",
        "answer.very_bad": "Molt malament",
        "form.consent": "El farem servir només per trucar-li per aquesta visita i després l'esborrarem.",
        "thanks.answered": "Gràcies! Ens ajuda a cuidar millor les persones.",
        "thanks.declined": "Gràcies per dir-nos-ho. Ho millorarem.",
        "thanks.contact": "Gràcies. Li trucarem el pròxim dia laborable.",
    },
    "ru": {
        "question.recommend": "Рекомендовали бы Вы этого специалиста друзьям?",
        "question.recommend_clinic": "Рекомендовали бы Вы эту клинику друзьям?",
        "question.how_was_it": "Как прошёл Ваш визит?",
        "question.recommend_score": "Порекомендуете специалиста? 0 нет, 10 да",
        "question.recommend_clinic_score": "Порекомендуете клинику? 0 нет, 10 да",
        "question.may_we_call": "Можно Вам позвонить и узнать почему?",
        "answer.yes": "Да",
        "answer.no": "Нет",
        "answer.hard_to_say": "Трудно сказать",
        "answer.very_good": "Очень хорошо",
        "answer.good": "Хорошо",
        "answer.so_so": "Средне",
        "answer.bad": "Плохо",
        "answer.very_bad": "Очень плохо",
        "form.consent": "Он нужен только для звонка о сегодняшнем визите, потом мы его удалим.",
        "thanks.answered": "Спасибо! Вы помогаете нам лучше заботиться о людях.",
        "thanks.declined": "Спасибо, что сказали. Мы это исправим.",
        "thanks.contact": "Спасибо. Мы позвоним Вам в ближайший рабочий день.",
    },
}
