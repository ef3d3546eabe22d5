"""How django-allauth meets our accounts: numbers, text messages, sentences, secrets."""

import base64
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yiwang.kernel.crypto import blind_index, decrypt, encrypt
from yiwang.kernel.identity import mask_phone
from yiwang.platform.ui.modes import is_elder
from yiwang.register.accounts.actions import accept_notice, confirm_phone, note_sign_in, set_phone
from yiwang.register.accounts.devices import knows_device, remember_device
from yiwang.register.accounts.fields import PhoneField
from yiwang.register.accounts.models import User
from yiwang.register.accounts.queries import has_accepted_notice
from yiwang.register.accounts.texting import text_code

TOTP_CONTEXT = b"accounts.authenticator"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("这个账号停用了。请打12351问一问。"),
        "phone_password_mismatch": gettext_lazy("手机号或密码不对。忘了密码，可以不填密码，用短信验证码登录。"),
        "enter_current_password": gettext_lazy("现在的密码不对。"),
        "incorrect_code": gettext_lazy("验证码不对。请看一看最新一条短信。"),
        "incorrect_password": gettext_lazy("密码不对。"),
        "invalid_login": gettext_lazy("请填11位手机号。"),
        "phone_taken": gettext_lazy("这个手机号不能用。请换一个号码，或者用它登录。"),
        "too_many_login_attempts": gettext_lazy("试的次数太多了。请过几分钟再试，或者打12351。"),
        "unknown_phone": gettext_lazy("手机号或密码不对。忘了密码，可以不填密码，用短信验证码登录。"),
        "same_as_current": gettext_lazy("这就是现在的号码。"),
        "rate_limited": gettext_lazy("操作太快了。请过一分钟再试。"),
        "select_only_one": gettext_lazy("请只填一项。"),
    }

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        account = cast(User, user)
        return (account.phone, account.phone_verified_at is not None) if account.phone else None

    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        set_phone(cast(User, user), phone=phone, verified=verified)

    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        confirm_phone(cast(User, user), phone=phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any) -> None:
        text_code(phone, _("验证码{code}，5分钟内有效。不要告诉任何人，工会的人也不会问你要。").format(code=code))

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        text_code(phone, _("有人想用这个手机号登录，但是它还没有账号。是你本人的话，请先注册。"))

    def send_account_already_exists_sms(self, phone: str) -> None:
        text_code(phone, _("这个手机号已经有账号了。是你本人的话，直接登录就行，不用注册。"))

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: forms.Form, commit: bool = True
    ) -> AbstractBaseUser:
        account = cast(User, user)
        account.language = "en" if (get_language() or "").startswith("en") else "zh-hans"
        account.elder_mode = is_elder(request)
        account.phone = form.cleaned_data["phone"]
        saved: AbstractBaseUser = super().save_user(request, user, form, commit)
        accept_notice(account)  # the form is not valid without this consent
        return saved

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One lock for each number, and another for the device its owner uses: strangers can't lock the owner out.

        allauth's own key knows addresses and names only, so every number would share one lock.
        """
        phone = str(credentials.get("phone", ""))
        return f"{blind_index('login', phone)}:{'own' if knows_device(request, phone) else 'any'}"

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        account = cast(User, user)
        response: HttpResponse = super().post_login(request, account, **kwargs)
        if kwargs["signup"]:
            # allauth notes no method for proving the number at sign-up, but it is the same proof as a code.
            record_authentication(request, account, method="code", phone=account.phone)
        methods = [record["method"] for record in get_authentication_records(request, account)]
        note_sign_in(account, methods=" ".join(methods))
        remember_device(response, account.phone or "")
        if not has_accepted_notice(account):
            return HttpResponseRedirect(f"{reverse('accounts:notice')}?{urlencode({'next': response['Location']})}")
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("用密码"),
            "mfa_reauthenticate": _("用验证器或恢复码"),
            "mfa_reauthenticate:webauthn": _("用通行密钥"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy("这是你最后一个第二道验证，工作人员不能停用它。请先加一个新的。"),
        "cannot_generate_recovery_codes": gettext_lazy("先开通验证器或通行密钥，才能有恢复码。"),
        "incorrect_code": gettext_lazy("验证码不对。请看一看验证器上现在的数字。"),
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return mask_phone(cast(User, user).phone or "")

    def get_totp_issuer(self) -> str:
        return _("一网")

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text, TOTP_CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text), TOTP_CONTEXT)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        return _("我的通行密钥")
