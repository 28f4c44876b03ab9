/* Pages about work in the background: they look again every second and open anew once it stands elsewhere. */
(function () {
  "use strict";
  document.documentElement.classList.add("has-script");

  function watch(place) {
    const bar = place.querySelector("progress");
    const percent = place.querySelector("[data-percent]");
    const text = place.querySelector("[data-text]");
    async function look() {
      let told;
      try { told = await (await fetch(place.dataset.poll)).json(); } catch (broken) { setTimeout(look, 3000); return; }
      if (told.state !== place.dataset.state || (told.odd ? "1" : "0") !== place.dataset.odd) { location.reload(); return; }
      text.textContent = told.text;
      if (told.of) { bar.max = told.of; bar.value = told.done; percent.textContent = told.percent + " %"; }
      setTimeout(look, 1000);
    }
    setTimeout(look, 700);
  }

  document.querySelectorAll("[data-poll]").forEach(watch);
}());
