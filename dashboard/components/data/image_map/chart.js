// A map of images: points by WebGL (by a plain canvas where a browser has none), an outline over them, a legend, and the film at the pointer.

const UNITS = 1000; // to the side of the map, as the link holds corners
const REACH = 12; // pixels from a point that is pointed at
const CLICK = 4; // pixels that a hand moves in a click
const MOST_CORNERS = 40;
const FILLED = 0.95; // of the stage by the points
const STRETCH = 1.7; // of one axis against the other, at most
const HINT = "Drag around points to filter the page by them, or click one. Keys: arrows move, + and − zoom, Enter filters by what is in view.";
const TOUCH = "Tap a point to filter the page by it; choose Lasso or Box to draw an area.";

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function bytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function rgb(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
}

// ---- drawing the points

const VERTEX = `
attribute vec2 place; attribute float code; attribute float shown;
uniform vec2 scale; uniform vec2 offset; uniform float size; uniform float only; uniform float pass; uniform vec3 palette[32]; uniform float strong[32]; // 1, 0 or −1
varying vec4 colour;
void main() {
  int kind = int(min(code, 31.0));
  float strength = 0.0; vec3 paint = vec3(0.54);
  for (int i = 0; i < 32; i++) if (i == kind) { strength = strong[i]; paint = palette[i]; }
  bool clear = shown > 0.5 && (only < -0.5 || abs(only - code) < 0.5);
  float mine = clear ? 1.0 + strength : 0.0;
  gl_Position = mine == pass ? vec4(place * scale + offset, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = size * (pass > 1.5 ? 1.7 : 1.0);
  colour = vec4(paint, pass < 0.5 ? 0.10 : 0.85);
}`;
const FRAGMENT = `
precision mediump float; varying vec4 colour;
void main() {
  vec2 from = gl_PointCoord - 0.5;
  if (dot(from, from) > 0.25) discard;
  gl_FragColor = vec4(colour.rgb * colour.a, colour.a);
}`;

function program(gl) {
  const made = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  return gl.getProgramParameter(made, gl.LINK_STATUS) ? made : null;
}

function painter(canvas) {
  const gl = canvas.getContext("webgl", { antialias: false, premultipliedAlpha: true });
  const used = gl && program(gl);
  return used ? byWebGL(gl, used) : byCanvas(gl ? canvas.parentElement.insertBefore(element("canvas"), canvas.nextSibling) : canvas);
}

function byWebGL(gl, used) {
  const buffers = { place: gl.createBuffer(), code: gl.createBuffer(), shown: gl.createBuffer() };
  const uniform = (name) => gl.getUniformLocation(used, name);
  const fill = (name, values) => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
  };
  const point = (name, width, kind, normal) => {
    const at = gl.getAttribLocation(used, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, width, kind, normal, 0, 0);
  };
  return {
    kind: "webgl",
    canvas: gl.canvas,
    fill,
    draw(map, view) {
      const { width, height } = gl.canvas;
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.useProgram(used);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      point("place", 2, gl.UNSIGNED_SHORT, true);
      point("code", 1, gl.UNSIGNED_BYTE, false);
      point("shown", 1, gl.UNSIGNED_BYTE, false);
      gl.uniform2f(uniform("scale"), (2 * view.scaleX) / view.width, (-2 * view.scaleY) / view.height);
      gl.uniform2f(uniform("offset"), (2 * view.x) / view.width - 1, 1 - (2 * view.y) / view.height);
      gl.uniform1f(uniform("size"), view.size * view.ratio);
      gl.uniform1f(uniform("only"), map.only);
      gl.uniform3fv(uniform("palette"), map.palette);
      gl.uniform1fv(uniform("strong"), map.strong);
      for (const pass of [0, 1, 2]) {
        gl.uniform1f(uniform("pass"), pass);
        gl.drawArrays(gl.POINTS, 0, map.n);
      }
    },
  };
}

