/* Small comforts; every page works without them. ES2017. */
(function () {
  "use strict";
  function closeMenus(except) {
    document.querySelectorAll("details.xh-menu[open]").forEach(function (menu) {
      if (menu !== except) { menu.removeAttribute("open"); }
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.xh-menu"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    const menu = event.target.closest("details.xh-menu[open]");
    closeMenus(null);
    if (menu) { menu.querySelector("summary").focus(); }
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  const errors = document.querySelector(".xh-errors[autofocus]");
  if (errors) { errors.focus(); }
  /* a form is sent once, however often it is pressed */
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
}());
