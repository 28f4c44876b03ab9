/* The drawing board for outlines: drag, click, keys, undo without end. The text beside it stays the truth that is sent;
   without this script it is edited by hand. ES2017, no library. */
(function () {
  "use strict";
  const form = document.getElementById("outline");
  const source = document.getElementById("xo-data");
  if (!form || !source) { return; }
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const text = document.getElementById("f-geometry");
  const board = form.querySelector(".xo-board");
  const svg = form.querySelector(".xo-map");
  const NS = "http://www.w3.org/2000/svg";
  /* pixels within which a finger takes a vertex: half of a target of 44 */
  const FINGER = 22;
  const STEP = 0.1, LONG_STEP = 1, SNAP = 9;
  const polygonsOf = window.xoShape.polygonsOf, geometryOf = window.xoShape.geometryOf, every = window.xoShape.every;
  const extent = window.xoShape.extent, rounded = window.xoShape.rounded;

  function read() {
    try {
      let found = JSON.parse(text.value);
      if (found && found.type === "Feature") { found = found.geometry; }
      return polygonsOf(found);
    } catch (error) { return []; }
  }

  const kept = polygonsOf(data.kept);
  const neighbours = data.neighbours.map(function (one) { return { name: one.name, shape: polygonsOf(one.geometry) }; });
  let shape = read();
  if (!shape.length) { shape = polygonsOf(data.kept); }

  /* metres around the middle of what is drawn */
  const all = [].concat(shape, kept, shape.length || kept.length ? [] : [].concat.apply([], neighbours.map(function (n) { return n.shape; })));
  if (!all.length) { return; }
  const whole = extent(all);
  const origin = [(whole[0] + whole[2]) / 2, (whole[1] + whole[3]) / 2];
  const measure = window.xoShape.around(origin);
  const metres = measure.metres, degrees = measure.degrees, area = measure.area, length = measure.length, crossing = measure.crossing;

  /* nothing drawn yet: begin with a small square in the middle of the neighbours */
  if (!shape.length) {
    const corner = metres([whole[2], whole[1]]), h = Math.max(corner[0], corner[1]) / 5;
    shape = [[[[-h, h], [h, h], [h, -h], [-h, -h]].map(degrees).map(rounded)]];
  }

  const keptArea = kept.length ? area(kept) : null;

  /* the view: metres to pixels */
  const view = { x: 0, y: 0, scale: 1 };
  function size() { const box = svg.getBoundingClientRect(); return [box.width || 600, box.height || 400]; }
  function fit() {
    const box = extent(shape), a = metres([box[0], box[3]]), b = metres([box[2], box[1]]), s = size();
    view.scale = 0.7 * Math.min(s[0] / Math.max(b[0] - a[0], 1), s[1] / Math.max(b[1] - a[1], 1));
    view.x = (a[0] + b[0]) / 2 - s[0] / 2 / view.scale;
    view.y = (a[1] + b[1]) / 2 - s[1] / 2 / view.scale;
  }
  function pixel(p) { const m = metres(p); return [(m[0] - view.x) * view.scale, (m[1] - view.y) * view.scale]; }
  function place(x, y) { return degrees([x / view.scale + view.x, y / view.scale + view.y]); }
  function zoom(by, x, y) {
    const s = size(), px = x === undefined ? s[0] / 2 : x, py = y === undefined ? s[1] / 2 : y;
    const scale = Math.min(Math.max(view.scale * by, 1e-4), 200);
    view.x += px / view.scale - px / scale;
    view.y += py / view.scale - py / scale;
    view.scale = scale;
    draw();
  }

  /* drawing */
  function make(name, attributes, parent) {
    const made = document.createElementNS(NS, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (parent) { parent.appendChild(made); }
    return made;
  }
  function pathOf(polygons) {
    return polygons.map(function (rings) { return rings.map(function (ring) {
      return "M" + ring.map(function (p) { const q = pixel(p); return q[0].toFixed(2) + "," + q[1].toFixed(2); }).join(" ") + "Z";
    }).join(""); }).join("");
  }
  const land = make("g", {}, svg), before = make("path", { "class": "xo-kept" }, svg), own = make("path", { "class": "xo-own", "fill-rule": "evenodd" }, svg);
  const cases = make("g", {}, svg), edges = make("g", {}, svg), dots = make("g", {}, svg), marks = make("g", {}, svg);
  const near = neighbours.map(function (one) {
    return { path: make("path", { "class": "xo-near", "fill-rule": "evenodd" }, land), one: one };
  });
  near.forEach(function (each) {
    each.label = make("text", { "class": "xo-name", "aria-hidden": "true", lang: "zh" }, land);
    each.label.textContent = each.one.name;
    const box = extent(each.one.shape);
    each.middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  });
  let chosen = null, wrong = null, snapped = null;

  function count() { let n = 0; every(shape, function () { n += 1; }); return n; }
  function fill(template, facts) { return template.replace(/\{(\w+)\}/g, function (_all, key) { return String(facts[key]); }); }
  function grouped(n) { return Math.round(n).toString().replace(/\B(?=(\d{3})+$)/g, ","); }

  /* one element per vertex and edge, kept while their number does not change, so that the focus stays */
  function prepare() {
    const want = count();
    while (dots.childNodes.length > want) { dots.lastChild.remove(); edges.lastChild.remove(); }
    while (dots.childNodes.length < want) {
      const vertex = make("g", { "class": "xo-vertex", tabindex: "-1", role: "button" }, dots);
      make("circle", { "class": "xo-hit", r: "14" }, vertex);
      make("circle", { "class": "xo-dot", r: "5.5" }, vertex);
      make("line", { "class": "xo-edge" }, edges);
    }
  }
  function draw() {
    prepare();
    near.forEach(function (each) {
      each.path.setAttribute("d", pathOf(each.one.shape));
      const m = pixel(each.middle);
      each.label.setAttribute("x", m[0].toFixed(1));
      each.label.setAttribute("y", m[1].toFixed(1));
    });
    before.setAttribute("d", pathOf(kept));
    own.setAttribute("d", pathOf(shape));
    wrong = crossing(shape);
    own.classList.toggle("bad", Boolean(wrong));
    let n = 0;
    const of = count();
    /* vertices that stand close get smaller dots, so that the line stays visible between them */
    const apart = length(shape) * view.scale / of;
    const dot = Math.min(Math.max(apart / 4.5, 2.5), 5.5).toFixed(1), hit = Math.min(Math.max(apart / 1.8, 7), 14).toFixed(1);
    every(shape, function (p, k, j, i, ring) {
      const vertex = dots.childNodes[n], edge = edges.childNodes[n], q = pixel(p), r = pixel(ring[(i + 1) % ring.length]);
      n += 1;
      vertex.at = edge.at = { k: k, j: j, i: i };
      vertex.setAttribute("transform", "translate(" + q[0].toFixed(2) + " " + q[1].toFixed(2) + ")");
      vertex.firstChild.setAttribute("r", hit);
      vertex.lastChild.setAttribute("r", chosen && chosen.k === k && chosen.j === j && chosen.i === i ? "6" : dot);
      vertex.setAttribute("aria-label", fill(words.vertex, { n: n, of: of }));
      /* one stop for Tab: the chosen vertex, else the first; a form behind 2,000 stops cannot be reached */
      vertex.setAttribute("tabindex", (chosen ? chosen.k === k && chosen.j === j && chosen.i === i : n === 1) ? "0" : "-1");
      vertex.classList.toggle("on", Boolean(chosen && chosen.k === k && chosen.j === j && chosen.i === i));
      [["x1", q[0]], ["y1", q[1]], ["x2", r[0]], ["y2", r[1]]].forEach(function (pair) { edge.setAttribute(pair[0], pair[1].toFixed(2)); });
    });
    marks.textContent = "";
    if (snapped) { const s = pixel(snapped); make("circle", { "class": "xo-snap", cx: s[0], cy: s[1], r: "11" }, marks); }
    if (wrong) { const c = pixel(degrees(wrong.at)); make("circle", { "class": "xo-cross", cx: c[0], cy: c[1], r: "12" }, marks); }
    cases.textContent = "";
    document.querySelectorAll("#preview [data-lon]").forEach(function (item) {
      const c = pixel([Number(item.dataset.lon), Number(item.dataset.lat)]);
      make("circle", { "class": "xo-case", cx: c[0].toFixed(1), cy: c[1].toFixed(1), r: "4" }, cases);
    });
    tell();
  }
  function say(where, what) { const line = form.querySelector('[data-say="' + where + '"]'); if (line.textContent !== what) { line.textContent = what; } }
  function button(name) { return form.querySelector('[data-do="' + name + '"]'); }
  function tell() {
    const now = area(shape);
    say("area", fill(words.area, { m2: grouped(now) }));
    const change = keptArea === null ? 0 : Math.round(now - keptArea);
    say("change", change ? fill(words.change, { sign: change > 0 ? "+" : "−", m2: grouped(Math.abs(change)) }) : "");
    say("steps", past.length ? fill(words.unsaved, { n: past.length }) : "");
    say("wrong", wrong ? fill(words.crossing, { a: wrong.a, b: wrong.b }) : "");
    form.querySelectorAll("button[name=do]").forEach(function (one) { one.disabled = Boolean(wrong); });
    button("undo").disabled = !past.length;
    button("redo").disabled = !future.length;
    button("delete").disabled = !chosen;
  }

  /* history: whole shapes, without end */
  let past = [], future = [];
  function copy() { return shape.map(function (rings) { return rings.map(function (ring) { return ring.map(function (p) { return [p[0], p[1]]; }); }); }); }
  function write() { text.value = JSON.stringify(geometryOf(shape)); }
  function done(was, message) {
    past.push(was);
    future = [];
    write();
    draw();
    say("live", message);
  }
  function step(from, to, message) {
    if (!from.length) { say("live", words.nothing); return; }
    to.push(shape);
    shape = from.pop();
    chosen = null;
    snapped = null;
    write();
    draw();
    say("live", message);
  }
  function undo() { step(past, future, words.undone); }
  function redo() { step(future, past, words.redone); }

  /* edits */
  function ringAt(at) { return shape[at.k][at.j]; }
  function put(at, p) { ringAt(at)[at.i] = p; }
  function insert(at, p) {
    const was = copy();
    ringAt(at).splice(at.i + 1, 0, rounded(p));
    chosen = { k: at.k, j: at.j, i: at.i + 1 };
    done(was, words.added);
    focusChosen();
  }
  function remove() {
    if (!chosen) { return; }
    if (ringAt(chosen).length <= 3) { say("wrong", words.few); say("live", words.few); return; }
    const was = copy();
    ringAt(chosen).splice(chosen.i, 1);
    chosen = { k: chosen.k, j: chosen.j, i: chosen.i % ringAt(chosen).length };
    done(was, words.deleted);
    focusChosen();
  }
  function focusChosen() {
    dots.childNodes.forEach(function (one) {
      if (chosen && one.at.k === chosen.k && one.at.j === chosen.j && one.at.i === chosen.i) { one.focus({ preventScroll: true }); }
    });
  }
  function nearest(p) {
    const q = pixel(p);
    let best = null, least = SNAP;
    neighbours.forEach(function (one) { every(one.shape, function (other) {
      const r = pixel(other), d = Math.hypot(q[0] - r[0], q[1] - r[1]);
      if (d < least) { least = d; best = { p: other, name: one.name }; }
    }); });
    return best;
  }

  /* pointer */
  let grip = null;
  function spot(event) { const box = svg.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; }
  /* a fingertip covers more than a dot: it takes the nearest vertex within reach */
  function reached(at) {
    let found = null, least = FINGER;
    Array.from(dots.childNodes).forEach(function (vertex) {
      const q = pixel(ringAt(vertex.at)[vertex.at.i]), far = Math.hypot(q[0] - at[0], q[1] - at[1]);
      if (far < least) { found = vertex; least = far; }
    });
    return found;
  }
  svg.addEventListener("pointerdown", function (event) {
    if (event.button) { return; }
    const at = spot(event), finger = event.pointerType === "touch" ? reached(at) : null;
    const vertex = finger || event.target.closest(".xo-vertex"), edge = event.target.closest(".xo-edge");
    if (vertex) {
      chosen = vertex.at;
      vertex.focus({ preventScroll: true });
      const q = pixel(ringAt(vertex.at)[vertex.at.i]);
      grip = { kind: "vertex", at: vertex.at, was: copy(), from: at, by: [q[0] - at[0], q[1] - at[1]], moved: false };
    } else if (edge) {
      grip = { kind: "edge", at: edge.at, from: at };
    } else {
      grip = { kind: "pan", from: at, x: view.x, y: view.y };
      svg.classList.add("drag");
    }
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
    draw();
  });
  svg.addEventListener("pointermove", function (event) {
    if (!grip) { return; }
    const at = spot(event), far = Math.hypot(at[0] - grip.from[0], at[1] - grip.from[1]);
    if (grip.kind === "pan") {
      view.x = grip.x - (at[0] - grip.from[0]) / view.scale;
      view.y = grip.y - (at[1] - grip.from[1]) / view.scale;
    } else if (grip.kind === "vertex" && (grip.moved || far > 2)) {
      grip.moved = true;
      const p = place(at[0] + grip.by[0], at[1] + grip.by[1]), close = event.altKey ? null : nearest(p);
      snapped = close ? close.p : null;
      grip.name = close ? close.name : "";
      put(grip.at, close ? [close.p[0], close.p[1]] : rounded(p));
    } else { return; }
    draw();
  });
  function letGo(event) {
    if (!grip) { return; }
    const held = grip, at = spot(event), far = Math.hypot(at[0] - held.from[0], at[1] - held.from[1]);
    grip = null;
    snapped = null;
    svg.classList.remove("drag");
    if (held.kind === "vertex" && held.moved) {
      const a = metres(held.was[held.at.k][held.at.j][held.at.i]), b = metres(ringAt(held.at)[held.at.i]);
      done(held.was, held.name ? fill(words.snapped, { name: held.name }) : fill(words.moved, { m: Math.hypot(a[0] - b[0], a[1] - b[1]).toFixed(1) }));
    } else if (held.kind === "edge" && far < 4) {
      const ring = ringAt(held.at), a = pixel(ring[held.at.i]), b = pixel(ring[(held.at.i + 1) % ring.length]);
      const d = [b[0] - a[0], b[1] - a[1]], w = ((at[0] - a[0]) * d[0] + (at[1] - a[1]) * d[1]) / Math.max(d[0] * d[0] + d[1] * d[1], 1e-9);
      const t = Math.min(Math.max(w, 0.02), 0.98);
      insert(held.at, place(a[0] + d[0] * t, a[1] + d[1] * t));
    } else { draw(); }
  }
  svg.addEventListener("pointerup", letGo);
  svg.addEventListener("pointercancel", function () {
    if (grip && grip.kind === "vertex") { shape = grip.was; }
    grip = null;
    draw();
  });
  svg.addEventListener("wheel", function (event) {
    const at = spot(event);
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0015), at[0], at[1]);
  }, { passive: false });

  /* keys */
  /* listened for on an HTML element: a drawing's element that listens for focus becomes a stop for Tab itself */
  board.addEventListener("focusin", function (event) {
    const vertex = event.target.closest(".xo-vertex");
    if (!vertex || grip) { return; }
    chosen = vertex.at;
    const q = pixel(ringAt(chosen)[chosen.i]), s = size();
    if (q[0] < 0 || q[1] < 0 || q[0] > s[0] || q[1] > s[1]) { view.x += (q[0] - s[0] / 2) / view.scale; view.y += (q[1] - s[1] / 2) / view.scale; }
    draw();
  });
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  dots.addEventListener("keydown", function (event) {
    const vertex = event.target.closest(".xo-vertex");
    if (!vertex) { return; }
    chosen = vertex.at;
    const arrow = ARROWS[event.key], every = Array.from(dots.childNodes), here = every.indexOf(vertex);
    const to = { PageDown: (here + 1) % every.length, PageUp: (here + every.length - 1) % every.length, Home: 0, End: every.length - 1 }[event.key];
    if (to !== undefined) {
      every[to].focus({ preventScroll: true });
    } else if (arrow && !event.ctrlKey && !event.metaKey) {
      const by = event.shiftKey ? LONG_STEP : STEP, was = copy(), m = metres(ringAt(chosen)[chosen.i]);
      put(chosen, rounded(degrees([m[0] + arrow[0] * by, m[1] + arrow[1] * by])));
      done(was, fill(words.moved, { m: by }));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      remove();
    } else if (event.key === "Enter" || event.key === " ") {
      const ring = ringAt(chosen), a = metres(ring[chosen.i]), b = metres(ring[(chosen.i + 1) % ring.length]);
      insert(chosen, degrees([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]));
    } else { return; }
    event.preventDefault();
  });
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.matches("input, textarea")) { return; }
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) { undo(); } else if (key === "y" || (key === "z" && event.shiftKey)) { redo(); } else { return; }
    event.preventDefault();
  });
  form.querySelector(".xo-tools").addEventListener("click", function (event) {
    const pressed = event.target.closest("[data-do]");
    if (!pressed) { return; }
    ({ undo: undo, redo: redo, "delete": remove, "in": function () { zoom(1.5); }, out: function () { zoom(1 / 1.5); }, fit: function () { fit(); draw(); } })[pressed.dataset.do]();
  });
  text.addEventListener("change", function () {
    const given = read();
    if (!given.length) { return; }
    const was = copy();
    shape = given;
    chosen = null;
    done(was, "");
  });

  /* what it would move, without leaving the board and its history */
  let leaving = false;
  form.addEventListener("submit", function (event) {
    const pressed = event.submitter || document.activeElement;
    if (!pressed || pressed.value !== "preview") { leaving = true; return; }
    event.preventDefault();
    event.stopPropagation();
    const body = new FormData(form), shown = document.getElementById("preview");
    body.set("do", "preview");
    pressed.disabled = true;
    fetch(location.pathname, { method: "POST", body: body, credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (html) {
      const page = new DOMParser().parseFromString(html, "text/html");
      const found = page.getElementById("preview"), errors = page.getElementById("errors");
      shown.textContent = "";
      Array.from(errors ? [errors] : found ? found.childNodes : []).forEach(function (node) { shown.appendChild(document.importNode(node, true)); });
      shown.focus({ preventScroll: true });
      shown.scrollIntoView({ block: "nearest" });
    }).catch(function () { shown.textContent = words.failed; }).then(function () { pressed.disabled = false; draw(); });
  });
  window.addEventListener("beforeunload", function (event) {
    if (past.length && !leaving) { event.preventDefault(); event.returnValue = ""; }
  });
  window.addEventListener("resize", draw);

  board.hidden = false;
  form.querySelector(".xo-text").open = false;
  fit();
  draw();
}());
