from django.apps import AppConfig

from yiwang.platform.counters.registry import register_recount

# Each figure as a SELECT of (path, day, amount) from the rows it stands for.
RECEIVED = """
    SELECT o.path::text, (c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, 1
    FROM cases_case c
    JOIN LATERAL (
        SELECT h.to_organisation_id FROM cases_hop h
        WHERE h.case_id = c.id AND h.kind = 'routed' ORDER BY h.id DESC LIMIT 1
    ) first ON true
    JOIN organisations_organisation o ON o.id = first.to_organisation_id
"""
OPEN = """
    SELECT o.path::text, (c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, 1
    FROM cases_case c JOIN organisations_organisation o ON o.id = c.organisation_id
    WHERE c.state IN ('submitted', 'supplement', 'accepted', 'in_progress', 'paused', 'revoked')
"""
OVERDUE = """
    SELECT o.path::text, (c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, 1
    FROM cases_case c JOIN organisations_organisation o ON o.id = c.organisation_id
    JOIN cases_clock k ON k.case_id = c.id AND k.kind = 'promised' AND k.state = 'missed'
"""
DONE = """
    SELECT o.path::text, (d.decided_at AT TIME ZONE 'Asia/Shanghai')::date, 1
    FROM cases_decision d JOIN organisations_organisation o ON o.id = d.organisation_id
    WHERE d.revoked_at IS NULL
"""
ON_TIME = f"{DONE} AND d.outcome <> 'not_accepted' AND d.is_on_time"


class CasesConfig(AppConfig):
    name = "yiwang.net.cases"
    label = "cases"

    def ready(self) -> None:
        register_recount("cases.received", RECEIVED)
        register_recount("cases.open", OPEN)
        register_recount("cases.overdue", OVERDUE)
        register_recount("cases.done", DONE)
        register_recount("cases.on_time", ON_TIME)
