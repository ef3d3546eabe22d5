from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "yiwang.net.evaluation"
    label = "evaluation"
