/* Keys for the queue of disagreements; every row works without them. ES2017. */
(function () {
  "use strict";
  const rows = Array.from(document.querySelectorAll("[data-row]"));
  const all = document.querySelector("[data-all]");
  function boxOf(row) { return row.querySelector("input[name=pick]"); }
  if (all) {
    all.closest("label").hidden = false;
    all.addEventListener("change", function () {
      rows.forEach(function (row) { if (boxOf(row)) { boxOf(row).checked = all.checked; } });
    });
  }
  const tab = document.querySelector(".xr-tabs [aria-current]");
  if (tab) { tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft; }
  const wrong = document.querySelector(".xr-row.wrong");
  if (wrong) { wrong.focus(); }
  function step(by) {
    const here = rows.indexOf(document.activeElement.closest("[data-row]"));
    const next = rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) { return; }
    const key = event.key.toLowerCase();
    if (key === "j") { step(1); }
    if (key === "k") { step(-1); }
    const row = document.activeElement.closest("[data-row]");
    if (key === "x" && row && boxOf(row)) { boxOf(row).checked = !boxOf(row).checked; }
    if (key === "enter" && row && document.activeElement === row) { row.querySelector("h2 a").click(); }
    if (key === "z") {
      const undo = document.querySelector("[data-undo] button");
      if (undo) { undo.click(); }
    }
  });
}());
