"""The health of a received file: what is in it, found before anything is written."""

from __future__ import annotations

from xiuhua.exchange.health.checking import check_file
from xiuhua.exchange.health.walking import CheckCancelled
from xiuhua.exchange.words.health import Health, stored

__all__ = ["CheckCancelled", "Health", "check_file", "stored"]
