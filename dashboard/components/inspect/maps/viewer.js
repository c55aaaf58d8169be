// A picture with maps laid over it. Python sends the picture and the maps once; colours, opacity, the part shown and the
// zoom are the browser's work, so that none of them computes a map anew or waits for the server.

const LONGEST = 640; // side of the drawn maps, pixels; the browser enlarges them further
const LEVELS = [0.25, 0.5, 0.75]; // of the contours
const MAX_ZOOM = 8;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Bilinear, cell centres on cell centres: what core.saliency.heatmap.resize_map does.
function enlarge(map, width, height) {
  const levels = bytes(map.levels), enlarged = new Float32Array(width * height);
  const place = (i, n, m) => clamp(((i + 0.5) * m) / n - 0.5, 0, m - 1);
  for (let y = 0; y < height; y++) {
    const v = place(y, height, map.height), top = Math.floor(v), bottom = Math.min(top + 1, map.height - 1), b = v - top;
    for (let x = 0; x < width; x++) {
      const u = place(x, width, map.width), left = Math.floor(u), right = Math.min(left + 1, map.width - 1), a = u - left;
      const upper = (1 - a) * levels[top * map.width + left] + a * levels[top * map.width + right];
      const lower = (1 - a) * levels[bottom * map.width + left] + a * levels[bottom * map.width + right];
      enlarged[y * width + x] = ((1 - b) * upper + b * lower) / 255;
    }
  }
  return enlarged;
}

function band(value) {
  return LEVELS.filter((level) => value >= level).length;
}

// What the page's own widgets say now; those in a closed popover say nothing.
function widgets() {
  const find = (key, part) => document.querySelector(`.st-key-inspect_${key} ${part}`);
  const opacity = find("opacity", "input[type=range]"), cut = find("cut", "input[type=range]");
  const colours = find("colours", "[aria-checked=true]"), contours = find("contours", "label");
  return {
    ...(opacity && { opacity: Number(opacity.value) }),
    ...(cut && { cut: Number(cut.value) }),
    ...(colours && { colours: colours.innerText.trim() }),
    ...(contours && { contours: contours.dataset.selected === "true" }),
  };
}

class Viewer {
  constructor(parent) {
    this.view = { scale: 1, x: 0.5, y: 0.5 }; // zoom, and the picture's point in the middle
    this.wipe = 0;
    this.look = window.pneumolensLook || { opacity: 0.45, colours: "inferno", cut: 0, contours: false, scale: "own" };
    this.root = element("div", { className: "maps" });
    parent.append(this.root);
    this.listen();
  }

  // The widgets tell Python only when they rest; the picture follows them at once, and they win over an answer on its way.
  listen() {
    this.onLook = (event) => this.setLook({ ...event.detail, ...widgets() });
    window.addEventListener("pneumolens-look", this.onLook);
    this.watch = new MutationObserver(() => this.setLook({ ...this.look, ...widgets() }));
    this.watch.observe(document.body, { attributes: true, subtree: true, attributeFilter: ["value", "aria-checked", "data-selected"] });
  }

  close() {
    window.removeEventListener("pneumolens-look", this.onLook);
    this.watch.disconnect();
    this.root.remove();
  }

  setData(data) {
    this.data = data;
    const longest = Math.max(data.width, data.height), shrink = LONGEST / longest;
    this.width = Math.max(1, Math.round(data.width * shrink));
    this.height = Math.max(1, Math.round(data.height * shrink));
    this.colours = Object.fromEntries(Object.entries(data.colours).map(([name, table]) => [name, bytes(table)]));
    this.edge = data.opacity ? this.outlineOf(data.opacity) : null;
    this.tiles = data.tiles.map((tile) => this.build(tile));
    const grid = element("div", { className: "maps-grid" }, ...this.tiles.map((tile) => tile.figure));
    grid.style.setProperty("--maps-columns", data.columns);
    this.root.replaceChildren(this.toolbar(), grid, this.scaleBar());
    this.recolour();
    this.move();
  }

  // The outline of the true opacity, green on black, as it must be seen on light, on dark and on every colour of a map.
  outlineOf(opacity) {
    const edge = element("canvas", { width: this.width, height: this.height }), context = edge.getContext("2d");
    const { width, height } = this, inside = enlarge(opacity, width, height).map((value) => value >= 0.5);
    for (const [colour, size] of [["#000", 5], ["#00e676", 3]]) {
      context.fillStyle = colour;
      for (let y = 1; y < height; y++)
        for (let x = 1; x < width; x++) {
          const here = inside[y * width + x];
          if (here !== inside[y * width + x - 1] || here !== inside[(y - 1) * width + x]) context.fillRect(x - size / 2, y - size / 2, size, size);
        }
    }
    return edge;
  }

  drawn(source) {
    const copy = element("canvas", { className: "maps-opacity", width: this.width, height: this.height });
    copy.getContext("2d").drawImage(source, 0, 0);
    copy.setAttribute("role", "img");
    copy.setAttribute("aria-label", "Outline of the true opacity");
    return copy;
  }

