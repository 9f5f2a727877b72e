// A page's live side: takes fragments from the event stream, moves the carriers, says when the line is lost.
import { Loop } from "./loop.js";

const SILENT_MS = 6000; // the hub speaks every two seconds

const body = document.body;
const loop = Loop.find(document);
const url = body.dataset.stream;
let heardAt = Date.now();

const parser = document.createElement("template");
const shown = new Map(); // what each place held when the page came: the stream's first message repeats it
for (const place of document.querySelectorAll("[data-live]")) shown.set(place, place.innerHTML);

function isShown(place, html) {
  if (!shown.has(place)) return false;
  parser.innerHTML = html;
  const same = parser.innerHTML === shown.get(place);
  shown.delete(place);
  return same;
}

// What finds a link, a list or its handle again after its place was filled anew.
function selector(element) {
  if (element.matches("summary")) return `#${CSS.escape(element.parentElement.id)} > summary`;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const href = element.getAttribute("href");
  return href ? `[href="${CSS.escape(href)}"]` : null;
}

function put(name, html) {
  if (name === "carriers") {
    loop?.update(JSON.parse(html));
    return;
  }
  for (const place of document.querySelectorAll(`[data-live="${CSS.escape(name)}"]`)) {
    if (isShown(place, html)) continue;
    const held = place.contains(document.activeElement) ? selector(document.activeElement) : null;
    const open = [...place.querySelectorAll("details[open]")].map((each) => each.id);
    place.innerHTML = html; // rendered and escaped by the hub
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (held) place.querySelector(held)?.focus();
  }
}

function clockText() {
  const options = { timeZone: body.dataset.zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", options).format(new Date());
}

function showConnection() {
  const lost = Date.now() - heardAt > SILENT_MS;
  const band = document.querySelector("[data-lost-band]");
  if (lost === !band.hidden) return;
  body.classList.toggle("is-lost", lost);
  band.hidden = !lost;
  if (lost) band.textContent = body.dataset.lost.replace("{time}", clockText.at);
  loop?.hold(lost);
}

function follow() {
  const source = new EventSource(url);
  source.addEventListener("fragments", (event) => {
    heardAt = Date.now();
    clockText.at = clockText();
    for (const [name, html] of Object.entries(JSON.parse(event.data))) put(name, html);
    body.dataset.position = event.lastEventId;
    showConnection();
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000); // refused: the browser does not retry
  });
}

const clock = document.querySelector("[data-clock] bdi");
clockText.at = clock?.textContent ?? "";
if (url) {
  follow();
  setInterval(showConnection, 1000);
}
if (clock) setInterval(() => { if (!body.classList.contains("is-lost")) clock.textContent = clockText(); }, 1000);
