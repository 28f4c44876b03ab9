/* Steps through the months of the map without leaving the page; without this the months are plain links. ES2017. */
(function () {
  "use strict";
  const nav = document.querySelector("[data-layers-months]");
  if (!nav || !window.fetch || !window.DOMParser) { return; }
  const links = () => Array.from(nav.querySelectorAll("ol a"));
  const PAUSE = 1600;
  let asked = 0;
  let timer = 0;

  const row = document.createElement("div");
  row.className = "xl-play";
  const play = document.createElement("button");
  play.type = "button";
  play.className = "xh-btn small";
  play.textContent = nav.dataset.play;
  const slide = document.createElement("input");
  slide.type = "range";
  slide.min = "0";
  slide.setAttribute("aria-label", nav.dataset.slide);
  const said = document.createElement("span");
  said.setAttribute("aria-live", "polite");
  row.append(play, slide, said);
  if (links().length > 1) { nav.append(row); }

  function settle() {
    const all = links();
    if (!all.length) { return; }
    const at = all.findIndex((link) => link.hasAttribute("aria-current"));
    slide.max = String(all.length - 1);
    slide.value = String(at < 0 ? all.length - 1 : at);
    said.textContent = all[Number(slide.value)].textContent;
    slide.setAttribute("aria-valuetext", said.textContent);
    const here = all[Number(slide.value)];
    here.parentElement.parentElement.scrollLeft = here.offsetLeft - here.parentElement.parentElement.clientWidth / 2;
  }
  function stop() {
    window.clearTimeout(timer);
    timer = 0;
    play.textContent = nav.dataset.play;
  }
  /* Brings one month's page and puts its parts in place of ours; a page that does not come is opened as a link. */
  function show(href, then) {
    const mine = asked += 1;
    document.dispatchEvent(new CustomEvent("xh:layers-asked", { detail: href }));
    fetch(href, { credentials: "same-origin", headers: { Accept: "text/html" } }).then((answer) => {
      if (!answer.ok || answer.redirected) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then((text) => {
      if (mine !== asked) { return; }
      const page = new DOMParser().parseFromString(text, "text/html");
      const parts = ["#layers", "#layers-head", "[data-layers-months] ol", ".xw-months", ".xh-foot"];
      parts.forEach((name) => {
        const ours = document.querySelector(name);
        const theirs = page.querySelector(name);
        if (ours && theirs) { ours.replaceWith(document.adoptNode(theirs)); }
      });
      document.title = page.title;
      window.history.replaceState(null, "", href + window.location.hash);
      settle();
      document.dispatchEvent(new CustomEvent("xh:layers"));
      if (then) { then(); }
    }).catch(() => { stop(); window.location.assign(href); });
  }
  function next() {
    const at = Number(slide.value) + 1;
    if (!timer || at > Number(slide.max)) { stop(); return; }
    show(links()[at].href, () => { if (timer) { timer = window.setTimeout(next, PAUSE); } });
  }
  slide.addEventListener("input", () => {
    const link = links()[Number(slide.value)];
    said.textContent = link.textContent;
    slide.setAttribute("aria-valuetext", said.textContent);
  });
  slide.addEventListener("change", () => { stop(); show(links()[Number(slide.value)].href); });
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    play.textContent = nav.dataset.stop;
    timer = window.setTimeout(next, PAUSE);
    if (slide.value === slide.max) { show(links()[0].href); }
  });
  /* While the map that can be enlarged is there, layers, values and months change under it: it keeps its place. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".xl-tools a, [data-layers-months] ol a");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || !document.documentElement.dataset.liveMap) { return; }
    event.preventDefault();
    stop();
    const group = link.closest("nav").getAttribute("aria-label");
    const place = Array.from(link.closest("nav").querySelectorAll("a")).indexOf(link);
    show(link.href, () => {
      const same = Array.from(document.querySelectorAll("nav")).find((nav) => nav.getAttribute("aria-label") === group);
      const next = same && same.querySelectorAll("a")[place];
      if (next) { next.focus({ preventScroll: true }); }
    });
  });
  settle();
}());
