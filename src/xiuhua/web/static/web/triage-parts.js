/* The desk's dealings with the server: fetching parts of the page, sending forms, the way back, staying in touch.
   Every link and form works without this script. ES2017, no library. */
(function () {
  "use strict";
  const root = document.getElementById("xt");
  if (!root) { return; }
  document.documentElement.classList.add("xt-scripted");
  const words = root.dataset;
  const PARTS = ["xt-list", "xt-case", "xt-map"];
  /* milliseconds between two looks at what colleagues do, and before an opened case counts as being worked on */
  const LOOK = 5000, SETTLED = 700;
  const say = document.getElementById("xt-say");
  const dialog = document.getElementById("xt-dialog");
  const heard = [];
  let turn = 0, under = 0, asking = null;

  function part(id) { return document.getElementById(id); }
  function tell(text) { say.textContent = ""; setTimeout(function () { say.textContent = text; }, 30); }
  function token() { return root.querySelector("input[name=csrfmiddlewaretoken]").value; }
  function onSwap(listener) { heard.push(listener); }

  function swap(html) {
    const made = new DOMParser().parseFromString(html, "text/html");
    const list = root.querySelector(".xt-scroll"), top = list ? list.scrollTop : 0;
    PARTS.forEach(function (id) {
      const fresh = made.getElementById(id), old = part(id);
      if (fresh && old) { old.replaceWith(document.importNode(fresh, true)); }
    });
    const whole = made.getElementById("xt");
    if (whole) { root.classList.toggle("picked", whole.classList.contains("picked")); }
    const again = root.querySelector(".xt-scroll");
    if (again) { again.scrollTop = top; }
    heard.forEach(function (listener) { listener(); });
  }

  /* what is shown is on its way out for as long as this is being waited for: nothing may be done with it */
  function during(promise) {
    const over = function () { under -= 1; };
    under += 1;
    promise.then(over, over);
    return promise;
  }

  function get(query, which) {
    const mine = (turn += 1);
    if (asking) { asking.abort(); }
    asking = new AbortController();
    return during(fetch(words.desk + "?" + query, { headers: { "X-Fragment": which }, credentials: "same-origin", signal: asking.signal }).then(function (answer) {
      return answer.text().then(function (html) {
        if (mine !== turn) { return false; } /* a later wish has been heard meanwhile */
        if (answer.redirected || !answer.ok) { location.href = words.desk + "?" + query; return false; }
        swap(html);
        history.replaceState(null, "", words.desk + "?" + query);
        return true;
      });
    }).catch(function () { if (mine === turn) { tell(words.saidFailed); } return false; }));
  }

  function post(url, fields) {
    return fetch(url, {
      method: "POST", body: fields, credentials: "same-origin",
      headers: { "X-Fragment": "case", "X-CSRFToken": token(), Accept: "application/json, text/html" }
    }).then(function (answer) {
      const json = (answer.headers.get("Content-Type") || "").indexOf("json") > 0;
      return (json ? answer.json() : answer.text()).then(function (body) {
        return { status: answer.status, json: json ? body : null, html: json ? "" : body };
      });
    });
  }

  /* the way back: the newest first, each for as long as the server says */
  const undone = [];
  const bar = part("xt-undo");
  function offer(way) {
    if (!way) { return; }
    undone.push({ text: way.text, moves: way.moves, all: way.seconds * 1000, until: Date.now() + way.seconds * 1000 });
    draw();
  }
  function newest() {
    while (undone.length && undone[undone.length - 1].until <= Date.now()) { undone.pop(); }
    return undone[undone.length - 1];
  }
  function draw() {
    const one = newest();
    bar.hidden = !one;
    if (!one) { return; }
    const left = one.until - Date.now();
    bar.querySelector(".said").textContent = one.text;
    bar.querySelector("[name=moves]").value = one.moves;
    bar.querySelector(".left").textContent = Math.ceil(left / 1000) + " " + words.saidLeft;
    bar.querySelector(".bar").style.setProperty("--left", String(Math.max(0, left / one.all)));
  }
  setInterval(function () { if (undone.length) { draw(); } }, 250);
  if (bar.dataset.moves) {
    offer({ text: bar.querySelector(".said").textContent, moves: bar.dataset.moves, seconds: Number(bar.dataset.seconds) });
  }
  function takeBack() {
    const one = newest();
    if (!one) { tell(words.saidLate); return Promise.resolve(null); }
    undone.pop();
    draw();
    const fields = new FormData();
    fields.append("moves", one.moves);
    return post(words.undo, fields).then(function (answer) {
      if (!answer.json) { tell(words.saidLate); return null; }
      tell([answer.json.said].concat(answer.json.refused.map(function (r) { return r.number + " " + r.why; })).join(" "));
      return answer.json;
    }).catch(function () { tell(words.saidFailed); return null; });
  }

  /* colleagues: who is on which case, what has moved, how many wait; the open case stays claimed */
  let claimed = 0, opened = Date.now();
  function current() { return Number(part("xt-case").dataset.case || 0); }
  function working() { return Boolean(part("xt-main") || document.getElementById("xt-back")); }
  function letGo(key, leaving) {
    if (!key) { return; }
    const fields = new FormData();
    fields.append("case", String(key));
    fields.append("csrfmiddlewaretoken", token());
    if (leaving && navigator.sendBeacon) { navigator.sendBeacon(words.release, fields); } else { post(words.release, fields).catch(function () {}); }
  }
  function show(found) {
    root.querySelectorAll(".xt-rows li").forEach(function (row) {
      const one = found.cases[row.dataset.case];
      const busy = row.querySelector(".busy");
      busy.hidden = !(one && one.busy);
      if (one) { busy.firstElementChild.textContent = one.busy; }
      row.classList.toggle("moved", !one || String(one.version) !== row.dataset.version);
    });
    Object.keys(found.counts).forEach(function (name) {
      const number = root.querySelector("[data-queue-tab=" + name + "] b");
      if (number) { number.textContent = found.counts[name].toLocaleString("en-US"); }
    });
    const here = found.cases[String(current())], busy = part("xt-busy");
    if (here && busy) {
      busy.hidden = !here.busy;
      busy.querySelector(".who").textContent = here.busy;
    }
    if (here && String(here.version) !== part("xt-case").dataset.version) { part("xt-case").classList.add("moved"); }
  }
  function watch() {
    if (document.hidden) { return; }
    const key = current(), ready = working() && Date.now() - opened > SETTLED;
    const fields = new FormData();
    fields.append("keys", Array.from(root.querySelectorAll(".xt-rows li"), function (row) { return row.dataset.case; }).concat([key]).join(","));
    if (ready && key) { fields.append("claim", String(key)); }
    post(words.watch, fields).then(function (answer) {
      if (!answer.json) { return; }
      if (ready && answer.json.claimed) { claimed = key; }
      show(answer.json);
    }).catch(function () {});
  }
  let last = current(), soon = setTimeout(watch, SETTLED + 50);
  onSwap(function () {
    if (current() === last) { return; }
    if (claimed && claimed !== current()) { letGo(claimed, false); claimed = 0; }
    last = current();
    opened = Date.now();
    clearTimeout(soon);
    soon = setTimeout(watch, SETTLED + 50);
  });
  setInterval(watch, LOOK);
  window.addEventListener("pagehide", function () { letGo(claimed, true); claimed = 0; });

  window.xtDesk = {
    root: root, words: words, dialog: dialog, part: part, tell: tell, get: get, post: post, swap: swap, onSwap: onSwap,
    offer: offer, takeBack: takeBack, current: current, during: during, away: function () { return under > 0; }
  };
}());