function byCanvas(canvas) {
  const context = canvas.getContext("2d");
  return {
    kind: "canvas",
    canvas,
    fill() {},
    draw(map, view) {
      context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
      context.clearRect(0, 0, view.width, view.height);
      for (const pass of [0, 1, 2]) {
        const side = view.size * (pass > 1 ? 1.7 : 1);
        context.globalAlpha = pass ? 0.85 : 0.1;
        for (let i = 0; i < map.n; i++) {
          if ((isClear(map, i) ? 1 + map.strong[Math.min(map.codes[i], 31)] : 0) !== pass) continue;
          context.fillStyle = map.categories[map.codes[i]]?.colour ?? "#8a8a8a";
          const [x, y] = onScreen(map, view, i);
          context.fillRect(x - side / 2, y - side / 2, side, side);
        }
      }
    },
  };
}

function isClear(map, i) {
  return map.shown[i] && (map.only < 0 || map.only === map.codes[i]);
}

function onScreen(map, view, i) {
  return [(map.places[2 * i] / 65535) * view.scaleX + view.x, (map.places[2 * i + 1] / 65535) * view.scaleY + view.y];
}

// ---- what the browser was sent

function read(map, data) {
  if (map.sentPlaces !== data.places) {
    map.places = new Uint16Array(bytes(data.places).buffer);
    map.painter.fill("place", map.places);
    Object.assign(map, { sentPlaces: data.places, n: data.n, films: new Map(), zoom: 1, moveX: 0, moveY: 0, box: box(map.places) });
  }
  map.codes = bytes(data.codes);
  const bits = bytes(data.shown);
  map.shown = Uint8Array.from({ length: map.n }, (_, i) => (data.shown ? (bits[i >> 3] >> (i & 7)) & 1 : 1));
  map.categories = data.categories;
  map.palette = new Float32Array(96).fill(0.54);
  map.strong = new Float32Array(32);
  data.categories.slice(0, 32).forEach((one, i) => {
    map.palette.set(rgb(one.colour), 3 * i);
    map.strong[i] = one.weight; // 1: last and larger, −1: in the background
  });
  map.only = -1;
  map.area = data.area.map(([x, y]) => [x / UNITS, y / UNITS]);
  fill(map);
}

function fill(map) {
  map.painter.fill("code", map.codes);
  map.painter.fill("shown", map.shown);
}

function box(places) {
  const found = [1, 1, 0, 0]; // left, top, right, bottom, in sides of the map
  for (let i = 0; i < places.length; i++) {
    const value = places[i] / 65535;
    found[i % 2] = Math.min(found[i % 2], value);
    found[2 + (i % 2)] = Math.max(found[2 + (i % 2)], value);
  }
  return found;
}

function view(map) {
  const { clientWidth: width, clientHeight: height } = map.stage;
  const [wide, high] = [map.box[2] - map.box[0], map.box[3] - map.box[1]].map((side) => Math.max(side, 0.01) / FILLED);
  const scaleX = Math.min(width / wide, (STRETCH * height) / high) * map.zoom; // the axes mean nothing, so they need not be alike
  const scaleY = Math.min(height / high, (STRETCH * width) / wide) * map.zoom;
  const size = Math.min(9, (map.n > 50000 ? 2 : map.n > 10000 ? 3 : 4.5) * Math.sqrt(map.zoom));
  const x = width / 2 + map.moveX * width - (scaleX * (map.box[0] + map.box[2])) / 2;
  const y = height / 2 + map.moveY * height - (scaleY * (map.box[1] + map.box[3])) / 2;
  return { width, height, scaleX, scaleY, x, y, size, ratio: window.devicePixelRatio || 1 };
}

function draw(map) {
  cancelAnimationFrame(map.frame);
  map.frame = requestAnimationFrame(() => {
    const now = view(map);
    if (!now.width) return;
    for (const canvas of [map.painter.canvas, map.top]) {
      const [wide, high] = [Math.round(now.width * now.ratio), Math.round(now.height * now.ratio)];
      if (canvas.width !== wide) canvas.width = wide;
      if (canvas.height !== high) canvas.height = high;
    }
    map.painter.draw(map, now);
    outline(map, now);
    map.root.dataset.drawn = map.painter.kind;
  });
}

