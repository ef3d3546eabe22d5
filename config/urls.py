"""The site on one page."""

from django.urls import include, path

urlpatterns = [
    path("", include("yiwang.portal.urls")),
    path("accounts/", include("yiwang.register.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("services/", include("yiwang.net.catalogue.urls")),
    path("", include("yiwang.net.cases.urls")),
    path("", include("yiwang.net.evaluation.urls")),
    path("", include("yiwang.net.payments.urls")),
    path("", include("yiwang.net.notices.urls")),
    path("", include("yiwang.rights.aid.urls")),
    path("", include("yiwang.rights.congress.urls")),
    path("", include("yiwang.grassroots.founding.urls")),
    path("", include("yiwang.grassroots.joining.urls")),
    path("", include("yiwang.grassroots.cadres.urls")),
    path("", include("yiwang.grassroots.practices.urls")),
    path("messages/", include("yiwang.platform.notify.urls")),
    path("box/", include("yiwang.platform.ballots.urls")),
    path("draws/", include("yiwang.platform.draws.urls")),
    path("files/", include("yiwang.platform.files.urls")),
    path("drafts/", include("yiwang.platform.forms.urls")),
    path("organisations/", include("yiwang.register.organisations.urls")),
    path("mandates/", include("yiwang.register.access.mandate_urls")),
    path("work/access/", include("yiwang.register.access.urls")),
    path("", include("yiwang.register.members.urls")),
    path("", include("yiwang.register.imports.urls")),
    path("work/jobs/", include("yiwang.platform.jobs.urls")),
    path("work/journal/", include("yiwang.platform.journal.urls")),
    path("work/figures/", include("yiwang.insight.urls")),
    path("api/v1/", include("yiwang.api.urls")),
    path("ui/", include("yiwang.platform.ui.urls")),
]

handler400 = "yiwang.platform.ui.views.bad_request"
