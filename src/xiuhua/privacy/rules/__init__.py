"""Pure decisions about personal data in texts."""

from xiuhua.privacy.rules.finding import find, mask
from xiuhua.privacy.rules.labels import read_labels
from xiuhua.privacy.rules.measuring import measure
from xiuhua.privacy.rules.sight import MASKED, Sight, hide, masked_facts, restore

__all__ = ["MASKED", "Sight", "find", "hide", "mask", "masked_facts", "measure", "read_labels", "restore"]