  build(tile) {
    const image = element("img", { src: this.data.picture, alt: tile.map ? "" : tile.alt, draggable: false });
    const moved = element("div", { className: "maps-moved" }, image);
    const built = { ...tile, moved, canvases: [] };
    if (tile.map) {
      built.heat = enlarge(tile.map, this.width, this.height);
      for (const name of ["maps-fill", "maps-lines"]) built.canvases.push(element("canvas", { className: name, width: this.width, height: this.height }));
      built.canvases[0].setAttribute("role", "img");
      built.canvases[0].setAttribute("aria-label", tile.alt);
      built.canvases[1].setAttribute("aria-hidden", "true");
      moved.append(...built.canvases);
    }
    if (this.edge) moved.append(this.drawn(this.edge));
    built.cross = element("div", { className: "maps-cross", hidden: true });
    built.readout = element("div", { className: "maps-readout", textContent: "\u00a0" });
    built.readout.setAttribute("aria-live", "off");
    const stage = element("div", { className: "maps-stage", tabIndex: 0 }, moved, built.cross);
    stage.setAttribute("aria-label", `${tile.title}. Plus and minus zoom, arrows move, zero resets.`);
    stage.setAttribute("role", "group");
    stage.style.aspectRatio = `${this.data.width} / ${this.data.height}`;
    stage.style.setProperty("--maps-ratio", this.data.width / this.data.height);
    this.interact(stage);
    const chip = tile.letter ? [element("b", { className: "maps-chip", textContent: tile.letter }), " "] : [];
    if (chip.length) chip[0].style.background = tile.colour;
    const caption = element("figcaption", {}, ...chip, element("strong", { textContent: tile.called }));
    const notes = element("div", { className: "maps-notes", textContent: tile.caption });
    built.figure = element("figure", {}, caption, stage, built.readout, notes);
    return built;
  }

  toolbar() {
    const button = (text, label, action) => {
      const made = element("button", { type: "button", textContent: text, title: label, onclick: action });
      made.setAttribute("aria-label", label);
      return made;
    };
    const wipe = element("input", { type: "range", min: 0, max: 100, value: this.wipe, className: "maps-wipe", title: "Uncover the picture below the maps" });
    wipe.setAttribute("aria-label", "Before and after: share of the picture without its map, per cent");
    wipe.oninput = () => { this.wipe = Number(wipe.value); this.move(); };
    const zoom = [["−", "Zoom out", 1 / 1.5], ["+", "Zoom in", 1.5]].map(([sign, label, factor]) => button(sign, label, () => this.zoom(factor)));
    const reset = button("Fit", "Whole picture", () => this.zoom(0));
    const tools = element("div", { className: "maps-tools" }, ...zoom, reset);
    if (this.tiles.some((tile) => tile.map)) tools.append(element("label", {}, "Before / after", wipe));
    return tools;
  }

  scaleBar() {
    this.bar = element("div", { className: "maps-bar" });
    this.ends = element("div", { className: "maps-ends" });
    const box = element("div", { className: "maps-scale" }, this.bar, this.ends);
    box.hidden = !this.tiles.some((tile) => tile.map);
    return box;
  }

  setLook(look) {
    const changed = Object.keys(look).filter((name) => look[name] !== this.look[name]);
    this.look = look;
    if (!this.tiles || !changed.length) return;
    changed.join() === "opacity" ? this.fade() : this.recolour();
  }

  // Each map to its own maximum, a very weak one to what would matter, or all maps of a method to the largest of them.
  factor(tile) {
    if (this.look.scale !== "shared") return tile.full > 0 ? tile.raw_max / tile.full : 1;
    const largest = Math.max(...this.tiles.filter((other) => other.map && other.group === tile.group).map((other) => other.full));
    return largest > 0 ? tile.raw_max / largest : 1;
  }

  recolour() {
    const table = this.colours[this.look.colours];
    for (const tile of this.tiles.filter((tile) => tile.map)) {
      this.fill(tile, table, this.factor(tile));
      this.outline(tile, this.factor(tile));
    }
    const stops = Array.from({ length: 18 }, (_, i) => `rgb(${table.slice(45 * i, 45 * i + 3).join(",")})`);
    this.bar.style.background = `linear-gradient(to right, ${stops.join(",")})`;
    const most = this.look.scale === "shared" ? "the strongest map of each method" : "the maximum of each map";
    this.ends.replaceChildren(element("span", { textContent: "0" }), element("span", { textContent: `1, ${most}` }));
    this.fade();
  }

  fill(tile, table, factor) {
    const context = tile.canvases[0].getContext("2d"), pixels = context.createImageData(this.width, this.height);
    const out = new Uint32Array(pixels.data.buffer), { heat } = tile, { cut } = this.look; // a pixel at a time: alpha, blue, green, red
    const colours = Uint32Array.from({ length: 256 }, (_, i) => (255 << 24) | (table[3 * i + 2] << 16) | (table[3 * i + 1] << 8) | table[3 * i]);
    for (let i = 0; i < heat.length; i++) {
      const value = heat[i] * factor;
      out[i] = value < cut ? 0 : colours[Math.round(255 * value)];
    }
    context.putImageData(pixels, 0, 0);
  }

