from django.urls import URLPattern, URLResolver, path

from yiwang.rights.aid.views import deciding, files, own, reaching, rehearsing

app_name = "aid"

urlpatterns: list[URLPattern | URLResolver] = [
    path("aid/", own.own_file, name="own-file"),
    path("aid/answers/<slug:public_id>/", own.own_receipt, name="own-receipt"),
    path("aid/answers/<slug:public_id>/appeal/", own.own_appeal, name="own-appeal"),
    path("aid/answers/<slug:public_id>/receipt.<slug:form>", own.own_receipt_file, name="own-receipt-file"),
    path("work/aid/", files.file_list, name="file-list"),
    path("work/aid/rehearsal/", rehearsing.rehearsal, name="rehearsal"),
    path("work/aid/outreach/", reaching.outreach_list, name="outreach-list"),
    path("work/aid/outreach/start/", reaching.outreach_start, name="outreach-start"),
    path("work/aid/outreach/<slug:public_id>/", reaching.family_detail, name="family-detail"),
    path("work/aid/new/", files.file_new, name="file-new"),
    path("work/aid/findings/<slug:public_id>/", files.finding_resolve, name="finding-resolve"),
    path("work/aid/<slug:public_id>/", files.file_detail, name="file-detail"),
    path("work/aid/<slug:public_id>/do/<slug:act>/", files.file_act, name="file-act"),
    path("work/aid/<slug:public_id>/facts/<slug:part>/", files.facts, name="file-facts"),
    path("work/aid/<slug:public_id>/bills/<int:number>/void/", files.expense_void, name="expense-void"),
    path("work/aid/<slug:public_id>/bills/<int:number>/", files.expense_correct, name="expense-correct"),
    path("work/aid/<slug:public_id>/visit/", files.visit, name="file-visit"),
    path("work/aid/<slug:public_id>/sheet.docx", files.file_paper, name="file-paper"),
    path("work/aid/<slug:public_id>/review/", deciding.review, name="review"),
    path("work/aid/<slug:public_id>/review/sign/", deciding.sign, name="review-sign"),
    path("work/aid/<slug:public_id>/review/decide/", deciding.decide, name="review-decide"),
]
