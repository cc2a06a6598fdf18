"""A report as a page of its own: one file, nothing loaded, nothing that acts."""

from quaestor.memory.report import Report
from quaestor.views.escape import escape
from quaestor.views.report_view import report_html

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content-Security-Policy: should anything have got through, it may neither run nor load."""

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60em;padding:0 1rem}"
    "section{overflow-wrap:anywhere}"
)


def report_page(report: Report) -> str:
    """Return a report as a whole HTML page."""
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.question)}</title><style>{_STYLE}</style></head>\n"
        f"<body>{report_html(report)}</body></html>\n"
    )
