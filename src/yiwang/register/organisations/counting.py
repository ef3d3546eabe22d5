"""The names of the figures that this app keeps (``platform.counters``), and how each is counted from its rows."""

BODIES = "organisations.bodies"
GRASSROOTS = "organisations.grassroots"
FIGURES = (BODIES, GRASSROOTS)

# One row for the day a body appeared, one for the day it went. Founding that isn't finished does not count.
_ROWS = """
    SELECT path::text, valid_from, 1 FROM organisations_organisation
    WHERE state IN ('active', 'suspended', 'merging', 'dissolving', 'merged', 'dissolved') {only}
    UNION ALL
    SELECT path::text, valid_to, -1 FROM organisations_organisation WHERE state IN ('merged', 'dissolved') {only}
"""
RECOUNTS = {
    BODIES: _ROWS.format(only=""),
    GRASSROOTS: _ROWS.format(only="AND kind IN ('E1', 'E2', 'E3', 'E4')"),
}
