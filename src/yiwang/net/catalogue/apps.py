from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "yiwang.net.catalogue"
    label = "catalogue"
