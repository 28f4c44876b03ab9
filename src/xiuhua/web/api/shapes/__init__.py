"""What the API takes and answers with, as the OpenAPI description says it."""
