from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "yiwang.register.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415 -- needs settings first

        from yiwang.register.accounts.factors import note_new_factor  # noqa: PLC0415 -- needs settings first

        authenticator_added.connect(note_new_factor)
