"""Proving what is recorded: journal, counters."""

import sys

import click

from config.cli.base import json_option, show, with_django


@click.group()
def journal() -> None:
    """The append-only journal and its hash chain."""


@journal.command("verify")
@json_option
@with_django
def journal_verify(as_json: bool) -> None:
    """Walk the hash chain; exit 1 and name the first altered, missing or reordered entry if there is one."""
    from yiwang.platform.journal import queries  # noqa: PLC0415 -- slow import

    verdict = queries.verify()
    fault = verdict.fault
    document = {
        "ok": fault is None,
        "sealed": verdict.sealed,
        "waiting": verdict.waiting,
        "head": verdict.head,
        "fault": None if fault is None else {"kind": fault.kind, "number": fault.number, "entry": fault.entry_id},
    }
    good = f"{verdict.sealed} entries sealed and intact, {verdict.waiting} waiting to be sealed. Head: {verdict.head}"
    bad = fault and f"Broken at seal {fault.number}: entry {fault.entry_id} is {fault.kind}."
    show(document, as_json=as_json, text=bad or good)
    sys.exit(1 if fault else 0)


@click.group()
def counters() -> None:
    """The figures of every union body."""


@counters.command("recount")
@json_option
@with_django
def counters_recount(as_json: bool) -> None:
    """Count everything again from the rows; repair and journal each difference; exit 1 if there was one."""
    from yiwang.platform.counters import actions  # noqa: PLC0415 -- slow import

    differences = actions.recount()
    document = {"ok": not differences, "differences": [row.as_dict() for row in differences]}
    text = "\n".join(str(row) for row in differences) or "Every figure is right."
    show(document, as_json=as_json, text=text)
    sys.exit(1 if differences else 0)


COMMANDS: list[click.Command] = [journal, counters]