function outline(map, now) {
  const context = map.top.getContext("2d");
  context.setTransform(now.ratio, 0, 0, now.ratio, 0, 0);
  context.clearRect(0, 0, now.width, now.height);
  const corners = map.path ?? map.area.map(([x, y]) => [x * now.scaleX + now.x, y * now.scaleY + now.y]);
  if (corners.length > 1) {
    context.beginPath();
    corners.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    context.strokeStyle = getComputedStyle(map.root).color;
    context.lineWidth = 1.5;
    context.setLineDash([5, 3]);
    context.stroke();
  }
  if (map.pointed >= 0) {
    const [x, y] = onScreen(map, now, map.pointed);
    context.beginPath();
    context.arc(x, y, now.size / 2 + 3, 0, 2 * Math.PI);
    context.setLineDash([]);
    context.lineWidth = 2;
    context.strokeStyle = getComputedStyle(map.root).color;
    context.stroke();
  }
}

// ---- pointing, drawing an area, moving

function nearest(map, x, y, most = 1, reach = REACH) {
  const now = view(map);
  const found = [];
  for (let i = 0; i < map.n; i++) {
    const across = (map.places[2 * i] / 65535) * now.scaleX + now.x - x;
    if (across > reach || across < -reach) continue;
    const down = (map.places[2 * i + 1] / 65535) * now.scaleY + now.y - y;
    const distance = across * across + down * down;
    if (distance <= reach * reach && isClear(map, i)) found.push([distance, i]);
  }
  return found.sort((a, b) => a[0] - b[0]).slice(0, most).map(([, i]) => i);
}

function point(map, x, y) {
  const [found = -1] = nearest(map, x, y);
  if (found !== map.pointed) {
    map.pointed = found;
    draw(map);
    clearTimeout(map.asking);
    if (found >= 0 && !map.films.has(found)) {
      map.asking = setTimeout(() => window.pneumolensFilms?.ask?.(nearest(map, x, y, 6, 40).filter((i) => !map.films.has(i))), 60);
    }
  }
  tip(map, x, y);
}

function tip(map, x = map.tipX, y = map.tipY) {
  Object.assign(map, { tipX: x, tipY: y });
  map.tip.hidden = map.pointed < 0;
  if (map.tip.hidden) return;
  const film = map.films.get(map.pointed);
  if (map.tip.film !== (film ?? map.pointed)) {
    map.tip.film = film ?? map.pointed;
    const kind = map.categories[map.codes[map.pointed]]?.name ?? "";
    const lines = film ? film.lines : [kind];
    if (film && kind && !lines.some((line) => line.includes(kind))) lines.push(kind);
    const picture = film?.picture ? [element("img", { src: film.picture, alt: "" })] : [];
    map.tip.replaceChildren(...picture, element("b", { textContent: film?.name ?? "…" }), ...lines.map((line) => element("div", { textContent: line })));
  }
  const { clientWidth: width, clientHeight: height } = map.stage;
  const [wide, high] = [map.tip.offsetWidth, map.tip.offsetHeight];
  map.tip.style.left = `${x + 16 + wide < width ? x + 16 : Math.max(4, x - wide - 16)}px`;
  map.tip.style.top = `${Math.max(4, Math.min(y - high / 2, height - high - 4))}px`;
}

function send(map, corners) {
  const now = view(map);
  const unit = (value) => Math.max(0, Math.min(UNITS, Math.round(value * UNITS)));
  map.send("area", corners.map(([x, y]) => [unit((x - now.x) / now.scaleX), unit((y - now.y) / now.scaleY)]));
}

function around(x, y, reach = 9) {
  return Array.from({ length: 8 }, (_, i) => [x + reach * Math.cos((i * Math.PI) / 4), y + reach * Math.sin((i * Math.PI) / 4)]);
}

