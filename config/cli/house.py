"""Running and looking after an installation: run, exec, doctor."""

import os
import subprocess
import sys

import click

from config import postgres, supervisor
from config.cli.base import DEMO_SEED, bring_tables, json_option, show, with_django
from config.environment import var_dir


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; demo mode needs loopback.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@click.option("--demo", is_flag=True, help="Fill an empty database with the small demo federation first.")
def run(host: str, port: int, workers: int, demo: bool) -> None:
    """Start database, migrations, web and worker together; ctrl-C or TERM stops all cleanly."""
    mode = os.environ.get("YIWANG_MODE", "demo")
    if mode == "demo" and host not in ("127.0.0.1", "localhost", "::1"):
        raise click.ClickException(
            "demo mode opens every persona without a password, so it listens on loopback only; "
            "use --host 127.0.0.1, or set YIWANG_MODE=production (docs/how-to/deploy.md)."
        )
    readying = ("prepare", "--migrate", "--demo") if demo else ("prepare", "--migrate")
    supervisor.run(host=host, port=port, workers=workers, var=var_dir(), readying=readying)


@click.command("exec", context_settings={"ignore_unknown_options": True})
@click.option("--throwaway", is_flag=True, help="A fresh, fast, not durable server that is removed afterwards (tests).")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run_with_database(throwaway: bool, command: tuple[str, ...]) -> None:
    """Run COMMAND with the database up and DATABASE_URL set, and end with its status."""
    up = postgres.throwaway_database if throwaway else postgres.database
    with up(var_dir()):
        status = subprocess.run(command, check=False).returncode  # noqa: S603 -- the operator's own command
    sys.exit(status)


@click.command()
@json_option
@with_django
def doctor(as_json: bool) -> None:
    """Check settings, database, jobs, keys and disk; say what is wrong and how to mend it. Exit 1 if anything is."""
    from django.utils.translation import override  # noqa: PLC0415 -- slow import

    from yiwang.portal.health import look  # noqa: PLC0415 -- slow import

    with override("zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en"):
        findings = look()
    lines = [f"{'ok  ' if found.ok else 'BAD '} {found.what}: {found.said}" for found in findings]
    healthy = all(found.ok for found in findings)
    show(
        {"ok": healthy, "checks": [{"what": f.what, "ok": f.ok, "said": f.said} for f in findings]},
        as_json=as_json,
        text="\n".join(lines),
    )
    sys.exit(0 if healthy else 1)


@click.command()
@click.option("--migrate", is_flag=True, help="Bring the tables to this version first.")
@click.option("--demo", is_flag=True, help="Then fill an empty database with the small demo federation.")
@with_django
def prepare(migrate: bool, demo: bool) -> None:
    """Publish the rules and load the services that ship with this release; safe to repeat."""
    # One process for all of it: every start of Python and Django costs seconds that `make run` is to save.
    from config.demo.build import build, is_empty, lay_down_rules  # noqa: PLC0415 -- slow import
    from config.demo.sizes import SIZES  # noqa: PLC0415 -- slow import

    if migrate:
        bring_tables()
    if demo and is_empty():
        built = build(SIZES["small"], seed=DEMO_SEED, tell=lambda text: click.echo(f"  {text}"))
        click.echo(built.sentence())
    else:
        lay_down_rules()


@click.command("appoint-first")
@click.option("--system", required=True, help="Telephone of the system administrator.")
@click.option("--security", required=True, help="Telephone of the security administrator.")
@click.option("--audit", required=True, help="Telephone of the audit administrator.")
@with_django
def appoint_first(system: str, security: str, audit: str) -> None:
    """Give a fresh installation its three administrators, three people; they sign in by text message."""
    from yiwang.kernel.identity import parse_phone  # noqa: PLC0415 -- slow import
    from yiwang.register.access.actions import appoint_first_administrators  # noqa: PLC0415 -- slow import
    from yiwang.register.access.roles import Role  # noqa: PLC0415 -- slow import
    from yiwang.register.accounts.models import User  # noqa: PLC0415 -- slow import
    from yiwang.register.organisations.queries import roots  # noqa: PLC0415 -- slow import

    top = roots().first()
    if top is None:
        raise click.ClickException("there are no union bodies yet; run `yiwang import organisations` first.")
    phones = {Role.SYSTEM_ADMIN: system, Role.SECURITY_ADMIN: security, Role.AUDIT_ADMIN: audit}
    users = {}
    for role, typed in phones.items():
        phone = parse_phone(typed)
        users[role] = User.objects.filter(phone=phone).first() or User.objects.create_user(phone)
    appoint_first_administrators(top, users)
    click.echo(f"Three administrators of {top.name} are appointed. Each signs in with their telephone.")


COMMANDS = [run, run_with_database, prepare, appoint_first, doctor]
