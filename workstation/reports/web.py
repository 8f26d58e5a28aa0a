"""A report as one self-contained web page: both palettes, printable, nothing fetched."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from workstation.base.resources import resource_root
from workstation.reports import ink
from workstation.reports.charts.svg import slug, svg
from workstation.reports.dossier.blocks import Chart, Report

TEMPLATES = "templates"
PAGE = "report.html.j2"
PNG = b"\x89PNG"


def html_bytes(report: Report) -> bytes:
    """Return the page; the same report gives the same bytes. Every text is escaped."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource_root() / TEMPLATES), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["slug"] = slug
    charts = {id(chart): Markup(svg(chart.picture, number))
              for number, chart in enumerate(_charts(report))}
    environment.filters["svg"] = lambda chart: charts[id(chart)]
    environment.filters["kind"] = lambda block: type(block).__name__.lower()
    page = environment.get_template(PAGE).render(
        report=report, light=_variables(ink.PAPER), dark=_variables(ink.NIGHT),
        tokens=[slug(name) for name in ink.PAPER], logo=_logo(report.logo))
    return page.encode()


def _charts(report: Report) -> Iterator[Chart]:
    for section in report.sections:
        yield from (block for block in section.blocks if isinstance(block, Chart))


def _variables(palette: dict[str, str]) -> list[tuple[str, str]]:
    """Return the colours of a palette as CSS variables, with what is read upon each."""
    return [pair for name in palette for pair in (
        (slug(name), palette[name]),
        (slug(f"{ink.UPON}{name}"), ink.token(f"{ink.UPON}{name}", palette)))]


def _logo(content: bytes) -> Any:
    if not content:
        return ""
    kind = "png" if content.startswith(PNG) else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
