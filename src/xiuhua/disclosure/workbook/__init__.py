"""Part (b) of the meeting pack: the month as a workbook whose points, totals and ranks recompute from the counts."""
