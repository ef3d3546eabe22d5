from django.apps import AppConfig

from yiwang.platform.counters.registry import register_recount

RATED = """
    SELECT o.path::text, (e.created_at AT TIME ZONE 'Asia/Shanghai')::date, 1
    FROM evaluation_evaluation e JOIN organisations_organisation o ON o.id = e.organisation_id
"""
CONTENT = f"{RATED} WHERE e.score >= 3"
BAD = f"{RATED} WHERE e.score <= 2"


class EvaluationConfig(AppConfig):
    name = "yiwang.net.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        register_recount("evaluation.rated", RATED)
        register_recount("evaluation.content", CONTENT)
        register_recount("evaluation.bad", BAD)
