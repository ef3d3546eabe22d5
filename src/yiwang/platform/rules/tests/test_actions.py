import pytest

from yiwang.platform.rules import actions
from yiwang.platform.rules.models import RuleSetVersion

pytestmark = pytest.mark.django_db


def test_publishing_the_same_files_again_changes_nothing():
    before = list(RuleSetVersion.objects.values_list("key", "number", "sha256"))

    assert actions.publish_files() == 0
    assert list(RuleSetVersion.objects.values_list("key", "number", "sha256")) == before
