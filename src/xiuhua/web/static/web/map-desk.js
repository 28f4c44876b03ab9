/* The map of analysis at the desk, to enlarge and to move: MapLibre in place of the SVG, which stays the page without it. */
import { hatch, style } from "./map-layers.js";
import { aboutArea, aboutCluster, aboutPlace } from "./map-said.js";

const WIDE = window.matchMedia("(min-width: 1024px)");
const LAYERS = ["colour", "points", "again", "hot"];
const PADDING = 24;
/* Pixels around the pointer, or the middle, in which something counts as meant. */
const REACH = 6;
const MARK = 14;
const kept = new Map();

const drawn = () => document.querySelector("[data-map]");
const layersIn = (given) => new Set(given === null ? LAYERS : LAYERS.filter((one) => given.split(",").includes(one)));

function able() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

function data(address) {
  if (!kept.has(address)) {
    const wanted = fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } }).then((answer) => {
      if (!answer.ok || answer.redirected) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then((found) => {
      if (!found.box) { throw new Error("nothing is drawn"); }
      return found;
    });
    wanted.catch(() => kept.delete(address));
    kept.set(address, wanted);
  }
  return kept.get(address);
}

function button(name, label, text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.setAttribute("aria-label", label);
  made.title = label;
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

class DeskMap {
  constructor(lib, host, found) {
    this.lib = lib;
    this.words = JSON.parse(host.dataset.words);
    this.month = found;
    this.marks = [];
    this.box = document.createElement("div");
    this.box.className = "xl-gl noprint";
    this.shown = layersIn(host.dataset.layers);
    host.prepend(this.box);
    const view = this.view();
    this.map = new lib.Map({
      container: this.box,
      style: style(found, this.shown),
      bounds: found.box,
      fitBoundsOptions: { padding: PADDING },
      maxZoom: 19,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      renderWorldCopies: false,
      attributionControl: false,
      fadeDuration: 0,
      locale: { "Map.Title": this.words.map, "Popup.Close": this.words.close },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addImage("hatch", hatch(), { pixelRatio: 2 });
    this.atWhole = !view;
    if (view) { this.map.jumpTo(view); }
    this.ready = new Promise((resolve, reject) => {
      this.map.once("load", resolve);
      this.map.once("error", (event) => reject(event.error));
    });
    this.wire();
  }

  wire() {
    const { map, box, words } = this;
    const bar = document.createElement("div");
    bar.className = "xl-zoom";
    bar.append(
      button("xl-zoom-in", words.closer, "＋", () => map.zoomIn()),
      button("xl-zoom-out", words.farther, "−", () => map.zoomOut()),
      button("xl-whole", words.whole, words.whole, () => this.whole()),
    );
    box.append(bar);
    const cross = document.createElement("span");
    cross.className = "xl-cross";
    map.getCanvasContainer().append(cross);
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") { return; }
      event.preventDefault();
      this.open(map.project(map.getCenter()));
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.popup) { this.popup.remove(); }
    });
    map.on("click", (event) => this.open(event.point));
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = this.meant(event.point) ? "pointer" : "";
    });
    map.on("moveend", () => this.remember());
    map.on("resize", () => { if (this.atWhole) { map.fitBounds(this.month.box, { padding: PADDING, duration: 0 }); } });
    window.addEventListener("hashchange", () => {
      const view = this.view();
      if (view) { map.jumpTo(view); }
    });
  }

  /* The place that the address names: #map=zoom/latitude/longitude */
  view() {
    const found = /^#map=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/.exec(window.location.hash);
    if (!found) { return null; }
    const [zoom, lat, lon] = found.slice(1).map(Number);
    const [west, south, east, north] = this.month.box;
    const inside = lon >= west && lon <= east && lat >= south && lat <= north;
    return inside && zoom <= 22 ? { zoom, center: [lon, lat] } : null;
  }

  remember() {
    const { map } = this;
    const all = map.cameraForBounds(this.month.box, { padding: PADDING });
    const centre = map.getCenter();
    const zoom = map.getZoom();
    const away = map.project(all.center).dist(map.project(centre));
    this.atWhole = Math.abs(zoom - all.zoom) < 0.02 && away < 2;
    const place = this.atWhole
      ? ""
      : `#map=${zoom.toFixed(2)}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`;
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search + place);
  }

  whole() {
    this.map.fitBounds(this.month.box, { padding: PADDING });
  }

  /* Takes the place of the SVG of the page that is there now, with its month and its layers. */
  settle(host, found) {
    if (this.box.parentNode !== host) { host.prepend(this.box); }
    host.classList.add("live");
    if (found !== this.month && this.popup) { this.popup.remove(); }
    this.month = found;
    this.layers(layersIn(host.dataset.layers));
    this.legend(host);
    this.box.dataset.ready = host.dataset.map;
  }

  /* The legend's sentence of the circles stands beside that of the SVG's dots, which is printed. */
  legend(host) {
    const still = host.querySelector('[data-word="dots"]');
    if (!still || !this.month.points) { return; }
    const live = host.querySelector(".xl-live-word") || document.createElement("span");
    live.className = "xl-live-word";
    live.textContent = this.month.points.said;
    still.after(live);
    still.classList.add("xl-still-word");
  }

  layers(shown) {
    this.shown = shown;
    this.map.setStyle(style(this.month, shown));
    this.marked();
  }

  marked() {
    this.marks.forEach((one) => one.marker.remove());
    const again = this.shown.has("again") ? this.month.again : [];
    const hot = this.shown.has("hot") ? this.month.hot : [];
    // the keyboard meets them in the order of their lists, and the first of these lie on top
    this.marks = [...hot.map((one) => this.mark(one, "xl-hot-mark", one.mark)),
      ...again.map((one) => this.mark(one, "xl-again-mark", ""))];
    this.marks.forEach((mark, place) => { mark.element.style.zIndex = String(this.marks.length - place); });
  }

  mark(one, name, text) {
    const element = button(name, one.text, text, (event) => {
      event.stopPropagation();
      this.show(one.at, aboutPlace(this.words, one), element);
    });
    element.addEventListener("focus", () => {
      if (!this.map.getBounds().contains(one.at)) { this.map.panTo(one.at); }
    });
    const marker = new this.lib.Marker({ element }).setLngLat(one.at).addTo(this.map);
    return { one, marker, element };
  }

  /* What is meant at a pixel: a mark, else a circle, else the line of a hot spot, else the area. */
  meant(point) {
    const near = this.marks.find((mark) => this.map.project(mark.one.at).dist(point) <= MARK);
    if (near) { return { mark: near }; }
    const around = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
    const there = this.map.queryRenderedFeatures(around, { layers: ["points", "hot"] });
    const found = there.find((one) => one.layer.id === "points") || there[0]
      || this.map.queryRenderedFeatures(point, { layers: ["areas"] })[0];
    return found ? { found } : null;
  }

  async open(point) {
    const meant = this.meant(point);
    if (!meant) { return; }
    if (meant.mark) { meant.mark.element.click(); return; }
    const { found } = meant;
    if (found.layer.id === "hot") {
      const spot = this.month.hot[found.id];
      this.show(spot.at, aboutPlace(this.words, spot));
    } else if (found.layer.id === "areas") {
      this.map.setFilter("chosen", ["==", ["id"], found.id]);
      this.show(this.map.unproject(point), aboutArea(this.words, this.month.areas[found.id]));
    } else {
      const where = found.geometry.coordinates;
      this.show(where, await this.circle(found.properties, where));
    }
  }

  async circle(given, where) {
    const { points } = this.month;
    const place = (id) => {
      const [lon, lat, count] = points.at[id];
      return { count, href: `${points.href}&at=${lon},${lat}` };
    };
    if (!given.cluster) {
      const one = place(given.place);
      return aboutPlace(this.words, { ...one, text: this.words.here.replace("{n}", one.count) });
    }
    const source = this.map.getSource("points");
    const leaves = await source.getClusterLeaves(given.cluster_id, Infinity, 0);
    const places = leaves.map((leaf) => place(leaf.properties.place)).sort((one, two) => two.count - one.count);
    const zoom = await source.getClusterExpansionZoom(given.cluster_id);
    return aboutCluster(this.words, given.cases, places, () => {
      this.popup.remove();
      this.map.getCanvas().focus();
      this.map.easeTo({ center: where, zoom });
    });
  }

  show(where, content, opener = null) {
    if (this.popup) { this.popup.remove(); }
    const popup = new this.lib.Popup({ maxWidth: "320px", offset: opener ? MARK : REACH, className: "xl-popup" });
    popup.setLngLat(where).setDOMContent(content).addTo(this.map);
    popup.on("close", () => {
      const inside = this.box.contains(document.activeElement) || document.activeElement === document.body;
      if (this.popup === popup) { this.popup = null; }
      if (this.map.getLayer("chosen")) { this.map.setFilter("chosen", ["==", ["id"], -1]); }
      if (inside) { (opener && opener.isConnected ? opener : this.map.getCanvas()).focus({ preventScroll: true }); }
    });
    this.popup = popup;
  }

  remove() {
    this.map.remove();
    this.box.remove();
    const host = drawn();
    if (host) { host.classList.remove("live"); }
  }
}

