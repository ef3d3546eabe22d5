"""Loud readers for settings: each failure is one sentence that says what to write where."""

import base64
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class SettingMissing(SystemExit):
    """A setting is absent or malformed; the process ends with exit status 1 and one sentence."""


def env_str(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise SettingMissing(f"yiwang: set {name} in the environment (see docs/how-to/settings.md).")
    return value


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() not in ("0", "1", "true", "false", "yes", "no"):
        raise SettingMissing(f"yiwang: {name} must be yes or no, not “{value}”.")
    return value.lower() in ("1", "true", "yes")


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    value = os.environ.get(name, default)
    if value not in choices:
        raise SettingMissing(f"yiwang: {name} must be one of {', '.join(choices)}, not “{value}”.")
    return value


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise SettingMissing(f"yiwang: {name} must be a whole number, not “{value}”.")
    return int(value)


def env_list(name: str) -> list[str]:
    return [part.strip() for part in env_str(name).split(",") if part.strip()]


def env_secret(name: str, path: Path, *, kind: str = "token") -> str:
    """The secret from the environment, or from a file of ours that the first start makes (mode 600)."""
    if value := os.environ.get(name):
        return value
    if path.exists():
        return path.read_text().strip()
    if os.environ.get("YIWANG_MODE") == "production":
        raise SettingMissing(f"yiwang: set {name}, or put the secret into {path.name} of the var folder.")
    fresh = secrets.token_urlsafe(48)
    if kind == "keyring":
        fresh = "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.write(fresh)
    except FileExistsError:  # another process of the same first start won
        return path.read_text().strip()
    return fresh


def postgres_url(name: str, var: Path) -> dict[str, Any]:
    """Django's connection settings from a URL; without one, the embedded server's (see config.postgres)."""
    url = os.environ.get(name)
    if not url:
        address = var / "database-url"
        url = address.read_text().strip() if address.exists() else "postgresql://yiwang@127.0.0.1:5433/yiwang"
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise SettingMissing(f"yiwang: {name} must look like postgresql://user:password@host:5432/database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A page's query joins a dozen tables one to one, as written; trying other orders took ten times its run.
        "OPTIONS": {"options": "-c join_collapse_limit=4"},
    }


def var_dir() -> Path:
    """The folder for everything this installation writes: secrets, files, embedded database."""
    return Path(env_str("YIWANG_VAR", str(Path(__file__).resolve().parent.parent / "var")))
