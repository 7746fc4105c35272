"""Whether a copy of a database is whole: its cubes, its recorded days, and the chain of its audit."""

from dataclasses import dataclass

from otklik.backup.manifest import DatabaseState
from otklik.database.access.audit import AuditVerification, verify_audit
from otklik.database.cubes.rollups import cube_differences
from otklik.database.day_stocks import record_contradictions
from otklik.progress import ProgressCallback, ignore_progress


@dataclass(frozen=True)
class Verification:
    """Rows that are missing or too many, in sentences; cells and recorded days that are wrong; the audit's chain."""

    count_differences: list[str]
    differing_cells: int
    contradictions: int
    audit: AuditVerification

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def problems(self) -> list[str]:
        """A sentence for each thing that is wrong."""
        sentences = list(self.count_differences)
        if self.differing_cells:
            sentences.append(f"{self.differing_cells} cells of cubes differ from the appeals: see `otklik verify`.")
        if self.contradictions:
            sentences.append(f"{self.contradictions} recorded days can't have been so: see `otklik verify`.")
        if self.audit.broken_at is not None:
            sentences.append(f"The audit breaks at entry {self.audit.broken_at}: {self.audit.reason}.")
        return sentences


def verify_copy(
    url: str, original: DatabaseState, count_differences: list[str], progress: ProgressCallback = ignore_progress
) -> Verification:
    """Do what `otklik verify` and `otklik audit verify` do, with the original's last audit entry as checkpoint."""
    cells = cube_differences(url, lambda _cube, done, total: progress("Counting everything again", done, total))
    differing_cells = sum(1 for _ in cells)
    checkpoint = (original.audit_entries, original.audit_hash) if original.audit_entries else None
    return Verification(
        count_differences, differing_cells, len(record_contradictions(url)), verify_audit(url, checkpoint)
    )