let here = null;
let starting = false;

function giveUp() {
  if (here) { here.remove(); }
  here = null;
  delete document.documentElement.dataset.liveMap;
}

async function refresh() {
  const host = drawn();
  if (!here || !host) { return; }
  host.prepend(here.box);
  host.classList.add("live");
  const address = host.dataset.map;
  try {
    const found = await data(address);
    if (here && drawn() === host) { here.settle(host, found); }
  } catch {
    giveUp();
  }
}

async function start() {
  const host = drawn();
  if (here || starting || !host?.dataset.lib || !WIDE.matches || !able()) { return; }
  starting = true;
  try {
    const [lib, found] = await Promise.all([import(host.dataset.lib), data(host.dataset.map)]);
    lib.setWorkerUrl(new URL(host.dataset.worker, window.location.href).href);
    here = new DeskMap(lib, host, found);
    await here.ready;
    here.map.on("webglcontextlost", giveUp);
    document.documentElement.dataset.liveMap = "1";
    await refresh();
  } catch {
    giveUp(); // the SVG is there and stays
  }
  starting = false;
}

/* layers.js brings other months and layers into the page; a press on a layer is answered here before the page comes. */
document.addEventListener("xh:layers", refresh);
document.addEventListener("xh:layers-asked", (event) => {
  if (!here) { return; }
  const asked = new URL(event.detail, window.location.href).searchParams;
  const same = new URL(drawn().dataset.map, window.location.href).searchParams;
  const others = ["month", "by", "scheme", "month_by", "value"].every((name) => asked.get(name) === same.get(name));
  if (others) { here.layers(layersIn(asked.get("layers"))); }
});
WIDE.addEventListener("change", start);
start();
