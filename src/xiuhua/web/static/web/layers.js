/* Steps through the months of the map without leaving the page; without this the months are plain links. ES2017. */
(function () {
  "use strict";
  const nav = document.querySelector("[data-layers-months]");
  if (!nav || !window.fetch || !window.DOMParser) { return; }
  const links = () => Array.from(nav.querySelectorAll("ol a"));
  if (links().length < 2) { return; }
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
  nav.append(row);

  function settle() {
    const all = links();
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
  function show(at, then) {
    const link = links()[at];
    const mine = asked += 1;
    fetch(link.href, { credentials: "same-origin", headers: { Accept: "text/html" } }).then((answer) => {
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
      window.history.replaceState(null, "", link.href);
      settle();
      if (then) { then(); }
    }).catch(() => { stop(); window.location.assign(link.href); });
  }
  function next() {
    const at = Number(slide.value) + 1;
    if (!timer || at > Number(slide.max)) { stop(); return; }
    show(at, () => { if (timer) { timer = window.setTimeout(next, PAUSE); } });
  }
  slide.addEventListener("input", () => {
    const link = links()[Number(slide.value)];
    said.textContent = link.textContent;
    slide.setAttribute("aria-valuetext", said.textContent);
  });
  slide.addEventListener("change", () => { stop(); show(Number(slide.value)); });
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    play.textContent = nav.dataset.stop;
    timer = window.setTimeout(next, PAUSE);
    if (slide.value === slide.max) { show(0); }
  });
  settle();
}());
