"""Page set-up and navigation, and what concerns every page, nothing else."""

from pathlib import Path

import streamlit as st
from streamlit.starlette import App

from core.files import REASONS, reason_of
from core.files.notices import notices
from dashboard.components.history import follow_history
from dashboard.components.log_in import logged_in
from dashboard.components.markdown import plain
from dashboard.components.query_params import forget_texts_of_another_page
from dashboard.quick_clicks.link import keep_the_link_whole
from dashboard.quick_clicks.parts import send_parts_whole
from dashboard.quick_clicks.values import pass_over_outdated_values
from dashboard.server import MIDDLEWARE, ask_no_other_host, leave_keras_alone, look_for_no_components
from dashboard.turns import share_fairly
from dashboard.uploads import keep_off_the_disk, let_go_of_ended_sessions

VIEWS = Path(__file__).parent / "views"
# Streamlit leaves six rem above the first line, a seventh of a laptop's screen, and cuts tables that are wider than a phone.
STYLE = """<style>
.stMainBlockContainer { padding-top: 4rem; padding-bottom: 3rem; }
[data-testid="stMarkdownContainer"]:has(table) { overflow-x: auto; }
@media (max-width: 640px) { [data-testid="stButtonGroup"] > div { flex-wrap: wrap !important; overflow: visible !important; } }
</style>"""


def pages() -> list[st.Page]:
    """The five pages, in their order."""
    return [
        st.Page(VIEWS / "overview.py", title="Overview", icon=":material/leaderboard:", default=True),
        st.Page(VIEWS / "data.py", title="Data", icon=":material/stacked_bar_chart:", url_path="data"),
        st.Page(VIEWS / "train.py", title="Train", icon=":material/model_training:", url_path="train"),
        st.Page(VIEWS / "compare.py", title="Compare", icon=":material/compare_arrows:", url_path="compare"),
        st.Page(VIEWS / "inspect.py", title="Inspect", icon=":material/search:", url_path="inspect"),
    ]


def show() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="PneumoLens", page_icon="🫁", layout="wide")
    page = st.navigation(pages(), position="top")
    st.html(STYLE)
    follow_history()
    forget_texts_of_another_page(page.url_path)
    if not logged_in():
        return
    try:
        page.run()
    except OSError as error:  # a folder that is locked, a disk that is full: said by name where it happens, and here at the latest
        if error.errno not in REASONS:
            raise
        st.error(f"{plain(error.filename or 'A file')} cannot be used ({reason_of(error)}).", icon=":material/block:")
    for sentence in notices():
        st.caption(plain(sentence))
    st.caption("PneumoLens is for research and education only. It is not a medical device and must not guide care.")


if __name__ == "__main__":
    show()
else:  # `streamlit run` imports this file to serve it, and then runs it for each visitor
    ask_no_other_host()
    look_for_no_components()
    leave_keras_alone()
    keep_off_the_disk()
    share_fairly()
    pass_over_outdated_values()
    send_parts_whole()
    keep_the_link_whole()
    app = App(__file__, middleware=MIDDLEWARE, lifespan=let_go_of_ended_sessions)
