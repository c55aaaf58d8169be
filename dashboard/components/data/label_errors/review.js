// Films whose label is in doubt, each with what models say of it, a tag to press and a note to write.

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function card(one, data, say) {
  const note = element("input", { type: "text", value: one.note, maxLength: data.longest, placeholder: "Note" });
  note.setAttribute("aria-label", `Note on ${one.name}`);
  note.onchange = () => say({ sample_id: one.sample_id, tag: one.tag, note: note.value });
  const tags = data.tags.map((tag) => {
    const button = element("button", { type: "button", textContent: tag[0].toUpperCase() + tag.slice(1) });
    button.setAttribute("aria-pressed", tag === one.tag);
    button.setAttribute("aria-label", `${tag}: ${one.name}`);
    button.onclick = () => say({ sample_id: one.sample_id, tag: tag === one.tag ? "" : tag, note: note.value });
    return button;
  });
  const words = [one.label, one.mean].filter(Boolean).map((line) => element("div", { className: "review-faint", textContent: line }));
  const more = one.inspect ? [element("a", { href: one.inspect, textContent: "Open in Inspect" })] : [];
  const picture = one.picture ? [element("img", { src: one.picture, alt: `Chest X-ray ${one.name}` })] : [];
  const problem = one.problem ? [element("div", { textContent: one.problem })] : [];
  const group = element("div", { className: "review-tags" }, ...tags);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", `Tag of ${one.name}`);
  return element("article", { className: "review-card" }, ...picture, ...problem, element("b", { textContent: one.against }), ...words, element("div", { className: "review-faint", textContent: one.name }), ...more, group, note);
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".review") ?? parentElement.appendChild(element("div", { className: "review" }));
  const shown = JSON.stringify(data);
  if (root.shown === shown) return;
  root.shown = shown;
  const label = root.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  root.replaceChildren(...data.cards.map((one) => card(one, data, (said) => setTriggerValue("said", said))));
  if (label) [...root.querySelectorAll("button, input")].find((one) => one.getAttribute("aria-label") === label)?.focus();
}