// Ramer 1972, Douglas and Peucker 1973: corners that lie within a tolerance of the line between others are left out.
function fewer(corners, tolerance) {
  if (corners.length < 3) return corners;
  const [[x1, y1], [x2, y2]] = [corners[0], corners[corners.length - 1]];
  const length = Math.hypot(x2 - x1, y2 - y1);
  let [far, at] = [0, 0];
  corners.forEach(([x, y], i) => {
    const off = length ? Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length : Math.hypot(x - x1, y - y1);
    if (off > far) [far, at] = [off, i];
  });
  if (far <= tolerance) return [corners[0], corners[corners.length - 1]];
  return [...fewer(corners.slice(0, at + 1), tolerance).slice(0, -1), ...fewer(corners.slice(at), tolerance)];
}

function simple(corners) {
  let found = corners;
  for (let tolerance = 1; found.length > MOST_CORNERS || tolerance === 1; tolerance *= 1.6) found = fewer(corners, tolerance);
  return found;
}

function spot(map, event) {
  const box = map.top.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function listen(map) {
  let began = null;
  map.top.onpointerdown = (event) => {
    if (event.button) return;
    began = spot(map, event);
    map.path = map.mode === "lasso" || map.mode === "box" ? [began] : null;
    map.wasX = map.moveX;
    map.wasY = map.moveY;
    if (map.mode) map.top.setPointerCapture(event.pointerId);
  };
  map.top.onpointermove = (event) => {
    const [x, y] = spot(map, event);
    if (!began) return point(map, x, y);
    if (map.mode === "lasso") map.path.push([x, y]);
    if (map.mode === "box") map.path = [began, [x, began[1]], [x, y], [began[0], y]];
    if (map.mode === "move") Object.assign(map, { moveX: map.wasX + (x - began[0]) / map.stage.clientWidth, moveY: map.wasY + (y - began[1]) / map.stage.clientHeight });
    map.pointed = -1;
    tip(map);
    draw(map);
  };
  map.top.onpointerup = (event) => {
    if (!began) return;
    const [x, y] = spot(map, event);
    const still = Math.hypot(x - began[0], y - began[1]) < CLICK && (map.path?.length ?? 0) < 12;
    const path = map.path;
    began = map.path = null;
    if (still && map.mode !== "move") {
      const hit = nearest(map, x, y).length;
      if (hit || map.area.length) send(map, hit ? around(x, y) : []);
    } else if (path?.length > 2) send(map, simple(path));
    draw(map);
  };
  map.top.onpointercancel = () => {
    began = map.path = null;
    draw(map);
  };
  map.top.onpointerleave = () => {
    map.pointed = -1;
    tip(map);
    draw(map);
  };
  map.top.onwheel = (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(map, event.deltaY < 0 ? 1.25 : 0.8);
  };
  map.top.onkeydown = (event) => {
    const step = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    const factor = { "+": 1.25, "=": 1.25, "-": 0.8 }[event.key];
    const { clientWidth: width, clientHeight: height } = map.stage;
    if (step) Object.assign(map, { moveX: map.moveX + step[0], moveY: map.moveY + step[1] });
    else if (factor) zoom(map, factor);
    else if (event.key === "Enter") send(map, [[0, 0], [width, 0], [width, height], [0, height]]);
    else if (event.key === "Escape") send(map, []);
    else return;
    event.preventDefault();
    draw(map);
  };
}

function zoom(map, factor) {
  const next = Math.max(1, Math.min(40, map.zoom * factor));
  map.moveX *= next / map.zoom;
  map.moveY *= next / map.zoom;
  map.zoom = next;
  if (next === 1) map.moveX = map.moveY = 0;
  draw(map);
}

// ---- the parts of the page

function tools(map) {
  const modes = { lasso: "Lasso", box: "Box", move: "Move" };
  const buttons = Object.entries(modes).map(([mode, name]) => {
    const button = element("button", { type: "button", textContent: name });
    button.onclick = () => choose(mode);
    return [mode, button];
  });
  const choose = (mode) => {
    map.mode = mode;
    for (const [name, button] of buttons) button.setAttribute("aria-pressed", name === mode);
    map.top.classList.toggle("drags", Boolean(mode));
    map.top.classList.toggle("moves", mode === "move");
  };
  const plain = (name, label, act) => {
    const button = element("button", { type: "button", textContent: name, title: label, onclick: act });
    button.setAttribute("aria-label", label);
    return button;
  };
  choose(matchMedia("(pointer: coarse)").matches ? "" : "lasso"); // a finger scrolls the page until an area is asked for
  const whole = () => zoom(map, 1e-9);
  const others = [plain("+", "Zoom in", () => zoom(map, 1.5)), plain("−", "Zoom out", () => zoom(map, 1 / 1.5)), plain("Whole map", "Show the whole map", whole)];
  map.off = plain("Clear the area", "Stop filtering the page by the area", () => send(map, []));
  return element("div", { className: "image-map-tools" }, ...buttons.map(([, button]) => button), ...others, map.off);
}

function legend(map) {
  const items = map.categories.map((one, code) => {
    const n = one.passing === one.n ? one.n.toLocaleString("en") : `${one.passing.toLocaleString("en")} of ${one.n.toLocaleString("en")}`;
    const button = element("button", { type: "button" }, element("i"), element("span", { textContent: one.name }), element("small", { textContent: n }));
    button.firstChild.style.background = one.colour;
    button.setAttribute("aria-label", `${one.name}: ${n} images; shows these alone on the map`);
    button.setAttribute("aria-pressed", "false");
    button.onclick = () => {
      map.only = map.only === code ? -1 : code;
      [...map.legend.children].forEach((other, i) => other.setAttribute("aria-pressed", i === map.only));
      draw(map);
    };
    return button;
  });
  map.legend.replaceChildren(...items);
}

function make(parent) {
  const root = parent.appendChild(element("div", { className: "image-map" }));
  const canvas = element("canvas", {});
  const top = element("canvas", { className: "image-map-top", tabIndex: 0 });
  const tipBox = element("div", { className: "image-map-tip", hidden: true });
  const stage = element("div", { className: "image-map-stage" }, canvas, top, tipBox);
  const map = { root, stage, top, tip: tipBox, legend: element("div", { className: "image-map-legend" }), pointed: -1, films: new Map(), area: [] };
  map.painter = painter(canvas);
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault(); // or the browser, which takes contexts back when a driver restarts or many are open, gives none again
    delete root.dataset.drawn;
  });
  canvas.addEventListener("webglcontextrestored", () => {
    map.painter = painter(canvas);
    if (!map.places) return;
    map.painter.fill("place", map.places);
    fill(map);
    draw(map);
  });
  top.setAttribute("role", "img");
  const row = element("div", { className: "image-map-row" }, stage, map.legend);
  const hint = matchMedia("(pointer: coarse)").matches ? TOUCH : HINT;
  root.append(tools(map), row, element("div", { className: "image-map-hint", textContent: hint }));
  listen(map);
  new ResizeObserver(() => draw(map)).observe(stage);
  map.view = () => view(map);
  map.spot = (i) => onScreen(map, view(map), i);
  root.map = map;
  return map;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const map = parentElement.querySelector(".image-map")?.map ?? make(parentElement);
  map.send = setTriggerValue;
  (window.pneumolensFilms ??= {}).got = (films) => {
    for (const film of films) map.films.set(film.place, film);
    tip(map);
  };
  const shown = JSON.stringify(data);
  if (map.sent === shown) return;
  map.sent = shown;
  read(map, data);
  map.off.hidden = !data.area.length;
  map.top.setAttribute("aria-label", `${data.alt}. ${data.categories.map((one) => `${one.name}: ${one.passing}`).join(", ")}.`);
  legend(map);
  draw(map);
}
