// A click on a cell of a confusion matrix: the page shows its images, and is scrolled to where they will be.

const SHOWN = ".st-key-compare_disagreements";

export default function ({ setTriggerValue }) {
  const follow = (event) => {
    const chosen = event.target.closest?.(".figures-matrix [data-opens]");
    if (!chosen) return;
    setTriggerValue("opened", chosen.dataset.opens);
    document.querySelector(SHOWN)?.scrollIntoView({ block: "start" });
  };
  document.addEventListener("click", follow);
  return () => document.removeEventListener("click", follow);
}
