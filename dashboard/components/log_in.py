"""Streamlit's own log-in, where the host of the dashboard set it up; see docs/share.md."""

from __future__ import annotations

import streamlit as st

from dashboard.components.markdown import plain
from dashboard.shared_mode import has_log_in, is_logged_in


def logged_in() -> bool:
    """Whether the visitor may go on; if not, a button to log in stands there instead of the page."""
    if not has_log_in():
        return True
    if is_logged_in():
        who = plain(st.user.get("email") or "", 80)
        st.button(f"Log out {who}".strip(), key="log_out", type="tertiary", icon=":material/logout:", on_click=st.logout)
        return True
    st.title("PneumoLens", anchor=False)
    st.markdown("This dashboard is for people whom its host knows.")
    st.button("Log in", key="log_in", type="primary", icon=":material/login:", on_click=st.login)
    return False
