// Rows of boxes, each a button. The line below reads out the box under the pointer or the focus; arrow keys go from box to box.

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function box(part, row, data) {
  const share = element("span", { className: "slice-share", textContent: ` (${part.share})` });
  const words = [element("div", { textContent: part.label }), element("div", { textContent: part.number }, share)];
  const made = element("button", { type: "button", className: "slice", tabIndex: -1 }, ...words);
  const place = { left: `${part.left}%`, width: `${part.width}%`, top: `${(100 * part.level) / row.n_levels}%` };
  Object.assign(made.style, place, { height: `${(100 * part.levels) / row.n_levels}%` });
  made.style.setProperty("--boxes-colour", part.colour);
  made.classList.toggle("slice-faded", part.faded);
  if (part.fill !== undefined) made.style.setProperty("--boxes-fill", `${part.fill}%`);
  made.classList.toggle("slice-filled", part.fill !== undefined);
  made.setAttribute("aria-label", part.said);
  made.setAttribute("aria-pressed", String(part.picks) === String(data.chosen));
  made.stands = part;
  return made;
}

function head(row) {
  const words = (row.head ?? []).map((part) => {
    const word = element("span", { textContent: part.label });
    Object.assign(word.style, { left: `${part.left}%`, width: `${part.width}%` });
    return word;
  });
  return words.length ? [element("div", { className: "boxes-head" }, ...words)] : [];
}

function draw(root, data) {
  const focused = root.contains(document.activeElement) ? document.activeElement.stands?.said : undefined;
  const readout = element("div", { className: "boxes-readout", textContent: data.hint });
  const rows = data.rows.map((row) => {
    const bar = element("div", { className: "boxes-bar" }, ...row.boxes.filter((part) => part.width).map((part) => box(part, row, data)));
    bar.style.setProperty("--boxes-levels", row.n_levels);
    return element("div", { className: "boxes-row" }, ...head(row), ...(row.title ? [element("div", { textContent: row.title })] : []), bar);
  });
  root.replaceChildren(...rows, readout);
  root.style.setProperty("--boxes-ink", data.ink);
  root.setAttribute("aria-label", data.title);
  const boxes = [...root.querySelectorAll(".slice")];
  const read = (event) => (readout.textContent = event.target.closest(".slice")?.stands.said ?? data.hint);
  root.onpointerover = root.onfocusin = read;
  root.onpointerleave = root.onfocusout = () => (readout.textContent = data.hint);
  root.onclick = (event) => {
    const chosen = event.target.closest(".slice");
    if (chosen) root.pick("picked", chosen.stands.picks);
  };
  root.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    boxes[(boxes.indexOf(document.activeElement) + step + boxes.length) % boxes.length].focus();
  };
  const first = boxes.find((one) => one.stands.said === focused) ?? boxes[0];
  if (first) first.tabIndex = 0;
  if (focused) first.focus();
}

export default function ({ parentElement, data, setTriggerValue }) {
  let root = parentElement.querySelector(".boxes");
  if (!root) {
    root = element("div", { className: "boxes" });
    root.setAttribute("role", "toolbar");
    parentElement.append(root);
  }
  root.pick = setTriggerValue;
  const shown = JSON.stringify(data);
  if (root.shown !== shown) draw(root, data);
  root.shown = shown;
}
