from dashboard.components.data.key_figures import facts_html


def test_a_fact_is_a_name_a_value_and_maybe_a_note_and_no_markup():
    html = facts_html([("Images", "5,840", ""), ("Ratio <b>", "2.9 : 1", "largest & smallest")])
    assert html == (
        '<dl class="facts"><div><dt>Images</dt><dd>5,840</dd></div>'
        "<div><dt>Ratio &lt;b&gt;</dt><dd>2.9 : 1</dd><dd>largest &amp; smallest</dd></div></dl>"
    )
