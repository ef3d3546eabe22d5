"""A bundle 一件事 asks once and starts every part: what its form must ask so that each part has its answers."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from yiwang.net.catalogue.definitions import BundledPart, Definition
from yiwang.net.catalogue.problem import Problem
from yiwang.platform.forms.library.definition import FormDefinition
from yiwang.platform.forms.library.fields import Field


def bundle_problems(definition: Definition, own: str, published: Mapping[str, Definition]) -> Iterator[Problem]:
    codes = [part.code for part in definition.bundle]
    for place, part in enumerate(definition.bundle):
        where = f"bundle-{place}"
        other = published.get(part.code)
        if other is None or part.code == own:
            text = _("一件事里的“{code}”没有在办。换一个，或先发布它。")
            yield Problem("unknown_bundled", text.format(code=part.code), "bundle", where)
            continue
        if other.bundle:
            text = _("“{name}”自己就是一件事，不能再放进一件事里。把它里面的事项直接列出来。")
            yield Problem("bundle_in_bundle", text.format(name=other.name), "bundle", where)
        if codes.count(part.code) > 1:
            yield Problem("bundled_twice", _("“{name}”列了两次。留一个。").format(name=other.name), "bundle", where)
        if part.needs and part.needs not in codes[:place]:
            text = _("“{name}”要等“{needs}”办成，但它前面没有这一件。把要等的那件排在前面。")
            yield Problem("needs_what_comes_later", text.format(name=other.name, needs=part.needs), "bundle", where)
        yield from _unanswered(definition, part, other, where)


def _unanswered(definition: Definition, part: BundledPart, other: Definition, where: str) -> Iterator[Problem]:
    """What the part must know and nobody would be asked."""
    asked = FormDefinition.from_json(definition.form).by_key
    waits = part.later if part.needs else frozenset()
    for question in FormDefinition.from_json(other.form).fields():
        if not question.is_asked or question.optional or question.key in part.answers or question.key in waits:
            continue
        source = asked.get(part.source_of(question.key))
        if (source is None or source.optional) and _may_be_asked(question, part):
            text = _("“{name}”要知道“{label}”，一件事的表单里却没有必答的“{key}”。加上这一问，或写好定下的回答。")
            text = text.format(name=other.name, label=question.label, key=part.source_of(question.key))
            yield Problem("unasked_for_part", text, "bundle", where)


def _may_be_asked(question: Field, part: BundledPart) -> bool:
    """False where the answers laid down already hide the question."""
    return all(
        condition.field not in part.answers or condition.holds({condition.field: part.answers[condition.field]})
        for condition in question.show_if
    )
