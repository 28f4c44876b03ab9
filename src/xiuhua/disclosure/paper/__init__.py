"""Plain sheets of paper for a meeting – speaker's page, pledge sheets, task list – as data and in two formats."""

from xiuhua.disclosure.paper.docx import docx_bytes
from xiuhua.disclosure.paper.pdf import pdf_bytes
from xiuhua.disclosure.paper.words import Block, Gap, Grid, Heading, NewPage, Paper, Text

__all__ = ["Block", "Gap", "Grid", "Heading", "NewPage", "Paper", "Text", "docx_bytes", "pdf_bytes"]
