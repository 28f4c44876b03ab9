"""Reading the environment: where state lives, which database, which secret."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def home() -> Path:
    """Return the folder that holds all state: XIUHUA_HOME, or ./var."""
    return Path(os.environ.get("XIUHUA_HOME", "var")).resolve()


def value(name: str) -> str:
    """Return the variable `name`, or the content of the file that `name`_FILE points to, or ""."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, "")


def secret_key(folder: Path) -> str:
    """Return SECRET_KEY, or the key kept in `folder`, made on first use and readable by its owner only."""
    if given := value("SECRET_KEY"):
        return given
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:  # another process of ours was first
            pass
    return path.read_text(encoding="utf-8")


def ledger_key(secret: str) -> bytes:
    """Return the key of personal digests in the ledger: XIUHUA_LEDGER_KEY, else one derived from the secret key.

    Give it where the secret key is ever changed: lines of before are found by the old key only.
    """
    given = value("XIUHUA_LEDGER_KEY")
    return given.encode() if given else hmac.new(secret.encode(), b"xiuhua.ledger", hashlib.sha256).digest()


def database(folder: Path) -> dict[str, Any]:
    """Return Django's settings for DATABASE_URL: a SQLite file in `folder` by default, or postgresql://…

    SQLite runs in WAL with immediate transactions and full syncs: many writers wait, none fails, nothing is lost.
    """
    url = value("DATABASE_URL") or f"sqlite:///{folder / 'xiuhua.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        file = Path(unquote(url.removeprefix("sqlite:///")))
        file.parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "xiuhua.config.sqlite",
            "NAME": str(file),
            # opening a file, and checkpointing it when the last one closes it, costs more than a report
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or dict(parse_qsl(parts.query)).get("host", "")),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
        }
    raise ValueError(f"DATABASE_URL: unknown scheme {parts.scheme!r}; use sqlite:/// or postgresql://")


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """Return the variable `name`, the first of `allowed` where it is not set. Raises ValueError for any other value."""
    given = os.environ.get(name, "") or allowed[0]
    if given not in allowed:
        raise ValueError(f"{name}: {given!r}; use one of {', '.join(allowed)}")
    return given


def whole(name: str, default: int | None) -> Any:
    """Return the variable `name` as a whole number of at least 0, `default` where it is not set. Raises ValueError."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not given.isascii() or not given.isdigit():
        raise ValueError(f"{name}: {given!r} is no whole number")
    return int(given)


def listed(name: str) -> list[str]:
    """Return the texts between the commas of the variable `name`, trimmed, none of them empty."""
    return [text.strip() for text in os.environ.get(name, "").split(",") if text.strip()]
