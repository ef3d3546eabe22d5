from django.urls import URLPattern, URLResolver, path

from yiwang.rights.congress.views import (
    ballots,
    congresses,
    consulting,
    following,
    own,
    own_following,
    papers,
    sessions,
)

app_name = "congress"

DESK, SESSION, OWN = "work/congress/<str:public_id>/", "work/congress/sessions/<str:public_id>/", "congress/sessions/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("work/congress/", congresses.congress_list, name="congress-list"),
    path("work/congress/new/", congresses.congress_new, name="congress-new"),
    path(SESSION, sessions.session_detail, name="session-detail"),
    path(f"{SESSION}hall/", sessions.hall_screen, name="hall-screen"),
    path(f"{SESSION}papers/<slug:kind>.<slug:form>", papers.session_paper, name="session-paper"),
    path(f"{SESSION}sign-in/", sessions.sign_in_sheet, name="sign-in-sheet"),
    path(f"{SESSION}sign-in/<slug:act>/<str:delegate>/", sessions.sign_in_act, name="sign-in-act"),
    path(f"{SESSION}do/<slug:act>/", sessions.session_act, name="session-act"),
    path(f"{SESSION}do/<slug:act>/<str:item>/", sessions.item_act, name="item-act"),
    path("work/congress/ballots/<str:public_id>/do/<slug:act>/", ballots.ballot_act, name="ballot-act"),
    path(DESK, congresses.congress_detail, name="congress-detail"),
    path(f"{DESK}do/<slug:act>/", congresses.congress_act, name="congress-act"),
    path(f"{DESK}places/<str:place>/", congresses.constituency_detail, name="constituency-detail"),
    path(f"{DESK}places/<str:place>/<slug:act>/", congresses.constituency_act, name="constituency-act"),
    path(f"{DESK}delegates/<str:delegate>/end/", congresses.delegate_end, name="delegate-end"),
    path(f"{DESK}consultations/", consulting.consultation_list, name="consultation-list"),
    path(f"{DESK}consultations/<str:consultation>/", consulting.consultation_detail, name="consultation-detail"),
    path(
        f"{DESK}consultations/<str:consultation>/do/<slug:act>/", consulting.consultation_act, name="consultation-act"
    ),
    path(f"{DESK}proposals/", following.proposal_list, name="proposal-list"),
    path(f"{DESK}proposals/<str:proposal>/", following.proposal_detail, name="proposal-detail"),
    path(f"{DESK}disclosures/", following.disclosure_list, name="disclosure-list"),
    path(f"{DESK}disclosures/<str:disclosure>/", following.disclosure_detail, name="disclosure-detail"),
    path(
        f"{DESK}disclosures/<str:disclosure>/questions/<str:question>/",
        following.disclosure_answer,
        name="disclosure-answer",
    ),
    path(f"{DESK}resolutions/", following.resolution_list, name="resolution-list"),
    path(f"{DESK}resolutions/<str:resolution>/check/", following.resolution_check, name="resolution-check"),
    path(f"{DESK}directors/", following.director_new, name="director-new"),
    path(f"{DESK}directors/<str:director>/report/", following.director_report, name="director-report"),
    path("congress/ballots/<str:public_id>/key/", ballots.holder, name="holder"),
    path("congress/ballots/<str:public_id>/codes/", ballots.codes, name="codes"),
    path("congress/vote/<slug:uuid>/", ballots.vote, name="vote"),
    path("congress/board/<slug:uuid>/", ballots.board, name="board"),
    path("congress/board/<slug:uuid>/verify/", ballots.verify_archive, name="verify"),
    path("congress/consultations/<str:public_id>/", consulting.own_consultation, name="own-consultation"),
    path("congress/proposals/", own_following.own_proposal_new, name="own-proposal-new"),
    path("congress/proposals/<str:public_id>/", own_following.own_proposal, name="own-proposal"),
    path("congress/disclosures/<str:public_id>/", own_following.own_disclosure, name="own-disclosure"),
    path("congress/", own.own_congress, name="own-congress"),
    path(f"{OWN}<str:public_id>/", own.own_session, name="own-session"),
    path(f"{OWN}<str:public_id>/in/<slug:code>/", own.check_in, name="check-in"),
    path(f"{OWN}<str:public_id>/do/<slug:act>/", own.own_act, name="own-act"),
    path(f"{OWN}<str:public_id>/votes/<str:item>/", own.own_vote, name="own-vote"),
    path(f"{OWN}<str:public_id>/papers/<str:item>/", own.own_paper, name="own-paper"),
]
