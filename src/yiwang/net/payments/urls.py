from django.urls import URLPattern, URLResolver, path

from yiwang.net.payments.views import batches, funds, own, payments

app_name = "payments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("payments/", own.own_list, name="own-list"),
    path("payments/account/", own.own_account, name="own-account"),
    path("work/payments/", batches.batch_list, name="batch-list"),
    path("work/payments/batches/new/", batches.batch_new, name="batch-new"),
    path("work/payments/batches/<slug:public_id>/", batches.batch_detail, name="batch-detail"),
    path("work/payments/batches/<slug:public_id>/file/", batches.batch_file, name="batch-file"),
    path("work/payments/batches/<slug:public_id>/answer/", batches.batch_answer, name="batch-answer"),
    path("work/payments/batches/<slug:public_id>/do/<slug:act>/", batches.batch_act, name="batch-act"),
    path("work/payments/answers/<slug:public_id>/settle/", batches.answer_settle, name="answer-settle"),
    path("work/payments/lines/", payments.payment_list, name="payment-list"),
    path("work/payments/lines/<slug:public_id>/", payments.payment_detail, name="payment-detail"),
    path("work/payments/lines/<slug:public_id>/do/<slug:act>/", payments.payment_act, name="payment-act"),
    path("work/payments/funds/", funds.fund_list, name="fund-list"),
    path("work/payments/funds/new/", funds.fund_new, name="fund-new"),
    path("work/payments/funds/<slug:public_id>/", funds.fund_detail, name="fund-detail"),
    path("work/payments/funds/<slug:public_id>/do/<slug:act>/", funds.fund_act, name="fund-act"),
]
