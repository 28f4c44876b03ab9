/* The plots of analysis at the desk: ECharts over the page's own numbers. The SVGs are the page without it; the tables stay. */
import { Dots } from "./plots-dots.js";
import { Trends } from "./plots-trends.js";

const WIDE = window.matchMedia("(min-width: 1024px)");
let drawn = false;

async function start() {
  const page = document.querySelector("[data-plots]");
  if (drawn || !page?.dataset.plots || !WIDE.matches) { return; }
  drawn = true;
  try {
    const lib = await import(page.dataset.plots);
    await document.fonts.ready;
    const trends = page.querySelector(".xw-trends");
    const dots = page.querySelector(".xw-dots");
    if (trends.querySelector("tbody tr")) { new Trends(lib, trends); }
    if (dots.querySelector("td[data-dot]")) { new Dots(lib, dots); }
    page.dataset.ready = "1";
  } catch {
    page.querySelectorAll(".xw-canvas, .xw-canvas-mode, .xw-dots-canvas").forEach((one) => one.remove());
    page.querySelectorAll(".live").forEach((one) => one.classList.remove("live")); // the SVGs are there and stay
  }
}

WIDE.addEventListener("change", start);
start();
