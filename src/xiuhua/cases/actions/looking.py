"""Looking at what is kept from most eyes, told in the ledger."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xiuhua.cases.models import Case, Report
from xiuhua.cases.policies import sees_reporter, sees_reporters
from xiuhua.cases.queries.now import CaseUnknown, case_keyed
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked

LOOK = "reporter.look"



