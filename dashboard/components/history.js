(() => {
    let asked = false;      // whether a person has done something since the last entry
    let made = false;       // whether the last entry is a change on this page
    const note = () => { asked = true; };
    for (const kind of ["pointerdown", "keydown", "change"]) window.addEventListener(kind, note, true);
    const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)];
    history.pushState = (state, title, url) => {
        const elsewhere = new URL(url ?? "", location.href).pathname !== location.pathname;
        const emptied = made && !asked;     // the click that leads elsewhere took the page's values out of its link, however long ago
        (elsewhere ? emptied : !asked) ? replace(state, title, url) : push(state, title, url);
        if (elsewhere) made = false;
        else if (asked) made = true;
        asked = false;
    };
    // A widget that is bound to the link writes its value over the entry before, which would be lost to Back.
    history.replaceState = (state, title, url) => {
        if (asked && url && new URL(url, location.href).href !== location.href) history.pushState(state, title, url);
        else replace(state, title, url);
    };
    window.addEventListener("popstate", () => { made = false; asked = false; });
})();
