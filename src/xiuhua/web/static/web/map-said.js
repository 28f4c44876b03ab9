/* What the enlarged map says of a thing: its name, its count, the list behind it – the same address as on the SVG. */

/* Places of a circle that are listed at once; the others are seen when it is enlarged. */
const FIRST = 6;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) { made.className = className; }
  if (text) { made.textContent = text; }
  return made;
}

function link(href, text, count) {
  const made = element("a", "", text);
  made.href = href;
  if (count !== undefined) { made.dataset.count = count; }
  return made;
}

const number = (count) => count.toLocaleString("en-US");
const opened = (words, one) => link(one.href, words.cases.replace("{n}", number(one.count)), one.count);

export function aboutPlace(words, one) {
  const box = element("div", "xl-said");
  box.append(element("p", "", one.text), opened(words, one));
  return box;
}

export function aboutArea(words, area) {
  const box = element("div", "xl-said");
  box.append(element("p", "name", area.name));
  if (area.text) { box.append(element("p", "", area.text)); }
  if (area.href) { box.append(link(area.href, words.sheet)); }
  return box;
}

export function aboutCluster(words, cases, places, enlarge) {
  const box = element("div", "xl-said");
  const said = words.around.replace("{n}", number(cases)).replace("{m}", number(places.length));
  const press = element("button", "xh-btn small", words.apart);
  press.type = "button";
  press.addEventListener("click", enlarge);
  const list = element("ul");
  places.slice(0, FIRST).forEach((one) => {
    const row = element("li");
    row.append(opened(words, one));
    list.append(row);
  });
  box.append(element("p", "name", said), press);
  if (places.length > FIRST) { box.append(element("p", "mute", words.some)); }
  box.append(list);
  return box;
}
