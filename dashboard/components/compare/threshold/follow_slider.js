// Numbers that follow a slider. Python sends what each of its positions shows once; here it is put in place as the slider
// moves, also while it is dragged. What the server answers for a position stays as it is, for it says more.

class Follower {
  constructor() {
    this.watch = new MutationObserver(() => this.follow());
    this.watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["value"] });
  }

  close() {
    this.watch.disconnect();
  }

  follow() {
    const slider = document.querySelector(`${this.data.slider} input[type=range]`);
    if (!slider) return;
    const value = Number(slider.value), place = (value - this.data.first) / this.data.step, position = Math.round(place);
    if (Math.abs(place - position) > 1e-6) return; // a link may set a value between two positions: the server answers
    for (const root of document.querySelectorAll(`[data-sweep="${this.data.sweep}"]`))
      if (Number(root.dataset.position) !== value) this.show(root, value, position);
  }

  show(root, value, position) {
    root.answered ??= { position: root.dataset.position, html: root.innerHTML };
    if (Number(root.answered.position) === value) root.innerHTML = root.answered.html;
    else this.fill(root, position);
    root.dataset.position = value;
  }

  fill(root, position) {
    const at = (name) => this.data.cells[name]?.[position];
    for (const place of root.querySelectorAll("[data-cell]")) {
      const text = at(place.dataset.cell);
      if (text !== undefined && text !== place.textContent) place.textContent = text;
    }
    for (const place of root.querySelectorAll("[data-fills]"))
      for (const pair of place.dataset.fills.split(" ")) {
        const [variable, name] = pair.split("="), number = at(name);
        if (number !== undefined) place.style.setProperty(`--${variable}`, number);
      }
  }
}

export default function ({ parentElement, data }) {
  const follower = (parentElement.follower ??= new Follower());
  follower.data = data;
  follower.follow();
  return () => {
    parentElement.follower?.close();
    delete parentElement.follower;
  };
}
