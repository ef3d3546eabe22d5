"""Dynamic forms as data: definition, reading of answers, summary, Django form per step.

The pure parts (everything but ``step_form``) need Django for translation only.
"""

from yiwang.platform.forms.library.answers import (
    AnswerProblem,
    CarriedOver,
    OnFile,
    Summary,
    answer_problems,
    carry_over,
    masked,
    prefilled,
    show_value,
    summary,
    visible_answers,
)
from yiwang.platform.forms.library.definition import FormDefinition
from yiwang.platform.forms.library.fields import (
    Answers,
    Condition,
    Field,
    Option,
    Step,
    Text,
    visible_fields,
)
from yiwang.platform.forms.library.problems import problems_of
from yiwang.platform.forms.library.reading import Picked, PickSource, Sources, read_value
from yiwang.platform.forms.library.step_form import FileItem, Part, StepForm, step_form
from yiwang.platform.forms.library.values import BadValue, Suggestion, clean_text

__all__ = [
    "AnswerProblem",
    "Answers",
    "BadValue",
    "CarriedOver",
    "Condition",
    "Field",
    "FileItem",
    "FormDefinition",
    "OnFile",
    "Option",
    "Part",
    "PickSource",
    "Picked",
    "Sources",
    "Step",
    "StepForm",
    "Suggestion",
    "Summary",
    "Text",
    "answer_problems",
    "carry_over",
    "clean_text",
    "masked",
    "prefilled",
    "problems_of",
    "read_value",
    "show_value",
    "step_form",
    "summary",
    "visible_answers",
    "visible_fields",
]
