"""The name of the figure that this app keeps (``platform.counters``), and how it is counted from its rows."""

CURRENT = "members.current"
FIGURES = (CURRENT,)

# Spans with a vote are the days a person was counted as a member there: M1 of the handbook, retained members left out.
RECOUNTS = {
    CURRENT: """
        SELECT o.path::text, lower(s.days), 1 FROM members_membershipspan s
        JOIN organisations_organisation o ON o.id = s.organisation_id WHERE s.may_vote
        UNION ALL
        SELECT o.path::text, upper(s.days), -1 FROM members_membershipspan s
        JOIN organisations_organisation o ON o.id = s.organisation_id WHERE s.may_vote AND NOT upper_inf(s.days)
    """
}
