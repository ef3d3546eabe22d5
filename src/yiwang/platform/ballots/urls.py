from django.urls import URLPattern, URLResolver, path

from yiwang.platform.ballots import views

app_name = "ballots"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:uuid>/election.json", views.election_document, name="election-document"),
    path("<slug:uuid>/archive.bel", views.election_archive, name="election-archive"),
    path("<slug:uuid>/ballots/", views.ballot_cast, name="ballot-cast"),
    path("<slug:uuid>/ballots/<slug:name>/", views.ballot_track, name="ballot-track"),
]
