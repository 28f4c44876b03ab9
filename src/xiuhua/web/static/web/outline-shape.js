/* Outlines as numbers: rings, extents, areas, crossings. Nothing here touches the page. ES2017. */
(function () {
  "use strict";
  const NEAR_EDGE = 1e-12;

  /* geometry as lists of polygons of open rings */
  function polygonsOf(geometry) {
    if (!geometry) { return []; }
    const raw = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
    return raw.map(function (rings) {
      return rings.map(function (ring) {
        const open = ring.map(function (p) { return [p[0], p[1]]; });
        const last = open[open.length - 1];
        if (open.length > 1 && open[0][0] === last[0] && open[0][1] === last[1]) { open.pop(); }
        return open;
      });
    });
  }
  function geometryOf(polygons) {
    const closed = polygons.map(function (rings) { return rings.map(function (ring) { return ring.concat([ring[0]]); }); });
    return closed.length === 1 ? { type: "Polygon", coordinates: closed[0] } : { type: "MultiPolygon", coordinates: closed };
  }
  function every(polygons, visit) {
    polygons.forEach(function (rings, k) { rings.forEach(function (ring, j) { ring.forEach(function (p, i) { visit(p, k, j, i, ring); }); }); });
  }
  function extent(polygons) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    every(polygons, function (p) {
      box[0] = Math.min(box[0], p[0]); box[1] = Math.min(box[1], p[1]); box[2] = Math.max(box[2], p[0]); box[3] = Math.max(box[3], p[1]);
    });
    return box;
  }
  function rounded(p) { return [Number(p[0].toFixed(8)), Number(p[1].toFixed(8))]; }

  /* what is measured, in metres around `origin`: the radii of the WGS-84 ellipsoid there */
  function around(origin) {
    const phi = origin[1] * Math.PI / 180, e2 = 0.00669437999014, flat = 1 - e2 * Math.sin(phi) * Math.sin(phi);
    const perLon = 6378137 / Math.sqrt(flat) * Math.cos(phi) * Math.PI / 180;
    const perLat = 6378137 * (1 - e2) / Math.pow(flat, 1.5) * Math.PI / 180;
    function metres(p) { return [(p[0] - origin[0]) * perLon, (origin[1] - p[1]) * perLat]; }
    function degrees(m) { return [origin[0] + m[0] / perLon, origin[1] - m[1] / perLat]; }

    function ringArea(ring) {
      let sum = 0;
      const m = ring.map(metres);
      for (let i = 0; i < m.length; i += 1) { const q = m[(i + 1) % m.length]; sum += m[i][0] * q[1] - q[0] * m[i][1]; }
      return Math.abs(sum / 2);
    }
    function area(polygons) {
      return polygons.reduce(function (sum, rings) {
        return sum + rings.reduce(function (part, ring, i) { return part + (i ? -1 : 1) * ringArea(ring); }, 0);
      }, 0);
    }
    function length(polygons) {
      let sum = 0;
      every(polygons, function (p, _k, _j, i, ring) { const a = metres(p), b = metres(ring[(i + 1) % ring.length]); sum += Math.hypot(a[0] - b[0], a[1] - b[1]); });
      return sum;
    }
    /* where the outline crosses itself: the first two edges that do, by number, and the place */
    function turn(a, b, c) { return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]); }
    function crossing(polygons) {
      const edges = [];
      let n = 0;
      polygons.forEach(function (rings, k) { rings.forEach(function (ring, j) {
        ring.forEach(function (p, i) {
          edges.push({ k: k, j: j, i: i, of: ring.length, n: (n += 1), a: metres(p), b: metres(ring[(i + 1) % ring.length]) });
        });
      }); });
      for (let x = 0; x < edges.length; x += 1) {
        const e = edges[x];
        for (let y = x + 1; y < edges.length; y += 1) {
          const f = edges[y];
          if (Math.max(e.a[0], e.b[0]) < Math.min(f.a[0], f.b[0]) || Math.max(f.a[0], f.b[0]) < Math.min(e.a[0], e.b[0])) { continue; }
          if (Math.max(e.a[1], e.b[1]) < Math.min(f.a[1], f.b[1]) || Math.max(f.a[1], f.b[1]) < Math.min(e.a[1], e.b[1])) { continue; }
          const same = e.k === f.k && e.j === f.j;
          if (same && (f.i === e.i + 1 || (e.i === 0 && f.i === e.of - 1))) { continue; }
          const s = turn(e.a, e.b, f.a), t = turn(e.a, e.b, f.b), u = turn(f.a, f.b, e.a), v = turn(f.a, f.b, e.b);
          if (s * t < -NEAR_EDGE && u * v < -NEAR_EDGE) {
            const w = s / (s - t);
            return { a: e.n, b: f.n, at: [f.a[0] + (f.b[0] - f.a[0]) * w, f.a[1] + (f.b[1] - f.a[1]) * w] };
          }
        }
      }
      return null;
    }
    return { metres: metres, degrees: degrees, area: area, length: length, crossing: crossing };
  }

  window.xoShape = { polygonsOf: polygonsOf, geometryOf: geometryOf, every: every, extent: extent, rounded: rounded, around: around };
}());
