from yiwang.net.catalogue.forms.finder import QuestionForm
from yiwang.net.catalogue.forms.management import NewServiceForm, ReasonForm

__all__ = ["NewServiceForm", "QuestionForm", "ReasonForm"]
