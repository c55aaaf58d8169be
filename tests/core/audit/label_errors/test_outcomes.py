import pytest

from core.audit.label_errors.outcomes import OF_MORE, OF_TWO, outcomes
from core.errors import InputError


def test_right_missed_and_false_alarms_at_the_recommended_threshold(scored_run, labelled):
    run = scored_run(skill=1.5)
    dataset = labelled(run)
    names, codes = outcomes(dataset, run)
    table, cut = run.predictions.set_index("sample_id").loc[dataset.samples["sample_id"]], run.card.recommended.value
    ill, called = table["y_true"] == 1, table["p_PNEUMONIA"] >= cut
    assert names == OF_TWO
    assert [(codes == code).sum() for code in range(4)] == [(ill == called).sum(), (ill & ~called).sum(), (~ill & called).sum(), 0]
    run.write_predictions(run.predictions.iloc[10:])
    assert (outcomes(dataset, run)[1] == 3).sum() == 10


def test_three_classes_are_right_or_wrong_and_other_images_are_refused(scored_run, labelled):
    run = scored_run(skill=1.5, n_classes=3)
    names, codes = outcomes(labelled(run), run)
    scores = run.predictions[["p_NORMAL", "p_BACTERIAL", "p_VIRAL"]].to_numpy()
    assert names == OF_MORE and (codes == 1).sum() == (scores.argmax(axis=1) != run.predictions["y_true"]).sum()
    other = labelled(run, sample_id=[f"{i}.png" for i in range(300)])
    with pytest.raises(InputError, match="other images"):
        outcomes(other, run)
