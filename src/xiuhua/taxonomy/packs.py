"""The kind of data pack that holds a scheme of classes."""

from __future__ import annotations

from xiuhua.kernel.registry import PackKind
from xiuhua.taxonomy.actions import apply_pack, fit_pack
from xiuhua.taxonomy.rules.packs import FILES, KEYS, check
from xiuhua.taxonomy.words import KIND

TAXONOMY = PackKind(KIND, FILES, check=check, fit=fit_pack, apply=apply_pack, keys=KEYS)
