"""What a run says of one image: probabilities, the decision, how steady it is, and the reasons to doubt it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.input_checks import Finding, in_brief, is_refused, is_unlike

NOT_RELIABLE = "not reliable here"


@dataclass(frozen=True)
class Neighbour:
    """A training image that the model finds alike; `distance` is Euclidean between whitened features, 0 for the same image."""

    sample_id: str
    class_name: str
    distance: float


@dataclass(frozen=True)
class Prediction:
    """What a run says of one image.

    Attributes
    ----------
    probabilities : dict of str to float
    threshold : float or None
        The run's own operating point; None for more than two classes.
    label : str
        The class called at that threshold.
    findings : tuple of Finding
        Reasons not to trust the figures.
    calibrated : dict of str to float, or None
        The probabilities at the temperature that fits the run's validation images; None where it has none.
    screened : bool
        Whether the image was compared with the training images.
    neighbours : tuple of Neighbour
        Nearest first; empty unless screened.
    views : tuple of tuple of float
        Probabilities of mirrored and shifted copies, the image itself first; empty until they are scored.
    """

    probabilities: dict[str, float]
    threshold: float | None
    label: str
    findings: tuple[Finding, ...]
    calibrated: dict[str, float] | None
    screened: bool
    neighbours: tuple[Neighbour, ...] = ()
    views: tuple[tuple[float, ...], ...] = ()

    @property
    def interval(self) -> dict[str, tuple[float, float]] | None:
        """Smallest and largest probability of each class over the views; None until they are scored."""
        if not self.views:
            return None
        return {name: (min(scores), max(scores)) for name, scores in zip(self.probabilities, zip(*self.views, strict=True), strict=True)}

    @property
    def warnings(self) -> tuple[str, ...]:
        """The findings' sentences."""
        return tuple(finding.sentence for finding in self.findings)

    @property
    def doubts(self) -> tuple[str, ...]:
        """The findings in brief, a line each, without the distances behind them."""
        return in_brief(self.findings)

    @property
    def refused(self) -> bool:
        """Whether the probabilities mean nothing for this picture."""
        return is_refused(self.findings)

    @property
    def reliable(self) -> bool:
        """False where a finding says that the film is unlike the training films, or that a score would mean nothing."""
        return not is_unlike(self.findings)

    @property
    def verdict(self) -> str:
        """The class called, or that the call cannot be relied on here."""
        return self.label if self.reliable else NOT_RELIABLE

    def with_findings(self, more: Iterable[Finding]) -> Prediction:
        """The same with further reasons for doubt, such as `core.input_checks.doubts.doubts` finds."""
        return replace(self, findings=(*self.findings, *more))

    def without(self, kind: str) -> Prediction:
        """The same without the findings of one check, where it is known that the check does not apply."""
        return replace(self, findings=tuple(finding for finding in self.findings if finding.kind != kind))

    def with_views(self, others: Sequence[Sequence[float]]) -> Prediction:
        """The same with the scores of its other views, from `score_views`."""
        return replace(self, views=(tuple(self.probabilities.values()), *map(tuple, others)))

    def to_json(self) -> dict:
        """As ``predict --json`` prints it."""
        return {
            "probabilities": self.probabilities,
            "threshold": self.threshold,
            "label": self.label,
            "warnings": list(self.warnings),
            "doubts": list(self.doubts),
            "refused": self.refused,
            "reliable": self.reliable,
            "verdict": self.verdict,
            "screened": self.screened,
            "calibrated": self.calibrated,
            "interval": self.interval and {name: list(ends) for name, ends in self.interval.items()},
            "nearest": [vars(neighbour) for neighbour in self.neighbours],
        }
