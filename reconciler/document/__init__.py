"""Plan, result and findings as JSON documents, and a saved plan back as values.

Pipelines, dashboards and `apply --plan` rely on these documents.
"""