  outline(tile, factor) {
    const context = tile.canvases[1].getContext("2d"), { width, height } = this;
    context.clearRect(0, 0, width, height);
    if (!this.look.contours) return;
    const at = (x, y) => band(tile.heat[y * width + x] * factor);
    for (let y = 1; y < height; y++)
      for (let x = 1; x < width; x++) {
        const here = at(x, y);
        if (here !== at(x - 1, y) || here !== at(x, y - 1)) {
          context.fillStyle = "#fff";
          context.fillRect(x - 1, y - 1, 2, 2);
        }
      }
  }

  fade() {
    for (const tile of this.tiles) if (tile.map) tile.canvases[0].style.opacity = this.look.opacity;
    this.root.dataset.opacity = this.look.opacity;
    Object.assign(this.root.dataset, { colours: this.look.colours, cut: this.look.cut });
  }

  zoom(factor, at = this.view) {
    const view = this.view, scale = clamp(factor ? view.scale * factor : 1, 1, MAX_ZOOM), kept = view.scale / scale;
    this.view = { scale, x: at.x + (view.x - at.x) * kept, y: at.y + (view.y - at.y) * kept };
    this.move();
  }

  move() {
    const { view } = this, room = 0.5 / view.scale;
    view.x = clamp(view.x, room, 1 - room);
    view.y = clamp(view.y, room, 1 - room);
    for (const tile of this.tiles) {
      tile.moved.style.transform = `translate(${50 - 100 * view.scale * view.x}%, ${50 - 100 * view.scale * view.y}%) scale(${view.scale})`;
      for (const canvas of tile.canvases) canvas.style.clipPath = `inset(0 0 0 ${this.wipe}%)`;
    }
    this.root.dataset.zoom = view.scale.toFixed(2);
  }

  // Where in the picture a pointer is, each in [0, 1].
  under(event, stage) {
    const box = stage.getBoundingClientRect(), { view } = this;
    return { x: view.x + ((event.clientX - box.left) / box.width - 0.5) / view.scale, y: view.y + ((event.clientY - box.top) / box.height - 0.5) / view.scale };
  }

  interact(stage) {
    stage.onpointermove = (event) => {
      if (event.buttons === 1 && this.view.scale > 1) {
        this.view.x -= event.movementX / stage.clientWidth / this.view.scale;
        this.view.y -= event.movementY / stage.clientHeight / this.view.scale;
        this.move();
      }
      this.read(this.under(event, stage));
    };
    stage.onpointerdown = (event) => this.read(this.under(event, stage));
    stage.onpointerleave = () => this.read(null);
    stage.ondblclick = (event) => this.zoom(2, this.under(event, stage));
    stage.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 300), this.under(event, stage));
    }, { passive: false });
    stage.onkeydown = (event) => this.key(event);
  }

  key(event) {
    const step = 0.1 / this.view.scale;
    const actions = {
      "+": () => this.zoom(1.5), "=": () => this.zoom(1.5), "-": () => this.zoom(1 / 1.5), 0: () => this.zoom(0),
      ArrowLeft: () => (this.view.x -= step), ArrowRight: () => (this.view.x += step),
      ArrowUp: () => (this.view.y -= step), ArrowDown: () => (this.view.y += step),
    };
    if (!actions[event.key] || (event.key.startsWith("Arrow") && this.view.scale === 1)) return;
    event.preventDefault();
    actions[event.key]();
    this.move();
  }

  // The value of every map at one point, and a cross there.
  read(point) {
    const { data, view } = this, inside = point && point.x >= 0 && point.x < 1 && point.y >= 0 && point.y < 1;
    for (const tile of this.tiles) {
      tile.cross.hidden = !inside;
      tile.readout.textContent = inside ? this.words(tile, point) : "\u00a0";
      if (inside) {
        tile.cross.style.left = `${50 + 100 * view.scale * (point.x - view.x)}%`;
        tile.cross.style.top = `${50 + 100 * view.scale * (point.y - view.y)}%`;
      }
    }
    this.root.dataset.point = inside ? `${Math.floor(point.x * data.width)},${Math.floor(point.y * data.height)}` : "";
  }

  words(tile, point) {
    const where = `x ${Math.floor(point.x * this.data.width)}, y ${Math.floor(point.y * this.data.height)}`;
    if (!tile.map) return where;
    const value = tile.heat[Math.floor(point.y * this.height) * this.width + Math.floor(point.x * this.width)];
    return `${where} · ${(value * this.factor(tile)).toFixed(2)} · raw ${(value * tile.raw_max).toPrecision(2)} ${tile.unit}`;
  }
}

export default function (component) {
  const { parentElement, data } = component;
  parentElement.viewer ??= new Viewer(parentElement);
  if (parentElement.viewer.shown !== data.key) {
    parentElement.viewer.shown = data.key;
    parentElement.viewer.setData(data);
  }
  return () => {
    parentElement.viewer?.close();
    delete parentElement.viewer;
  };
}
