from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "yiwang.platform.files"
    label = "files"
