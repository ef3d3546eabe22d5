"""Verifiable secret ballots by the Belenios protocol 2.0; plain Python, usable without Django.

``archive`` reads and writes ``.bel`` files, ``verifying`` judges one from its bytes alone, ``voting`` makes and checks
ballots, ``trustees`` and ``pedersen`` make keys and decrypt, ``tally`` counts, ``credentials`` belongs to the authority
that hands out voting codes and to nobody else. Section numbers in comments are those of the Belenios specification.
"""
