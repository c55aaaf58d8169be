// A film on which boxes are drawn. The browser sends each box when the pointer lets go, or at Enter; Python sends the film back without it.

const clamp = (value) => Math.min(Math.max(value, 0), 1);
const CLICK = 0.02; // of a side: a smaller box is a click, which puts one of the size below
const SIZE = 0.15, STEP = 0.02, SMALLEST = 0.02;
const HINT = "Draw a box, or click. Keys: arrows move a box, Shift and arrows size it, Enter erases, Backspace undoes.";

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function place(node, [left, top, width, height]) {
  Object.assign(node.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * width}%`, height: `${100 * height}%` });
}

class Film {
  constructor(parent) {
    this.image = element("img", { draggable: false });
    this.boxes = element("div");
    this.pencil = element("div", { className: "film-box film-drawing", hidden: true });
    this.stage = element("div", { className: "film-stage", tabIndex: 0 }, this.image, this.boxes, this.pencil);
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", `Film to erase parts of. ${HINT}`);
    this.hint = element("div", { className: "film-hint", textContent: HINT });
    this.hint.setAttribute("role", "status");
    this.peek = element("button", { type: "button", textContent: "Hold: film before" });
    this.root = element("div", { className: "film" }, this.stage, element("div", { className: "film-row" }, this.hint, this.peek));
    this.cursor = [0.5 - SIZE / 2, 0.5 - SIZE / 2, SIZE, SIZE]; // of the keyboard
    parent.append(this.root);
    this.listen();
  }

  show(data, send) {
    this.data = data;
    this.send = send;
    this.image.src = data.picture;
    this.image.alt = data.boxes.length ? `The film with ${data.boxes.length} of its parts erased` : "The film";
    this.stage.style.aspectRatio = `${data.width} / ${data.height}`;
    this.peek.hidden = !data.before;
    this.pencil.hidden = true;
    this.root.dataset.boxes = data.boxes.length;
    this.boxes.replaceChildren(...data.boxes.map((box) => {
      const made = element("div", { className: "film-box" });
      place(made, box);
      return made;
    }));
  }

  at(event) {
    const box = this.stage.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  }

  draw(box) {
    this.drawn = box;
    this.pencil.hidden = !box;
    if (box) place(this.pencil, box);
  }

  listen() {
    const { stage } = this;
    stage.onpointerdown = (event) => {
      if (event.button) return;
      this.start = this.at(event);
      this.drawn = null; // the box before
      stage.setPointerCapture(event.pointerId);
    };
    stage.onpointermove = (event) => {
      if (!this.start) return;
      const [x, y] = this.at(event), [u, v] = this.start;
      this.draw([Math.min(x, u), Math.min(y, v), Math.abs(x - u), Math.abs(y - v)]);
    };
    stage.onpointercancel = () => { this.start = null; this.draw(null); };
    stage.onpointerup = (event) => {
      if (!this.start) return;
      const [x, y] = this.at(event), small = !this.drawn || this.drawn[2] < CLICK || this.drawn[3] < CLICK;
      const box = small ? [x - SIZE / 2, y - SIZE / 2, SIZE, SIZE] : this.drawn;
      this.start = null;
      this.draw(box);
      this.send(box);
    };
    stage.onkeydown = (event) => this.key(event);
    stage.onblur = () => { if (!this.start) this.draw(null); };
    const look = (picture) => () => { if (picture()) this.image.src = picture(); };
    this.peek.onpointerdown = this.peek.onkeydown = look(() => this.data.before);
    this.peek.onpointerup = this.peek.onpointerleave = this.peek.onkeyup = this.peek.onblur = look(() => this.data.picture);
  }

  key(event) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (event.key === "Enter") this.send([...this.cursor]);
    else if (event.key === "Backspace" || event.key === "Delete") this.send("undo");
    else if (dx || dy) this.shift(dx * STEP, dy * STEP, event.shiftKey);
    else return;
    event.preventDefault();
  }

  shift(dx, dy, sizes) {
    let [left, top, width, height] = this.cursor;
    if (sizes) [width, height] = [Math.min(Math.max(width + dx, SMALLEST), 1 - left), Math.min(Math.max(height + dy, SMALLEST), 1 - top)];
    else [left, top] = [Math.min(Math.max(left + dx, 0), 1 - width), Math.min(Math.max(top + dy, 0), 1 - height)];
    this.cursor = [left, top, width, height];
    this.draw(this.cursor);
    const percent = this.cursor.map((value) => Math.round(100 * value));
    this.hint.textContent = `Box ${percent[0]} % from the left, ${percent[1]} % from the top, ${percent[2]} × ${percent[3]} % of the film. Enter erases.`;
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  parentElement.film ??= new Film(parentElement);
  parentElement.film.show(data, (said) => setTriggerValue("drawn", said));
}
