from django.urls import URLPattern, URLResolver, path

from yiwang.grassroots.joining.views import codes, requests, scan, transfers

app_name = "joining"

urlpatterns: list[URLPattern | URLResolver] = [
    path("join/<str:code>/", scan.join, name="join"),
    path("join/<str:code>/second/", scan.join_second, name="join-second"),
    path("work/joining/", requests.request_list, name="request-list"),
    path("work/joining/list/", requests.request_for_others, name="request-for-others"),
    path("work/joining/many/", requests.admit_many, name="admit-many"),
    path("work/joining/codes/", codes.campaign_list, name="campaign-list"),
    path("work/joining/codes/new/", codes.campaign_new, name="campaign-new"),
    path("work/joining/codes/<str:public_id>/", codes.campaign_detail, name="campaign-detail"),
    path("work/joining/codes/<str:public_id>/poster/", codes.campaign_poster, name="campaign-poster"),
    path("work/joining/codes/<str:public_id>/do/<slug:act>/", codes.campaign_act, name="campaign-act"),
    path("work/joining/pools/<str:public_id>/", codes.pool_detail, name="pool-detail"),
    path("work/joining/transfers/", transfers.transfer_list, name="transfer-list"),
    path("work/joining/transfers/<str:number>/", transfers.transfer_detail, name="transfer-detail"),
    path("work/joining/transfers/<str:number>/do/<slug:act>/", transfers.transfer_act, name="transfer-act"),
    path("work/joining/<str:number>/", requests.request_detail, name="request-detail"),
    path("work/joining/<str:number>/do/<slug:act>/", requests.request_act, name="request-act"),
]
