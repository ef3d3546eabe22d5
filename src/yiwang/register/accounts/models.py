"""People who sign in, and what they were told about their data."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(phone=username)

    def create_user(self, phone: str, **fields: Any) -> "User":
        """An account that can sign in by text message; it has no password until its owner sets one."""
        user = self.model(phone=phone, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One account that signs in. Rights never come from here: see ``access.Appointment``."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    phone = models.CharField(  # noqa: DJ001 -- an account without a number must not collide with another one
        _("手机号"),
        max_length=20,
        unique=True,
        null=True,
        error_messages={"unique": _("这个手机号已经有账号了。")},
    )
    phone_verified_at = models.DateTimeField(_("手机号验证时间"), null=True, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    name = models.CharField(_("姓名"), max_length=50, blank=True)
    language = models.CharField(_("语言"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    elder_mode = models.BooleanField(_("长辈版"), default=False)
    is_active = models.BooleanField(_("可登录"), default=True)
    created_at = models.DateTimeField(_("注册时间"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "phone"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_phone_is_a_chinese_mobile",
                condition=models.Q(phone=None) | models.Q(phone__regex=r"^1[3-9][0-9]{9}$"),
                violation_error_message=_("请填11位手机号。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("未实名用户"))


class NoticeAcceptance(models.Model):
    """One time an account accepted one version of the privacy notice."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_acceptances")
    version = models.CharField(_("版本"), max_length=20)
    accepted_at = models.DateTimeField(_("同意时间"), auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notice_version_is_accepted_once", fields=["user", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.version}"
