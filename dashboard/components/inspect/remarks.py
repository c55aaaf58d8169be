"""What a person adds to an inspected film, a tag and a note, and what was erased of it: kept for the session and written into its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from core.images.edits.boxes import Box
from core.images.edits.erasing import TITLES
from dashboard.components.inspect.erase.answers import Answer
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.markdown import plain

NOTES = "_inspect_notes"  # of this session: tag and note by the digest of the film
TAGS = ("I agree", "I disagree", "Unsure", "Bad film", "Ask somebody")
LONGEST_NOTE, LONGEST_TAG = 2000, 40
NONE = ("", "")  # tag and note of a film that has neither
HELP = "Kept until you close this page, then forgotten. The report and the facts under Download hold it, and the CSV of several films."


@dataclass
class Remarks:
    """Filled while the page is drawn, read when a file is asked for.

    Attributes
    ----------
    tag, note : str
    boxes : sequence of Box
    fill : str
        Of `core.images.edits.erasing.FILLS`.
    answers : sequence of Answer
        Each model's before and after.
    """

    tag: str = ""
    note: str = ""
    boxes: Sequence[Box] = ()
    fill: str = ""
    answers: Sequence[Answer] = field(default_factory=list)

    def to_json(self) -> dict:
        """``tag``, ``note``, and ``erased``, which is null where nothing was."""
        boxes = [{name: getattr(box, name) for name in ("left", "top", "width", "height")} for box in self.boxes]
        erased = {"boxes": boxes, "fill": self.fill, "answers": [answer.to_json() for answer in self.answers]} if boxes else None
        return {"tag": self.tag, "note": self.note, "erased": erased}

    @property
    def erased(self) -> str:
        """``3 boxes, fractions of the film's width and height …``; empty where nothing was erased."""
        if not self.boxes:
            return ""
        places = "; ".join(f"left {box.left:.3f}, top {box.top:.3f}, width {box.width:.3f}, height {box.height:.3f}" for box in self.boxes)
        count = f"{len(self.boxes)} {'box' if len(self.boxes) == 1 else 'boxes'}"
        return f"{count}, in fractions of the film's width and height ({places}); fill: {TITLES[self.fill].lower()}."


def notes_of_session() -> dict[str, tuple[str, str]]:
    """Tag and note of each film by its digest, kept up to date: for a file that is made later, in a thread that knows no session."""
    return st.session_state.setdefault(NOTES, {})


@st.fragment
def show_note(picture: Picture, remarks: Remarks) -> None:
    """A tag and a note on the film."""
    kept = notes_of_session()
    tag, note = kept.get(picture.digest, NONE)
    tagged, noted = (f"inspect_{kind}_{picture.digest}" for kind in ("tag", "note"))
    with st.expander(_title(tagged, noted, tag, note), icon=":material/edit_note:", key="inspect_note_box"):
        options = list(dict.fromkeys([*TAGS, *([tag] if tag else [])]))
        chosen = st.selectbox(
            "Tag", options, options.index(tag) if tag else None, key=tagged, placeholder="None, or type your own", accept_new_options=True
        )
        written = st.text_area("Note", note, max_chars=LONGEST_NOTE, key=noted, height=90, help=HELP)
    kept[picture.digest] = remarks.tag, remarks.note = (chosen or "").strip()[:LONGEST_TAG], (written or "").strip()[:LONGEST_NOTE]


def _title(tagged: str, noted: str, tag: str, note: str) -> str:
    """What the box is called: by what its widgets hold now, which is told before they are drawn; else by what was kept."""
    tag, note = ((st.session_state.get(key, kept) or "").strip() for key, kept in ((tagged, tag), (noted, note)))
    return f"Note: {plain(tag[:LONGEST_TAG]) or 'without a tag'}" if tag or note else "Note on this film"
