from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "yiwang.platform.documents"
    label = "documents"
