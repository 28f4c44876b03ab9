/* Bringing a file in: pieces that go on where the line broke, a preview that follows, work that is watched. ES2017. */
(function () {
  "use strict";
  document.documentElement.classList.add("has-script");

  function pause(ms) { return new Promise(function (wake) { setTimeout(wake, ms); }); }
  function token(form) { return form.querySelector("[name=csrfmiddlewaretoken]").value; }
  function megabytes(n) { return n < 1048576 ? Math.max(1, Math.round(n / 1024)) + " KB" : (n / 1048576).toFixed(1) + " MB"; }
  function uuid() {
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    const hex = Array.from(b, function (one) { return (one + 256).toString(16).slice(1); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /* sending */
  function sending(form) {
    const input = form.querySelector("input[type=file]");
    const drop = form.querySelector("[data-drop]");
    const way = form.querySelector("[data-way]");
    const bar = way.querySelector("progress");
    const percent = way.querySelector("[data-percent]");
    const text = way.querySelector("[data-text]");
    const line = way.querySelector("[data-line]");
    const error = form.querySelector("[data-error]");
    const cancel = form.querySelector("[data-cancel]");
    const anew = form.querySelector("[data-anew]");
    let stopped = false;
    let place = null;

    function shown(offset, size) {
      bar.max = size;
      bar.value = offset;
      percent.textContent = Math.floor(100 * offset / size) + " %";
      text.textContent = megabytes(offset) + " / " + megabytes(size);
    }
    function wrong(sentence) {
      error.textContent = sentence;
      error.hidden = !sentence;
      if (sentence) { way.hidden = true; cancel.hidden = true; drop.hidden = false; input.value = ""; }
    }
    async function ask(url, options) {
      /* a line that breaks is tried again for as long as somebody is here; an answer that refuses is not */
      for (let wait = 1000; !stopped; wait = Math.min(wait * 2, 15000)) {
        try {
          const answer = await fetch(url, options);
          if (answer.status < 500 || answer.status === 507) { line.textContent = ""; return answer; }
        } catch (broken) { /* the line, not the server */ }
        line.textContent = form.dataset.lost;
        await pause(wait);
      }
      return null;
    }
    function headers(more) { return Object.assign({ "X-CSRFToken": token(form) }, more); }

    async function send(file, number) {
      error.hidden = true;
      anew.hidden = true;
      drop.hidden = true;
      way.hidden = false;
      cancel.hidden = false;
      cancel.focus();
      shown(0, file.size);
      const said = { client_uuid: number, name: file.name, size: file.size, stamp: file.lastModified };
      let answer = await ask(form.dataset.begin, { method: "POST", headers: headers({ "Content-Type": "application/json" }), body: JSON.stringify(said) });
      if (!answer) { return; }
      let told = await answer.json();
      if (!answer.ok) { wrong(told.sentence); return; }
      place = told;
      history.replaceState(null, "", told.href);
      let offset = told.offset;
      while (!stopped && !told.whole) {
        shown(offset, file.size);
        const body = file.slice(offset, offset + Number(form.dataset.piece));
        answer = await ask(place.piece, { method: "POST", headers: headers({ "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) }), body: body });
        if (!answer) { return; }
        told = await answer.json();
        if (answer.status === 409) { offset = told.offset; told.whole = false; continue; }
        if (!answer.ok) { wrong(told.sentence); return; }
        offset = told.offset;
      }
      if (stopped) { return; }
      shown(file.size, file.size);
      line.textContent = form.dataset.sent;
      cancel.hidden = true;
      location.assign(place.href);
    }

    function chosen(file) {
      if (!file) { return; }
      const known = form.dataset;
      if (!known.uuid) { send(file, uuid()); return; }
      if (file.name === known.name && String(file.size) === known.size && (known.stamp === "0" || String(file.lastModified) === known.stamp)) {
        send(file, known.uuid);
        return;
      }
      wrong(known.other);
      anew.hidden = false;
      anew.onclick = function () { send(file, uuid()); };
      anew.focus();
    }

    input.addEventListener("change", function () { chosen(input.files[0]); });
    /* chosen before this script was there; what a browser puts back into a page that it opens again was not chosen */
    if (performance.getEntriesByType("navigation").every(function (one) { return one.type === "navigate"; })) { chosen(input.files[0]); }
    form.addEventListener("submit", function (event) { event.preventDefault(); event.stopPropagation(); });
    cancel.addEventListener("click", function () {
      stopped = true;
      if (!place) { location.reload(); return; }
      const gone = document.createElement("form");
      gone.method = "post";
      gone.action = place.discard;
      [["csrfmiddlewaretoken", token(form)], ["do", "discard"]].forEach(function (pair) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = pair[0];
        field.value = pair[1];
        gone.append(field);
      });
      document.body.append(gone);
      gone.submit();
    });
    ["dragenter", "dragover"].forEach(function (name) {
      drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      drop.addEventListener(name, function () { drop.classList.remove("over"); });
    });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      chosen(event.dataTransfer.files[0]);
    });
  }

  /* reading: parts of the page follow what is chosen. What has the focus, and what was chosen while the answer was on
     its way, stays: an element is changed where it stands if the answer has it too. */
  function sign(node) {
    if (node.nodeType !== 1) { return node.nodeName; }
    const named = node.id || (node.name ? node : node.querySelector("[name]") || node).name || "";
    return node.nodeName + " " + named + " " + (node.type === "radio" ? node.value : "");
  }
  function values(select) { return Array.from(select.options, function (one) { return one.value; }).join("\n"); }
  function follows(here, there) {
    if (here.nodeType !== 1) { if (here.data !== there.data) { here.data = there.data; } return; }
    Array.from(here.attributes).forEach(function (one) { if (!there.hasAttribute(one.name)) { here.removeAttribute(one.name); } });
    Array.from(there.attributes).forEach(function (one) {
      if (here.getAttribute(one.name) !== one.value) { here.setAttribute(one.name, one.value); }
    });
    if (here.nodeName === "SELECT" && values(here) === values(there)) { return; }
    let at = here.firstChild;
    Array.from(there.childNodes).forEach(function (other) {
      let same = at;
      while (same && sign(same) !== sign(other)) { same = same.nextSibling; }
      if (!same) { here.insertBefore(document.adoptNode(other), at); return; }
      while (at !== same) { const gone = at; at = at.nextSibling; gone.remove(); }
      at = same.nextSibling;
      follows(same, other);
    });
    while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
  }
  function live(form) {
    let turn = 0;
    async function follow() {
      const mine = turn += 1;
      const body = new FormData(form);
      body.set("do", "preview");
      let text;
      try {
        const answer = await fetch(form.action, { method: "POST", headers: { "X-Requested-With": "fetch" }, body: body });
        text = answer.ok ? await answer.text() : "";
      } catch (broken) { return; }
      if (!text || mine !== turn) { return; } /* something else has been chosen meanwhile, and is being asked for */
      const fresh = new DOMParser().parseFromString(text, "text/html");
      document.querySelectorAll("[id^=live-]").forEach(function (part) {
        const other = fresh.getElementById(part.id);
        if (other) { follows(part, other); }
      });
    }
    form.addEventListener("change", function (event) {
      const item = event.target.closest(".xi-strip li");
      if (item) { item.classList.toggle("off", !event.target.value); }
      if (["sheet", "header_row"].includes(event.target.name)) { form.requestSubmit(form.querySelector("[value=preview]")); return; }
      follow();
    });
  }

  document.querySelectorAll("form[data-send]").forEach(sending);
  document.querySelectorAll("form[data-live]").forEach(live);
}());
