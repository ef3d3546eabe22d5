from typing import Any

from django import forms
from django.utils.translation import get_language

from yiwang.platform.rules.library.model import Question


class QuestionForm(forms.Form):
    """One question of the finder; leaving it open is an answer too."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "en" if (get_language() or "").startswith("en") else "zh"
        choices = [(option.value, option.words.read(language)) for option in question.options]
        hint = question.hint.read(language) if question.hint else ""
        shape = forms.MultipleChoiceField if question.many else forms.ChoiceField
        widget = forms.CheckboxSelectMultiple if question.many else forms.RadioSelect
        self.fields["answer"] = shape(
            label=question.text.read(language), choices=choices, widget=widget, required=False, help_text=hint
        )
