// A click on a picture of a comparison goes by the app's own link to the same place, which stands unseen below it: so Back takes one step
// and the session keeps what it holds. With a key held down, or by the middle button, the browser opens the picture's link in a new tab.

export default function () {
  const follow = (event) => {
    const picture = event.target.closest?.("a[data-case]");
    if (!picture || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const links = document.querySelectorAll("[class*='_case_links'] a");
    const link = links[[...document.querySelectorAll("a[data-case]")].indexOf(picture)];
    if (!link) return;
    event.preventDefault();
    link.click();
  };
  document.addEventListener("click", follow);
  return () => document.removeEventListener("click", follow);
}
