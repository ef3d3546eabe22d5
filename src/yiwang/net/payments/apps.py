from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "yiwang.net.payments"
    label = "payments"
