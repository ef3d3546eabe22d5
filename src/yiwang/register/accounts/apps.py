from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "yiwang.register.accounts"
    label = "accounts"
