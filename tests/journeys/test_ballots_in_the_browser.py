"""What the browser's worker makes is what the library makes: ballots, keys, shares, threshold ceremonies."""

import json
from pathlib import Path

import pytest

from yiwang.platform.ballots import testing
from yiwang.platform.ballots.library import canonical, credentials, group, holding, pedersen, tally, trustees, voting
from yiwang.platform.ballots.library.archive import Archive
from yiwang.platform.ballots.library.election import Question, write_election
from yiwang.platform.ballots.library.trustees import Trustees
from yiwang.platform.ballots.library.verifying import read_setup, verify
from yiwang.platform.ui.middleware import POLICY

pytestmark = pytest.mark.journey

BUILT = Path(__file__).resolve().parents[2] / "src" / "yiwang" / "platform" / "ui" / "static" / "yw" / "ballots.js"
ASK = """([task, given]) => new Promise((settle) => {
    window.worker ??= new Worker('/ballots.js', { type: 'module' })
    window.worker.onmessage = ({ data }) => settle(data)
    window.worker.postMessage({ number: 1, task, given })
})"""
QUESTIONS = [
    Question("是否通过？", ("赞成", "反对", "弃权"), 1, 1),
    Question("选两人", ("甲", "乙", "丙"), 1, 2, blank=True),
]


@pytest.fixture
def worker(browser):
    """``worker(task, …)`` asks the worker under the page's own policy."""
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    headers = {"Content-Security-Policy": POLICY}
    page.route(
        "**/*",
        lambda route: route.fulfill(body="<!doctype html><title>a</title>", content_type="text/html", headers=headers),
    )
    page.route(
        "**/ballots.js",
        lambda route: route.fulfill(body=BUILT.read_text(), content_type="text/javascript", headers=headers),
    )
    page.goto("http://ballots.test/")

    def ask(task, *given):
        answer = page.evaluate(ASK, [task, list(given)])
        assert complaints == []
        return answer

    yield ask
    context.close()


def test_a_ballot_of_the_browser_is_accepted_and_counted(worker):
    held = testing.hold(QUESTIONS, voters=4)
    raw = held.election.raw.decode()
    votes = [[[1, 0, 0], [0, 1, 0, 0]], [[0, 1, 0], [1, 0, 0, 0]], [[0, 0, 1], [0, 0, 1, 1]]]
    for code, choices in zip(held.codes, votes, strict=False):
        made = worker("makeBallot", raw, code, choices)["result"]
        assert made["tracking"] == canonical.fingerprint(made["ballot"])
        held.put(made["ballot"].encode())

    held.close()
    share = worker("decrypt", held.election.hash, tally.write_tally(held.summed).decode(), str(held.keys[1]))["result"]
    holding.add_share(held.archive, held.setup, held.summed, 1, share.encode())

    assert holding.publish(held.archive, held.setup, held.summed, 3) == [[1, 1, 1], [1, 1, 1, 1]]
    assert verify(held.raw).result == [[1, 1, 1], [1, 1, 1, 1]]


def test_the_browser_refuses_what_the_library_refuses(worker):
    held = testing.hold(QUESTIONS, voters=1)
    raw = held.election.raw.decode()

    assert worker("makeBallot", raw, held.codes[0][:-1], []) == {"number": 1, "trouble": "bad_choices"}
    for choices in ([[1, 1, 0], [0, 1, 0, 0]], [[1, 0, 0], [1, 1, 0, 0]], [[1, 0, 0], [0, 0, 0, 0]]):
        assert worker("makeBallot", raw, held.codes[0], choices)["trouble"] == "bad_choices"
    mistyped = ("1" if held.codes[0][0] != "1" else "2") + held.codes[0][1:]
    assert worker("makeBallot", raw, mistyped, [[1, 0, 0], [0, 1, 0, 0]])["trouble"] == "mistyped_code"
    foreign = raw.replace(str(held.election.public_key), "3")
    assert worker("makeBallot", foreign, held.codes[0], [[1, 0, 0], [0, 1, 0, 0]])["trouble"] == "not_in_subgroup"


def test_a_key_made_in_the_browser_is_a_trustees_key(worker):
    made = worker("makeKey")["result"]

    assert trustees.read_public_key(json.loads(made["published"])) == group.generate(group.mpz(made["secret"]))


def test_three_browsers_make_a_threshold_key_and_two_of_them_decrypt(worker):
    """One trustee of the three uses the library: each of the five steps meets its counterpart."""
    ours = pedersen.new_seed()
    seeds = [worker("makeSeed")["result"], worker("makeSeed")["result"], ours.letters]
    certs = [json.loads(worker("makeCertificate", seed)["result"]) for seed in seeds[:2]]
    certs.append(pedersen.make_certificate(ours))
    polynomials = [json.loads(worker("makePolynomial", seed, certs, 2)["result"]) for seed in seeds[:2]]
    polynomials.append(pedersen.make_polynomial(ours, certs, 2))
    vinputs = pedersen.make_vinputs(polynomials)
    outputs = [json.loads(worker("makeVoutput", seeds[n], certs, vinputs[n], 2)["result"]) for n in (0, 1)]
    outputs.append(pedersen.make_voutput(ours, certs, vinputs[2], 2))
    written = trustees.write_trustees([("Pedersen", pedersen.make_threshold(2, certs, polynomials, outputs))])
    key = worker("openKey", seeds[0], outputs[0]["private_key"])["result"]

    uuid = credentials.token()
    codes = credentials.make(uuid, 1)
    raw = write_election(
        uuid=uuid, name="届", description="", public_key=Trustees.read(written).public_key, questions=[testing.TEN]
    )
    archive = Archive.begin(1, election=raw, trustees=written, credentials=canonical.dump(codes.public).encode())
    setup = read_setup(archive)
    ballot = voting.make_ballot(setup.election, codes.codes[0], [[0] * 9 + [1]])
    archive.add("Ballot", ballot)
    judged = voting.check_ballot(setup.election, ballot)
    summed = holding.close(archive, [(judged.credential, [list(a.choices) for a in judged.answers])], setup)
    share = worker("decrypt", setup.election.hash, tally.write_tally(summed).decode(), key)["result"]
    holding.add_share(archive, setup, summed, 1, share.encode())
    own = pedersen.open_key(ours, outputs[2]["private_key"])
    holding.add_share(archive, setup, summed, 3, trustees.decrypt(setup.election.hash, summed, own))

    assert holding.publish(archive, setup, summed, 1) == [[0] * 9 + [1]]
    assert verify(bytes(archive.written)).result == [[0] * 9 + [1]]


def test_a_trustee_who_sends_a_false_secret_is_found_in_the_browser(worker):
    seeds = [worker("makeSeed")["result"] for _ in range(2)]
    certs = [json.loads(worker("makeCertificate", seed)["result"]) for seed in seeds]
    polynomials = [json.loads(worker("makePolynomial", seed, certs, 1)["result"]) for seed in seeds]
    receiver = pedersen.read_certificate(certs[1]).encryption
    polynomials[0]["secrets"][1] = pedersen.send(pedersen.Seed(seeds[0]).signing, receiver, '{"secret":"5"}')
    vinputs = pedersen.make_vinputs(polynomials)

    assert worker("makeVoutput", seeds[1], certs, vinputs[1], 1)["trouble"] == "lying_trustee"
    assert worker("makeVoutput", seeds[0], certs, vinputs[0], 1)["result"]
    assert worker("makeVoutput", seeds[0], certs, vinputs[1], 1)["trouble"] == "bad_channel"
    assert worker("makePolynomial", worker("makeSeed")["result"], certs, 1)["trouble"] == "foreign_certificates"
