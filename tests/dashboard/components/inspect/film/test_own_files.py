"""A person's own files outlive a look at another page, and two of one name are told apart."""

from streamlit.testing.v1 import AppTest

from dashboard.components.inspect.film import own_files
from dashboard.components.inspect.film.own_files import OwnFile, told_apart

FILM, OTHER = ("film.png", b"one", "image/png"), ("other.png", b"two", "image/png")


def page():
    import streamlit as st

    from dashboard.components.inspect.film.own_files import own_files

    if st.toggle("elsewhere", key="elsewhere"):
        st.session_state.pop("mine", None)  # as Streamlit itself does where a page is left
        st.stop()
    held, fresh = own_files("mine", "Files", "help")
    st.markdown(" | ".join(f"{file.name}={file.content.decode()}" for file in held) or "none")
    st.caption(" ".join(file.name for file in fresh) or "nothing new")


def files(app):
    return app.markdown[0].value


def away_and_back(app):
    app.toggle(key="elsewhere").set_value(True).run()
    return app.toggle(key="elsewhere").set_value(False).run()


def test_files_are_still_there_after_another_page_and_new_ones_join_them():
    app = AppTest.from_function(page).run()
    assert files(app) == "none"
    app = away_and_back(app.file_uploader(key="mine").set_value([FILM]).run())
    assert files(app) == "film.png=one" and app.caption[0].value == "nothing new"
    app = app.file_uploader(key="mine").set_value([OTHER]).run()
    assert files(app) == "film.png=one | other.png=two"
    assert files(away_and_back(app)) == "film.png=one | other.png=two"


def test_what_just_came_is_told_once():
    app = AppTest.from_function(page).run().file_uploader(key="mine").set_value([FILM]).run()
    assert app.caption[0].value == "film.png" and app.run().caption[0].value == "nothing new"


def forgetting():
    import streamlit as st

    from dashboard.components.inspect.film.own_files import forget, own_files

    held, _ = own_files("mine", "Files", "help")
    st.markdown(" | ".join(file.name for file in held) or "none")
    st.button("one", on_click=lambda: forget("mine", held[0].key))
    st.button("all", on_click=lambda: forget("mine"))


def test_what_is_forgotten_does_not_come_back_though_the_uploader_holds_it():
    app = AppTest.from_function(forgetting).run().file_uploader(key="mine").set_value([FILM, OTHER]).run()
    assert files(app.button[0].click().run()) == "other.png"
    assert files(app.run()) == "other.png"
    assert files(app.button[1].click().run()) == "none" and files(app.run()) == "none"


def test_beyond_the_limit_the_oldest_go_and_are_named(monkeypatch):
    monkeypatch.setattr(own_files, "MB", 2)
    monkeypatch.setattr(own_files, "ROOM", 2)
    app = away_and_back(AppTest.from_function(page).run().file_uploader(key="mine").set_value([FILM]).run())
    app = app.file_uploader(key="mine").set_value([OTHER]).run()
    assert files(app) == "other.png=two" and "film.png" in app.text[0].value


def test_a_file_taken_out_of_the_uploader_is_gone():
    app = AppTest.from_function(page).run().file_uploader(key="mine").set_value([FILM, OTHER]).run()
    app = app.file_uploader(key="mine").set_value([OTHER]).run()
    assert files(away_and_back(app)) == "other.png=two"


def test_two_of_one_name_are_numbered():
    names = [file.name for file in told_apart([OwnFile("", name, b"") for name in ("a.png", "b.png", "a.png", "a.png")])]
    assert names == ["a.png", "b.png", "a.png (2)", "a.png (3)"]
