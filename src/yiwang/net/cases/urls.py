from django.urls import URLPattern, URLResolver, path

from yiwang.net.cases.views import apply, casefile, letters, matters, work

app_name = "cases"

urlpatterns: list[URLPattern | URLResolver] = [
    # The worker: ask for something.
    path("apply/pick/<slug:kind>/", apply.pick, name="pick"),
    path("apply/done/<str:number>/", apply.apply_done, name="apply-done"),
    path("apply/all-done/<slug:bundle>/", apply.bundle_done, name="bundle-done"),
    path("apply/check/<slug:draft>/", apply.apply_check, name="apply-check"),
    path("apply/discard/<slug:draft>/", apply.apply_discard, name="apply-discard"),
    path("apply/d/<slug:draft>/<slug:step>/", apply.apply_step, name="apply-step"),
    path("apply/<str:code>/", apply.apply_start, name="apply-start"),
    # The worker: my matters.
    path("matters/", matters.matter_list, name="matter-list"),
    path("bundles/<slug:bundle>/", matters.bundle_detail, name="bundle-detail"),
    path("bundles/<slug:bundle>/withdraw/<str:code>/", matters.part_withdraw, name="part-withdraw"),
    path("matters/<str:number>/", matters.matter_detail, name="matter-detail"),
    path("matters/<str:number>/print/", matters.matter_print, name="matter-print"),
    path("matters/<str:number>/supplement/", matters.matter_supplement, name="matter-supplement"),
    path("matters/<str:number>/urge/", matters.matter_urge, name="matter-urge"),
    path("matters/<str:number>/message/", matters.matter_message, name="matter-message"),
    path("matters/<str:number>/withdraw/", matters.matter_withdraw, name="matter-withdraw"),
    path("matters/<str:number>/review/", matters.matter_appeal, name="matter-review"),
    path("matters/<str:number>/receipt/", letters.receipt, name="receipt"),
    path("matters/<str:number>/receipt/download/", letters.receipt_download, name="receipt-download"),
    path("matters/<str:number>/letters/<slug:letter>.<slug:form>", letters.letter_download, name="letter-download"),
    # Staff.
    path("work/", work.queue, name="queue"),
    path("work/cases/", work.search, name="search"),
    path("work/bulk/", work.bulk, name="bulk"),
    path("work/hand-over/", work.hand_over_all, name="hand-over"),
    path("work/reviews/", work.reviews, name="review-list"),
    path("work/intake/", work.intake, name="intake"),
    path("work/cases/<str:number>/", casefile.case_detail, name="case-detail"),
    path("work/cases/<str:number>/do/<slug:act>/", casefile.case_act, name="case-act"),
    path("work/cases/<str:number>/reveal/", casefile.case_reveal, name="case-reveal"),
    path("work/cases/<str:number>/print/", casefile.case_print, name="case-print"),
]
