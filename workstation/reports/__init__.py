"""JSON, workbook and PDF of a run."""
