"""Answers as programs get them: what `AnswerView` holds, without the organisation, which is their own."""

from typing import get_type_hints

from pydantic import BaseModel, create_model

from hub.feedback.events import AnswerView

AnswerModel: type[BaseModel] = create_model(
    "AnswerModel",
    __doc__="""One answer; `flags` say why it is left out of the figures, and are empty for a plain one.

    `occurred_ms` is the corrected time, `wall_ms` what the terminal's own clock said.
    """,
    **{  # type: ignore[call-overload]  # names and kinds are known at run time alone
        name: (kind, ...)
        for name, kind in get_type_hints(AnswerView).items()
        if name != "organisation"
    },
)
