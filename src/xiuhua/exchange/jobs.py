"""Jobs of exchange: thin edges between the worker and the actions."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from xiuhua.exchange.actions.plans import run_plans
from xiuhua.kernel.registry import Job
from xiuhua.kernel.words import Daily

#: After the night's facts have been frozen.
HOUR = 3
JOBS = (Job("exports.nightly", Daily(HOUR), run_plans, _("导出每晚的清单")),)
