/* What the enlarged map draws: our own colours, read from the page's tokens, and the month's data as sources of MapLibre. */

const CLASSES = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "d1", "d2", "d3", "d4", "d5", "d6", "d7"];
/* Circles are counted together until here; from here on each coordinate stands for itself. */
export const APART = 15;
const E7 = 1e7;
const NONE = { type: "FeatureCollection", features: [] };

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const large = () => document.documentElement.dataset.size === "elder";

function feature(geometry, properties, id) {
  return { type: "Feature", id, geometry, properties };
}
function at(place, properties, id) {
  return feature({ type: "Point", coordinates: place }, properties, id);
}
const collection = (features) => ({ type: "FeatureCollection", features });

/* The month's data as GeoJSON by source; properties carry the place in the data, where name, count and address are. */
export function shaped(data) {
  return {
    areas: collection(data.areas.map((one, id) => feature(one.shape, { colour: one.colour }, id))),
    names: collection(data.areas.map((one, id) => at(one.at, { name: one.name, colour: one.colour }, id))),
    hot: collection(data.hot.map((one, id) => feature(one.shape, {}, id))),
    points: data.points
      ? collection(data.points.at.map(([lon, lat, cases], id) => at([lon / E7, lat / E7], { cases, place: id }, id)))
      : NONE,
  };
}

/* Slanting lines: no number, which is not zero. */
export function hatch() {
  const side = 16;
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext("2d");
  pen.fillStyle = token("map-none");
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = token("map-hatch");
  pen.lineWidth = 3;
  [-side, 0, side].forEach((shift) => {
    pen.beginPath();
    pen.moveTo(shift - 4, side + 4);
    pen.lineTo(shift + side + 4, -4);
    pen.stroke();
  });
  return pen.getImageData(0, 0, side, side);
}

function byClass(prefix, otherwise) {
  return ["match", ["get", "colour"], ...CLASSES.flatMap((name) => [name, token(prefix + name)]), otherwise];
}

function ground(land) {
  const filled = land ? token("map-none") : byClass("", token("map-none"));
  const none = ["==", ["get", "colour"], "none"];
  return [
    { id: "ground", type: "background", paint: { "background-color": token("map-ground") } },
    { id: "areas", type: "fill", source: "areas", paint: { "fill-color": filled } },
    {
      id: "areas-none",
      type: "fill",
      source: "areas",
      filter: none,
      layout: { visibility: land ? "none" : "visible" },
      paint: { "fill-pattern": "hatch" },
    },
    {
      id: "edges",
      type: "line",
      source: "areas",
      layout: { "line-join": "round" },
      paint: {
        "line-color": land ? token("map-hatch") : ["case", none, token("map-hatch"), token("map-street")],
        "line-width": 1.5,
      },
    },
    {
      id: "chosen",
      type: "line",
      source: "areas",
      filter: ["==", ["id"], -1],
      layout: { "line-join": "round" },
      paint: { "line-color": token("map-edge"), "line-width": 3 },
    },
  ];
}

function spots(shown) {
  const layout = { "line-join": "round", visibility: shown.has("hot") ? "visible" : "none" };
  return [
    {
      id: "hot-rim",
      type: "line",
      source: "hot",
      layout,
      paint: { "line-color": token("map-street"), "line-width": 5.5 },
    },
    {
      id: "hot",
      type: "line",
      source: "hot",
      layout,
      paint: { "line-color": token("map-edge"), "line-width": 2.5, "line-dasharray": [3, 1.6] },
    },
  ];
}

function names(land, fonts) {
  const ink = token("ink");
  return {
    id: "names",
    type: "symbol",
    source: "names",
    layout: {
      "text-field": ["get", "name"],
      "text-font": fonts,
      "text-size": large() ? 20 : 14,
      "text-max-width": 9,
      "text-padding": 4,
    },
    paint: {
      "text-color": land ? ink : byClass("on-", ink),
      "text-halo-color": land ? token("map-none") : byClass("", token("map-none")),
      "text-halo-width": 1.6,
    },
  };
}

/* A circle says how many cases it stands for; a single case needs no number. */
function points(shown, fonts) {
  const visibility = shown.has("points") ? "visible" : "none";
  const cases = ["get", "cases"];
  const many = [">", cases, 1];
  const radius = ["step", cases, 4, 2, 9, 10, 11, 50, 14, 200, 18, 1000, 23];
  return [
    {
      id: "points",
      type: "circle",
      source: "points",
      layout: { visibility, "circle-sort-key": cases },
      paint: {
        "circle-radius": radius,
        "circle-color": token("map-edge"),
        "circle-stroke-color": token("map-street"),
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "counts",
      type: "symbol",
      source: "points",
      filter: many,
      layout: {
        visibility,
        "text-field": ["to-string", cases],
        "text-font": fonts,
        "text-size": ["step", cases, 12, 50, 13, 200, 14],
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": token("map-street") },
    },
  ];
}

/* The whole style: no tiles, no glyphs, no address of anybody else; letters come from the fonts of this machine. */
export function style(data, shown) {
  const land = !shown.has("colour") || data.areas.every((one) => one.colour === "land");
  const fonts = token("sans").split(",").map((name) => name.trim().replace(/["']/g, "")).filter(Boolean).slice(0, 8);
  const geojson = shaped(data);
  const source = (name, more = {}) => ({ type: "geojson", data: geojson[name], tolerance: 0.1, ...more });
  return {
    version: 8,
    sources: {
      areas: source("areas"),
      names: source("names"),
      hot: source("hot"),
      points: source("points", {
        cluster: true,
        clusterRadius: 44,
        clusterMaxZoom: APART - 1,
        clusterProperties: { cases: ["+", ["get", "cases"]] },
      }),
    },
    layers: [...ground(land), ...points(shown, fonts), ...spots(shown), names(land, fonts)],
  };
}
