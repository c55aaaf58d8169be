// A press on a row of a list that stands for a grid on a phone.

export default function ({ data, setTriggerValue }) {
  const follow = (event) => {
    const row = event.target.closest?.(`${data.within} [data-row]`);
    if (row) setTriggerValue("pressed", row.dataset.row);
  };
  document.addEventListener("click", follow);
  return () => document.removeEventListener("click", follow);
}
