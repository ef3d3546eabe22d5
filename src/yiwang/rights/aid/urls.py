from django.urls import URLPattern, URLResolver, path

from yiwang.rights.aid.views import deciding, figures, files, own, own_places, places, programmes, reaching, rehearsing

app_name = "aid"

urlpatterns: list[URLPattern | URLResolver] = [
    path("aid/", own.own_file, name="own-file"),
    path("aid/answers/<slug:public_id>/", own.own_receipt, name="own-receipt"),
    path("aid/answers/<slug:public_id>/appeal/", own.own_appeal, name="own-appeal"),
    path("aid/answers/<slug:public_id>/receipt.<slug:form>", own.own_receipt_file, name="own-receipt-file"),
    path("aid/programmes/", own_places.own_programmes, name="own-programmes"),
    path("aid/places/<slug:public_id>/", own_places.own_place, name="own-place"),
    path("aid/places/<slug:public_id>/receipt.json", own_places.own_place_receipt, name="own-place-receipt"),
    path("work/aid/", files.file_list, name="file-list"),
    path("work/aid/figures/", figures.figures, name="figures"),
    path("work/aid/rehearsal/", rehearsing.rehearsal, name="rehearsal"),
    path("work/aid/outreach/", reaching.outreach_list, name="outreach-list"),
    path("work/aid/outreach/start/", reaching.outreach_start, name="outreach-start"),
    path("work/aid/outreach/<slug:public_id>/", reaching.family_detail, name="family-detail"),
    path("work/aid/programmes/", programmes.programme_list, name="programme-list"),
    path("work/aid/programmes/new/", programmes.programme_new, name="programme-new"),
    path("work/aid/programmes/<slug:public_id>/", programmes.programme_detail, name="programme-detail"),
    path("work/aid/programmes/<slug:public_id>/change/", programmes.programme_change, name="programme-change"),
    path("work/aid/programmes/<slug:public_id>/names/", programmes.programme_names, name="programme-names"),
    path("work/aid/programmes/<slug:public_id>/roll.docx", programmes.programme_paper, name="programme-paper"),
    path("work/aid/programmes/<slug:public_id>/do/<slug:act>/", programmes.programme_act, name="programme-act"),
    path("work/aid/places/<slug:public_id>/", places.place_detail, name="place-detail"),
    path("work/aid/places/<slug:public_id>/do/<slug:act>/", places.place_act, name="place-act"),
    path("work/aid/doubles/<slug:public_id>/", places.double_resolve, name="double-resolve"),
    path("work/aid/new/", files.file_new, name="file-new"),
    path("work/aid/findings/<slug:public_id>/", files.finding_resolve, name="finding-resolve"),
    path("work/aid/<slug:public_id>/", files.file_detail, name="file-detail"),
    path("work/aid/<slug:public_id>/do/<slug:act>/", files.file_act, name="file-act"),
    path("work/aid/<slug:public_id>/facts/<slug:part>/", files.facts, name="file-facts"),
    path("work/aid/<slug:public_id>/bills/<int:number>/void/", files.expense_void, name="expense-void"),
    path("work/aid/<slug:public_id>/bills/<int:number>/", files.expense_correct, name="expense-correct"),
    path("work/aid/<slug:public_id>/visit/", files.visit, name="file-visit"),
    path("work/aid/<slug:public_id>/papers/<slug:form>.docx", files.file_form, name="file-form"),
    path("work/aid/<slug:public_id>/sheet.docx", files.file_paper, name="file-paper"),
    path("work/aid/<slug:public_id>/review/", deciding.review, name="review"),
    path("work/aid/<slug:public_id>/review/sign/", deciding.sign, name="review-sign"),
    path("work/aid/<slug:public_id>/review/decide/", deciding.decide, name="review-decide"),
]
