from dashboard.figures.generalisation import generalisation_figure


def test_one_line_a_run_and_one_trace_of_marks_for_each_set_of_images():
    values = {"A": {"validation": 0.99, "battery mean": 0.95, "battery worst": 0.9, "test": 0.92}, "B": {"validation": 0.98, "test": 0.85}}
    figure = generalisation_figure(values, "AUC")
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [tuple(line.x) for line in lines] == [(0.9, 0.99), (0.85, 0.98)]
    marks = {trace.name: dict(zip(trace.y, trace.x, strict=True)) for trace in figure.data if trace.mode == "markers"}
    assert marks["Test"] == {"A": 0.92, "B": 0.85} and marks["Battery, mean"] == {"A": 0.95}
    assert figure.layout.xaxis.title.text == "AUC"
