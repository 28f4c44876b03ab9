"""Pure decisions of analysis: what recurs, what stands out, what is worth saying."""
