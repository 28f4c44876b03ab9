"""The sentence of every warning about a photo. Warnings are no verdicts: they say what is odd, people decide."""

from __future__ import annotations

from xiuhua.kernel.phrases import sentences

sentences({})
