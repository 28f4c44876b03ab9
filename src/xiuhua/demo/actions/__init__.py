"""The only writers of the made-up street: its files, and the office that holds them."""

from __future__ import annotations

from xiuhua.demo.actions.files import SEED, contents, made_up_city, write_files
from xiuhua.demo.actions.opening import accounts, moment, open_street

__all__ = ["SEED", "accounts", "contents", "made_up_city", "moment", "open_street", "write_files"]
