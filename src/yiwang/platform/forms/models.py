import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.crypto import decrypt, encrypt
from yiwang.kernel.ids import public_id
from yiwang.platform.forms.library import FormDefinition

Json = dict[str, Any]


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, user_id: int) -> "DraftQuerySet":
        return self.filter(user_id=user_id)

    def expired(self, on: Any) -> "DraftQuerySet":
        return self.filter(expires_on__lt=on)


class Draft(models.Model):
    """What one person has filled in so far for one thing they want to ask for.

    ``definition`` is the form as it was when they last opened it, so that a new version never tears a half-filled
    page apart. Sensitive answers, and everything typed that did not stand, live encrypted in ``sealed``.
    """

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    user_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    definition = models.JSONField()
    definition_hash = models.CharField(max_length=64)
    step = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    new_keys = models.JSONField(default=list)
    keep_days = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_on = models.DateField(db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("草稿")
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="draft_is_one_per_user_and_key")]

    def __str__(self) -> str:
        return f"{self.key} ({self.public_id})"

    @cached_property
    def form(self) -> FormDefinition:
        return FormDefinition.from_json(self.definition)

    @cached_property
    def _unsealed(self) -> Json:
        if self.sealed is None:
            return {"answers": {}, "typed": {}}
        opened: Json = json.loads(decrypt(bytes(self.sealed), self.context))
        return opened

    @property
    def context(self) -> bytes:
        """Binds the ciphertext to this draft: copied to another row it can't be read."""
        return f"forms.draft:{self.public_id}".encode()

    @property
    def all_answers(self) -> Json:
        """Every answer that stands, the sensitive ones included."""
        return {**self.answers, **self._unsealed["answers"]}

    @property
    def typed(self) -> Json:
        """What was typed and did not stand, by field key."""
        return dict(self._unsealed["typed"])

    def put(self, answers: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
        """Set answers and typed text on the object, the sensitive part sealed. Saving is the action's."""
        hidden = self.form.sensitive_keys
        secret = {key: value for key, value in answers.items() if key in hidden}
        self.answers = {key: value for key, value in answers.items() if key not in hidden}
        text = json.dumps({"answers": secret, "typed": dict(typed)}, ensure_ascii=False)
        self.sealed = encrypt(text, self.context) if secret or typed else None
        self.__dict__.pop("_unsealed", None)


class KeptInput(models.Model):
    """What somebody typed into one step while their session had run out; joins the draft when its owner signs in."""

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="kept")
    step = models.CharField(max_length=40)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.step}"

    @property
    def data(self) -> dict[str, list[str]]:
        opened: dict[str, list[str]] = json.loads(decrypt(bytes(self.sealed), b"kept:" + self.draft.context))
        return opened

    @classmethod
    def seal(cls, draft: Draft, data: Mapping[str, list[str]]) -> bytes:
        return encrypt(json.dumps(dict(data), ensure_ascii=False), b"kept:" + draft.context)
