from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(phone=username)


class User(AbstractBaseUser):
    """One account that signs in. Rights never come from here: see ``access.Appointment``."""

    phone = models.CharField(_("手机号"), max_length=20, unique=True, null=True)
    name = models.CharField(_("姓名"), max_length=50, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "phone"

    def __str__(self) -> str:
        return self.name or _("未实名用户")
