/* The borders between queue, case and map can be drawn or moved by arrow keys; the widths are remembered here. ES2017. */
(function () {
  "use strict";
  const ROOT = document.documentElement;
  const KEY = "xt-panes";
  const STEP = 16;
  const CASE_LEAST = 440;
  const handles = Array.from(document.querySelectorAll("[data-pane]"));
  if (!handles.length) { return; }

  function kept() {
    try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch (_error) { return {}; }
  }

  function keep(widths) {
    try { localStorage.setItem(KEY, JSON.stringify(widths)); } catch (_error) { /* a browser that keeps nothing */ }
  }

  const widths = kept();

  function width(handle) {
    const own = widths[handle.dataset.pane];
    return typeof own === "number" ? own : Number(handle.dataset.width);
  }

  function most(handle) {
    const others = handles.filter(function (one) { return one !== handle; });
    const taken = others.reduce(function (sum, one) { return sum + width(one); }, 0);
    return Math.max(Number(handle.dataset.least), window.innerWidth - taken - CASE_LEAST);
  }

  function show() {
    handles.forEach(function (handle) {
      const now = Math.round(Math.min(Math.max(width(handle), Number(handle.dataset.least)), most(handle)));
      ROOT.style.setProperty("--xt-" + handle.dataset.pane, now + "px");
      handle.setAttribute("aria-valuemin", handle.dataset.least);
      handle.setAttribute("aria-valuemax", String(Math.round(most(handle))));
      handle.setAttribute("aria-valuenow", String(now));
    });
  }

  function set(handle, value) {
    widths[handle.dataset.pane] = Math.min(Math.max(value, Number(handle.dataset.least)), most(handle));
    show();
  }

  handles.forEach(function (handle) {
    /* the map's border moves the other way: further left is wider */
    const way = handle.dataset.pane === "map" ? -1 : 1;
    handle.hidden = false;
    handle.addEventListener("pointerdown", function (event) {
      const from = event.clientX;
      const before = width(handle);
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
      function move(moved) { set(handle, before + way * (moved.clientX - from)); }
      function end() {
        handle.removeEventListener("pointermove", move);
        keep(widths);
      }
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", end, { once: true });
      handle.addEventListener("pointercancel", end, { once: true });
    });
    handle.addEventListener("keydown", function (event) {
      const steps = { ArrowLeft: -STEP, ArrowRight: STEP };
      if (event.key in steps) {
        set(handle, width(handle) + way * steps[event.key]);
      } else if (event.key === "Home") {
        delete widths[handle.dataset.pane];
        show();
      } else { return; }
      event.preventDefault();
      event.stopPropagation();
      keep(widths);
    });
    handle.addEventListener("dblclick", function () {
      delete widths[handle.dataset.pane];
      show();
      keep(widths);
    });
  });
  window.addEventListener("resize", show);
  show();
}());
