"""Places at which a crash bench may kill the process: XIUHUA_FAILPOINT names one, "name" or "name:7" for the seventh time.

Costs one comparison where the variable is not set.
"""

from __future__ import annotations

import os
import signal
from itertools import count

_NAME, _, _TIME = os.environ.get("XIUHUA_FAILPOINT", "").partition(":")
_AT = int(_TIME or 1)
_passes = count(1)


def reach(name: str) -> None:
    """Kill this process with SIGKILL, as a power button would, if `name` is the chosen point and its time has come."""
    if name == _NAME and next(_passes) == _AT:
        os.kill(os.getpid(), signal.SIGKILL)
