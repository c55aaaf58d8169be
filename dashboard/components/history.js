(() => {
    let asked = false;      // whether a person has done something since the last entry
    let made = false;       // whether the last entry is a change on this page
    const note = () => { asked = true; };
    for (const kind of ["pointerdown", "keydown", "change"]) window.addEventListener(kind, note, true);
    const push = history.pushState.bind(history);
    history.pushState = (state, title, url) => {
        const elsewhere = new URL(url, location.href).pathname !== location.pathname;
        const emptied = made && !asked;     // the click that leads elsewhere took the page's values out of its link, however long ago
        if (elsewhere ? emptied : !asked) history.replaceState(state, title, url);
        else push(state, title, url);
        if (elsewhere) made = false;
        else if (asked) made = true;
        asked = false;
    };
    window.addEventListener("popstate", () => { made = false; asked = false; });
})();
