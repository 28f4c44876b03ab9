/* The desk by keyboard: J K move, A does, R says no, M merges, X ticks, Z takes back, / searches, ? helps. ES2017. */
(function () {
  "use strict";
  const desk = window.xtDesk;
  if (!desk) { return; }
  const root = desk.root, dialog = desk.dialog, part = desk.part;
  const wide = window.matchMedia("(min-width: 1024px)");
  /* in which question a number chooses, and the form that it then sends */
  let choosing = null;

  function rows() { return Array.from(root.querySelectorAll(".xt-rows li")); }
  function here() { return root.querySelector(".xt-rows li.here"); }
  function link(row) { return row.querySelector("a"); }
  function query(anchor) { return anchor.getAttribute("href").slice(1); }

  function mark(row) {
    rows().forEach(function (one) {
      one.classList.toggle("here", one === row);
      if (one === row) { link(one).setAttribute("aria-current", "true"); } else { link(one).removeAttribute("aria-current"); }
    });
    if (row) {
      row.scrollIntoView({ block: "nearest" });
      link(row).focus({ preventScroll: true });
    }
  }
  function announce(row) {
    const all = rows(), what = link(row).querySelector(".what").textContent, due = link(row).querySelector(".due").textContent;
    desk.tell((all.indexOf(row) + 1) + " / " + all.length + " " + what + " " + due.trim());
  }
  function open(row) {
    if (!row) { return; }
    mark(row);
    announce(row);
    desk.get(query(link(row)), "case");
  }
  function step(by) {
    const all = rows(), at = all.indexOf(here()), to = all[at + by];
    if (to) { open(to); return; }
    const next = part("xt-next");
    if (by > 0 && next) { desk.get(query(next), "panes").then(settle); }
  }
  function settle() {
    const row = here();
    if (row && !document.querySelector("[data-focus]")) { mark(row); announce(row); }
  }
  /* where the desk goes on after a case has left the list: the one below it, else the one above */
  function after(keys) {
    const all = rows(), gone = keys.map(String);
    const at = Math.max.apply(null, all.map(function (row, i) { return gone.indexOf(row.dataset.case) < 0 ? -1 : i; }).concat([-1]));
    const left = function (row) { return gone.indexOf(row.dataset.case) < 0; };
    return all.slice(at + 1).find(left) || all.slice(0, Math.max(at, 0)).reverse().find(left) || null;
  }
  function listQuery(key) {
    const asked = new URLSearchParams(location.search), queue = part("xt-list").dataset.queue;
    if (queue) { asked.set("queue", queue); }
    if (key) { asked.set("case", key); } else { asked.delete("case"); }
    return asked.toString();
  }

  /* sending */
  function fields(form, button) {
    const made = new FormData(form);
    if (button && button.name) { made.append(button.name, button.value); }
    return made;
  }
  function failed(form) { delete form.dataset.sent; desk.tell(desk.words.saidFailed); }
  function act(form, button) {
    const key = part("xt-case").dataset.case, next = after([key]);
    desk.during(desk.post(form.getAttribute("action"), fields(form, button))).then(function (answer) {
      choosing = null;
      if (answer.json) {
        desk.offer(answer.json.undo);
        desk.tell(answer.json.said);
        return desk.get(listQuery(next && next.dataset.case), "panes").then(settle);
      }
      if (answer.status === 404) {
        desk.tell(desk.words.saidGone);
        return desk.get(listQuery(next && next.dataset.case), "panes").then(settle);
      }
      desk.swap(answer.html);
      const first = part("xt-case").querySelector("[data-focus], [aria-invalid=true], .bad input, .bad textarea");
      if (first) { first.focus(); }
      const said = part("xt-case").querySelector(".xt-stale, .error");
      if (said) { desk.tell(said.textContent.trim()); }
      return null;
    }).catch(function () { failed(form); });
  }
  function back() {
    desk.takeBack().then(function (done) {
      if (done) { desk.get(listQuery(String(done.case)), "panes").then(settle); }
    });
  }
  function show(html) {
    const made = new DOMParser().parseFromString(html, "text/html");
    dialog.replaceChildren.apply(dialog, Array.from(made.body.childNodes, function (node) { return document.importNode(node, true); }));
    if (!dialog.open) { dialog.showModal(); }
    const first = dialog.querySelector("select, textarea, button, a");
    if (first) { first.focus(); }
  }
  function bulk(form, button) {
    desk.post(form.getAttribute("action"), fields(form, button)).then(function (answer) {
      delete form.dataset.sent;
      if (!answer.json) { show(answer.html); return; }
      const keys = answer.json.undo ? answer.json.undo.moves.split(",").map(function (pair) { return pair.split(":")[0]; }) : [];
      const next = after(keys);
      dialog.close();
      desk.offer(answer.json.undo);
      desk.tell(answer.json.said);
      if (answer.json.refused && answer.json.refused.length) { refused(answer.json.refused); }
      desk.get(listQuery(next && next.dataset.case), "panes").then(settle);
    }).catch(function () { failed(form); });
  }
  function refused(list) {
    const box = document.createElement("div"), head = document.createElement("h2"), names = document.createElement("ul"), close = document.createElement("button");
    box.className = "xt-confirm";
    head.className = "h2";
    head.textContent = list.length + " " + desk.words.saidRefused;
    list.forEach(function (one) {
      const row = document.createElement("li"), number = document.createElement("b");
      number.textContent = one.number + " ";
      row.append(number, one.why);
      names.append(row);
    });
    close.type = "button";
    close.className = "xh-btn main";
    close.textContent = desk.words.saidClose;
    close.addEventListener("click", function () { dialog.close(); });
    box.append(head, names, close);
    dialog.replaceChildren(box);
    if (!dialog.open) { dialog.showModal(); }
  }
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented) { return; }
    const handle = { "xt-main": act, "xt-back-form": act, "xt-merge": act, "xt-bulk": bulk, "xt-confirm": bulk }[form.id];
    if (handle) {
      event.preventDefault();
      handle(form, event.submitter);
    } else if (form.closest("#xt-undo")) {
      event.preventDefault();
      delete form.dataset.sent;
      back();
    }
  });

  /* choosing by number */
  function choose(scope, form) {
    stop();
    choosing = { scope: scope, form: form };
    scope.classList.add("xt-choosing");
    const first = scope.querySelector("[data-pick]");
    if (first) { first.focus(); }
    desk.tell(Array.from(scope.querySelectorAll("[data-pick]"), function (one) {
      return one.dataset.pick + " " + (one.closest("label") || one).textContent.replace(/^\s*\d\s*/, "").trim();
    }).join("，"));
  }
  function stop() {
    if (choosing) { choosing.scope.classList.remove("xt-choosing"); }
    choosing = null;
  }
  function pick(number) {
    const one = choosing.scope.querySelector("[data-pick=\"" + number + "\"]"), form = choosing.form;
    if (!one) { return; }
    if (one.dataset.reply) { fill(one); } else if (one.type === "radio") { one.checked = true; }
    stop();
    if (one.type === "submit") { one.click(); } else { answer(form); } /* on to what is still open, or off it goes */
  }
  function fill(button) {
    const into = part(button.dataset.into);
    into.value = button.dataset.reply;
    into.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function send(form) {
    form.requestSubmit(form.id === "xt-main" ? part("xt-go") : form.querySelector("[type=submit]"));
  }
  function open_question(form) {
    return Array.from(form.querySelectorAll("[data-needed]")).find(function (ask) {
      const field = ask.querySelector("select, textarea, input[type=datetime-local]");
      if (ask.classList.contains("radios")) { return !ask.querySelector(":checked"); }
      return field && !field.value.trim();
    });
  }
  function answer(form) {
    const ask = open_question(form);
    if (!ask) { send(form); return; }
    if (ask.querySelector("[data-pick]")) { choose(ask, form); return; }
    const field = ask.querySelector("select, textarea, input");
    field.focus();
    desk.tell(ask.querySelector(".lb").textContent);
  }
  function main() {
    const go = part("xt-go"), form = part("xt-main");
    if (form) { answer(form); } else if (go) { go.click(); }
  }
  function no() {
    const box = part("xt-back");
    if (!box) { return; }
    box.open = true;
    box.scrollIntoView({ block: "nearest" });
    const form = part("xt-back-form"), ask = form.querySelector("[data-needed]");
    if (ask && ask.querySelector("[data-pick]")) { choose(ask, form); } else { form.querySelector("textarea, select, input:not([type=hidden])").focus(); }
  }
  function merge() {
    const form = part("xt-merge"), all = form ? form.querySelectorAll("[data-pick]") : [];
    if (all.length === 1 || (choosing && choosing.form === form && all.length)) { stop(); all[0].click(); } else if (all.length) { choose(form, form); }
  }

  /* ticking */
  let tickedLast = null;
  function ticks() { return Array.from(root.querySelectorAll(".xt-rows input[name=pick]")); }
  function count() {
    const all = ticks(), on = all.filter(function (one) { return one.checked; }).length, bar = part("xt-bulkbar"), every = part("xt-all");
    if (!bar) { return; }
    bar.hidden = !on;
    part("xt-count").textContent = on + " / " + all.length;
    every.hidden = false;
    every.checked = on === all.length;
    every.indeterminate = on > 0 && on < all.length;
  }
  root.addEventListener("click", function (event) {
    const box = event.target.closest("input[name=pick]");
    if (!box) { return; }
    const all = ticks(), from = all.indexOf(tickedLast), to = all.indexOf(box);
    if (event.shiftKey && from >= 0) {
      all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (one) { one.checked = box.checked; });
    }
    tickedLast = box;
    count();
  });
  root.addEventListener("change", function (event) {
    if (event.target.id === "xt-all") { ticks().forEach(function (one) { one.checked = event.target.checked; }); }
    count();
  });

  /* what scripts add to each part as it comes */
  function dress() {
    root.querySelectorAll(".xt-replies").forEach(function (one) { one.hidden = false; });
    root.querySelectorAll("[data-back]").forEach(function (one) { one.hidden = false; });
    count();
  }
  desk.onSwap(function () { choosing = null; dress(); });
  dress();

  root.addEventListener("click", function (event) {
    const reply = event.target.closest("[data-reply]"), anchor = event.target.closest("a");
    if (reply) {
      if (choosing) { pick(reply.dataset.pick); } else { fill(reply); part(reply.dataset.into).focus(); }
      return;
    }
    if (event.target.closest("[data-back]")) { no(); return; }
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
    if (anchor.matches("[data-guide]")) { event.preventDefault(); guide(); return; }
    if (anchor.matches("[data-zoom], [data-open]")) {
      event.preventDefault();
      const again = anchor.matches("[data-zoom]") ? anchor.getAttribute("aria-label") : "";
      desk.get(query(anchor), "case").then(function () {
        const same = again && root.querySelector("[data-zoom][aria-label=\"" + again + "\"]");
        if (same) { same.focus(); } else { part("xt-case").focus(); }
      });
      return;
    }
    const row = anchor.closest(".xt-rows li");
    if (row && wide.matches) { event.preventDefault(); open(row); }
  });
  dialog.addEventListener("click", function (event) {
    if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
  });
  dialog.addEventListener("close", function () { if (here()) { link(here()).focus({ preventScroll: true }); } });
  function guide() {
    fetch(desk.words.help, { headers: { "X-Fragment": "help" }, credentials: "same-origin" })
      .then(function (answer) { return answer.text(); }).then(show).catch(function () { desk.tell(desk.words.saidFailed); });
  }

  const KEYS = {
    j: function () { step(1); }, k: function () { step(-1); }, a: main, r: no, m: merge, z: back, "?": guide,
    x: function () { const box = here() && here().querySelector("input[name=pick]"); if (box) { box.click(); } },
    "/": function () { part("xt-q").focus(); part("xt-q").select(); }
  };
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || dialog.open) { return; }
    const at = event.target, form = at.closest(".xt-form");
    if (event.key === "Escape") {
      const box = part("xt-back");
      stop();
      if (box && box.open) { box.open = false; }
      if (here()) { link(here()).focus({ preventScroll: true }); } else { at.blur(); }
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && form && form.tagName === "FORM" && at.matches("textarea, select")) {
      event.preventDefault();
      answer(form);
      return;
    }
    const typing = at.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (typing) { return; }
    const digit = /^[1-9]$/.test(event.key), key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    /* the case that was chosen is not there yet, and what is pressed was not meant for the one that still is */
    if (desk.away() && (digit || key in { a: 1, r: 1, m: 1 })) { event.preventDefault(); return; }
    if (choosing && digit) { event.preventDefault(); pick(event.key); return; }
    const handle = KEYS[key];
    if (handle) { event.preventDefault(); handle(); }
  });
}());
