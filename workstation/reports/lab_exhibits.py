"""The evidence by topic of the joint request for comment, and what the lab does not measure."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.lab.result import Findings
from workstation.reports.lab_documents import TOPICS, EvidenceRow, evidence
from workstation.results.formats import whole, words
from workstation.results.table import Column, Table

ELSEWHERE = {
    "cleared and uncleared swaps and SBS":
        "not measured by the lab: the simm and schedule commands and the silos of a review",
    "single-stock vs narrow-index futures (Q19)":
        "not measured by the lab: change the class of the future in the Market sheet and compare "
        "two reviews, or a what-if",
    "operations, cost, data request": "the Evidence and Replay sheets of this workbook",
}
"""Topics that no figure of the lab speaks to, and where the product answers them."""
SHOWN = ("book", "design", "figure", "value", "basis")
REPLAYED = ("requirement on ", "loss from ")


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic: where its figures stand, and how many there are."""

    topic: str
    sheet: str
    figures: int


def exhibits(findings: Findings) -> tuple[Table, ...]:
    """Return the index of topics, then one table a topic; dates replayed have their own sheet."""
    found: dict[str, list[EvidenceRow]] = {topic: [] for topic in TOPICS.values()}
    for row in evidence(findings):
        if not row.figure.startswith(REPLAYED):
            found[row.topic].append(row)
    numbered = [(f"Exhibit {n}", topic, rows) for n, (topic, rows) in enumerate(found.items(), 1)]
    index = [TopicRow(topic, name, len(rows)) for name, topic, rows in numbered]
    index += [TopicRow(topic, where, 0) for topic, where in ELSEWHERE.items()]
    columns = tuple(Column(name.capitalize(), name) for name in SHOWN)
    return (
        Table("Exhibits", (words("Topic", "topic"), words("Where", "sheet"),
                           whole("Figures", "figures")), tuple(index),
              "Topics of the joint request for comment S7-2026-23 (91 FR 39579)."),
        *(Table(name, columns, tuple(rows), topic) for name, topic, rows in numbered))
