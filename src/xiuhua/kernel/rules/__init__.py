"""Pure decisions of the kernel: digests, the chain, periods, packs."""

from __future__ import annotations

from xiuhua.kernel.rules.digests import GENESIS, canonical, digest, keyed_digest, link, merkle_root
from xiuhua.kernel.rules.periods import Period, PeriodMalformed

__all__ = ["GENESIS", "Period", "PeriodMalformed", "canonical", "digest", "keyed_digest", "link", "merkle_root"]
