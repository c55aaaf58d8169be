// Thumbnails, each a button that opens the viewer.

const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".tiles") ?? parentElement.appendChild(element("div", { className: "tiles" }));
  root.replaceChildren(
    ...data.tiles.map((tile, place) => {
      const button = element("button", { type: "button", className: "tile", onclick: () => setTriggerValue("opened", place) });
      button.setAttribute("aria-label", tile.alt);
      if (tile.picture) button.append(element("img", { src: tile.picture, alt: "" }));
      button.append(element("span", { textContent: tile.label }));
      return button;
    }),
  );
}
