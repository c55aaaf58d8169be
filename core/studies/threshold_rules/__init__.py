"""Which threshold rule and which view to recommend, by the plan in ``docs/threshold/plan.md``, from scores of training images alone.

gather(models) -> DataFrame              # what `core.studies.cross_fitting` left in a folder of runs
study(evidence, dataset) -> Study        # every rule with every view: measures, intervals, and what the plan decides
"""

from __future__ import annotations

from core.studies.threshold_rules.candidates import CANDIDATES, PRESENT, Candidate
from core.studies.threshold_rules.decision import Study, study
from core.studies.threshold_rules.evidence import gather, read_evidence, write_evidence

__all__ = ["CANDIDATES", "PRESENT", "Candidate", "Study", "gather", "read_evidence", "study", "write_evidence"]
