"""Pure decisions about personal data in texts."""

from xiuhua.privacy.rules.finding import find, mask
from xiuhua.privacy.rules.labels import read_labels
from xiuhua.privacy.rules.measuring import measure
from xiuhua.privacy.rules.sight import MASKED, Sight, hide, restore

__all__ = ["MASKED", "Sight", "find", "hide", "mask", "measure", "read_labels", "restore"]
