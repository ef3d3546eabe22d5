from django.urls import URLPattern, URLResolver, path

from yiwang.register.accounts import views

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.security, name="security"),
    path("devices/<slug:mark>/end/", views.session_end, name="session-end"),
    path("notice/", views.notice, name="notice"),
    path("again/", views.sign_in_again, name="sign-in-again"),
    path("kept/", views.kept, name="kept"),
    path("password/forgotten/", views.password_forgotten, name="password-forgotten"),
    # These stand before allauth's own: a fresh sign-in is asked for first, or the page is not used here.
    path("phone/change/", views.phone_change, name="phone-change"),
    path("password/set/", views.password_first, name="password-first"),
    path("password/reset/", views.password_forgotten, name="password-reset"),
    path("2fa/totp/activate/", views.totp_activate, name="totp-activate"),
    path("2fa/webauthn/add/", views.passkey_add, name="passkey-add"),
    path("email/", views.gone, name="email-unused"),
    path("confirm-email/", views.gone, name="email-sent-unused"),
    path("confirm-email/<path:key>/", views.gone, name="email-confirm-unused"),
    path("password/reset/done/", views.gone, name="reset-done-unused"),
    path("password/reset/key/done/", views.gone, name="reset-key-done-unused"),
    path("password/reset/key/<path:key>/", views.gone, name="reset-key-unused"),
]
