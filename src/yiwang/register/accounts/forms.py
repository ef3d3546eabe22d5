"""allauth's forms in our words and widgets; what they check and do stays allauth's."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from yiwang.register.accounts.fields import code_field

SMS_HINT = _("6位数字，在刚才那条短信里。")
TOTP_HINT = _("验证器上现在显示的6位数字，也可以填一个恢复码。")


EMPTY = {
    "phone": _("请填手机号。"),
    "login": _("请填手机号。"),
    "password": _("请填密码。"),
    "oldpassword": _("请填现在的密码。"),
    "password1": _("请填新密码。"),
    "password2": _("请再填一遍新密码。"),
    "name": _("请填名称。"),
    "code": _("请填验证码。"),
}


def dress(form: forms.BaseForm) -> None:
    """Labels stand above the box in our pages, so nothing is written into it; an empty box is told in words."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in EMPTY:
            field.error_messages["required"] = EMPTY[name]


class LoginForm(account_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """A number, and a password for those who set one; without it a code is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.required = False
        password.label = _("密码")
        password.help_text = _("不填密码，就发短信验证码给你。")
        dress(self)


class RequestLoginCodeForm(account_forms.RequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class SignupForm(account_forms.SignupForm):  # type: ignore[misc]  # allauth has no types
    """A number and the consent; a password comes later, if its owner wants one."""

    notice = forms.BooleanField(
        label=_("我看过《个人信息处理告知书》，同意按它处理我的信息"),
        error_messages={"required": _("请先看告知书。同意了才能注册；不同意也可以打12351或到服务窗口办事。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever types a number that is not theirs must not leave a password on the account of its owner.
        self.fields.pop("password1", None)
        self.fields["phone"].label = _("手机号")
        dress(self)


class ConfirmLoginCodeForm(account_forms.ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    code = code_field(_("短信验证码"), SMS_HINT)


class VerifyPhoneForm(account_forms.VerifyPhoneForm):  # type: ignore[misc]  # allauth has no types
    code = code_field(_("短信验证码"), SMS_HINT)


class ChangePhoneForm(account_forms.ChangePhoneForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("新手机号")
        dress(self)


def _password_rules() -> str:
    return " ".join(password_validators_help_texts())


class _TwicePassword:
    """Both fields of a new password, and one sentence when they differ."""

    fields: dict[str, forms.Field]

    def name_fields(self) -> None:
        self.fields["password1"].label = _("新密码")
        self.fields["password1"].help_text = _password_rules()
        self.fields["password2"].label = _("再填一遍新密码")

    def clean(self) -> dict[str, Any]:
        form: Any = self
        data: dict[str, Any] = forms.Form.clean(form) or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            form.add_error("password2", _("两遍密码不一样。请再填一遍。"))
        return data


class SetPasswordForm(_TwicePassword, account_forms.SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_fields()
        dress(self)


class ChangePasswordForm(_TwicePassword, account_forms.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("现在的密码")
        self.fields["oldpassword"].help_text = ""
        self.name_fields()
        dress(self)


class ReauthenticateForm(account_forms.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        dress(self)


class AuthenticateForm(mfa_forms.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    code = code_field(_("验证器上的数字"), TOTP_HINT)


class ReauthenticateCodeForm(mfa_forms.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    code = code_field(_("验证器上的数字"), TOTP_HINT)


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    code = code_field(_("验证器上的数字"), _("扫码以后，验证器每30秒显示6位新数字，填现在这一组。"))


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    passwordless = forms.BooleanField(
        label=_("以后只用它登录，不用手机号和密码"),
        required=False,
        initial=True,
        help_text=_("要用指纹、面容或锁屏密码确认是你本人。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        self.fields["name"].help_text = _("写得能认出来，比如“我的手机”。")
        dress(self)


class EditPasskeyForm(webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        dress(self)
