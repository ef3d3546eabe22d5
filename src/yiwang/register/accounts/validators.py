"""What a password must be, in our words (Django's own sentences are partly English on Chinese pages)."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("密码太短，至少要{count}个字符。").format(count=self.min_length)

    def get_help_text(self) -> str:
        return _("至少{count}个字符。").format(count=self.min_length)


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("这个密码用的人太多，容易被猜到。请换一个。")

    def get_help_text(self) -> str:
        return _("不要用别人也常用的密码。")


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("密码不能全是数字。请加上字母或汉字。")

    def get_help_text(self) -> str:
        return _("不能全是数字。")
