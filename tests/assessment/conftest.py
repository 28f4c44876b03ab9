"""What the tests of assessment may use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.assessment.trial_schemes import document, read

from xiuhua.assessment.words import Scheme


@pytest.fixture(scope="session")
def scheme_of() -> Callable[..., Scheme]:
    """Build a scheme from sections of (weight, indicators)."""
    return lambda *sections, **more: read(document(*sections, **more))
