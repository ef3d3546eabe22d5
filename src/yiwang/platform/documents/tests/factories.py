"""What letters and forms need, for a person that the whole story knows."""

from typing import Any

COMMON = {
    "organisation": "昆山市总工会",
    "number": "昆工结〔2026〕17号",
    "recipient": "周文娟",
    "date": "2026年11月22日",
    "contact_person": "沈佳",
    "contact_phone": "0512-57301234",
    "service": "困难职工生活、医疗、助学救助",
    "case_number": "帮扶2026-昆-00417",
    "submitted_on": "2026年11月9日",
    "accepted_on": "2026年11月12日",
}
FACTS: dict[str, dict[str, Any]] = {
    "acceptance": {"due_on": "2026年12月10日", "handling_body": "昆山市总工会权益保障部"},
    "supplement": {"missing": ["出院结算单", "家庭成员收入证明"], "answer_by": "2026年12月8日"},
    "not_accepted": {"reasons": ["工作单位在太仓市"], "go_to": "太仓市总工会。", "recourse": "可以申请复核。"},
    "result_ok": {"result": "同意发放救助金。", "amount_text": "19,692.00元（人民币壹万玖仟陆佰玖拾贰元整）"},
    "result_no": {"reasons": ["家庭人均月收入1,280.50元，高于1,180元"], "recourse": "15日内可以申请复核。"},
    "extension": {"old_due_on": "2026年12月10日", "new_due_on": "2026年12月24日", "reason": "需要上门核实"},
    "transfer": {
        "applicant": "周文娟",
        "summary": "申请大病救助",
        "reason": "工作单位在你单位辖区",
        "due_on": "2026年12月10日",
    },
    "revocation": {"reason": "金额算错了。", "due_on": "2026年12月24日"},
    "congress_minutes": {
        "subject": "恒达精密第4届职工代表大会第2次会议",
        "facts": ["应到40人，实到36人"],
        "decisions": ["能级工资协议：通过"],
    },
    "congress_report": {"subject": "第4届职工代表大会第2次会议", "facts": ["应到40人，实到36人"]},
    "congress_resolution": {
        "subject": "恒达精密第4届职工代表大会第2次会议",
        "facts": "应到40人，实到36人",
        "resolutions": ["通过能级工资协议"],
    },
    "union_bank": {
        "union_name": "昆山恒达精密电子有限公司工会",
        "founded_on": "2026年11月20日",
        "approval": "昆工组〔2026〕8号",
        "chair": "刘芳",
    },
    "union_order": {"ended_on": "2026年9月1日", "act_by": "2026年12月22日"},
    "union_reply": {"subject": "成立工会", "facts": ["同意成立工会"]},
    "union_report": {"subject": "第一届委员会", "facts": ["应到30人，实到28人"]},
    "union_request": {"subject": "成立工会", "facts": ["职工268人"]},
    "supervision": {"facts": ["逾期3天"], "demand": "限期办结", "report_by": "2026年12月1日"},
}


def letter_data(kind: str, **changes: Any) -> dict[str, Any]:
    return {**COMMON, **FACTS[kind], **changes}


def sheet_data(**changes: Any) -> dict[str, Any]:
    return {
        "title": "困难职工帮扶审批表",
        "number": "帮扶2026-昆-00417",
        "printed_by": "顾明远",
        "printed_at": "2026年11月24日 09:32",
        "rule_version": "《困难职工帮扶实施细则》2026.3版",
        "rows": [[["申请人", "周文娟"], ["证件号", "320583********2846"]], [["单位", "昆山恒达精密电子有限公司"]]],
        "ledger": {
            "head": ["核算项目", "申报（元）", "核定（元）", "认定理由与证据"],
            "rows": [["减：看病自己付的", "41,200.00", "38,460.00", "剔除期外票据1张"]],
            "total": ["家庭人均月收入", "590.00", "722.08", "低于1,180元"],
        },
        "amounts": {
            "label": "帮扶金额",
            "rows": [["医药补贴", "38,460.00×20%", "7,692.00"]],
            "total": ["合计", "", "7,692.00"],
        },
        "opinions": [{"label": "县级工会审批意见", "text": "情况属实。", "signer": "顾明远", "date": "2026年11月24日"}],
        "footnote": "有异议的可以申请复核。",
        "mark": "演示数据",
        **changes,
    }
