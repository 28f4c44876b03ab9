/* An undo that is offered for a few seconds counts them down and goes; the quiet button further down stays. ES2017. */
(function () {
  "use strict";
  const bar = document.querySelector("[data-undo]");
  if (!bar) { return; }
  const left = bar.querySelector(".left");
  const text = left ? left.textContent : "";
  let seconds = Number(bar.dataset.undo);
  const timer = setInterval(function () {
    /* somebody who stands on the button is not robbed of it */
    if (bar.contains(document.activeElement)) { return; }
    seconds -= 1;
    if (left) { left.textContent = text.replace(/\d+/, String(seconds)); }
    if (seconds <= 0) { clearInterval(timer); bar.remove(); }
  }, 1000);
}());
