// What the page does beyond links and forms: marks answer to clicks, a selection becomes a span. Everything works without it, by typing offsets.
"use strict";
document.documentElement.classList.add("js");

// Offsets count code points, as in the tables; a string counts UTF-16 units.
const points = (text) => { let n = 0; for (const _ of text) n += 1; return n; };

function selectedIn(place) {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!place.contains(range.startContainer) || !place.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(place);
  before.setEnd(range.startContainer, range.startOffset);
  const start = Number(place.dataset.first) + points(before.toString());
  const words = range.toString();
  return { start, end: start + points(words), words };
}

const article = document.querySelector("article.text");
if (article) {
  const light = (id) => {
    document.querySelectorAll(".hot").forEach((e) => e.classList.remove("hot"));
    document.querySelectorAll("mark[data-id]").forEach((e) => { if (e.dataset.id === id) e.classList.add("hot"); });
    const line = document.getElementById("l-" + id);
    if (line) { line.classList.add("hot"); line.scrollIntoView({ block: "nearest" }); }
  };
  article.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-id]");
    if (mark && window.getSelection().isCollapsed) light(mark.dataset.id);
  });
  document.querySelectorAll("li[data-for]").forEach((line) => {
    line.addEventListener("mouseenter", () => light(line.dataset.for));
  });
  const links = ["add-fact", "add-item"].map((id) => document.getElementById(id)).filter(Boolean);
  links.forEach((link) => { link.dataset.plain = link.getAttribute("href"); });
  document.addEventListener("selectionchange", () => {
    const found = selectedIn(article);
    if (!found) return;
    links.forEach((link) => link.setAttribute("href", `${link.dataset.plain}&start=${found.start}&end=${found.end}`));
  });
}

const context = document.getElementById("context");
if (context) {
  const here = context.querySelector("mark");
  if (here) here.scrollIntoView({ block: "nearest" });
  const field = (id) => document.getElementById(id);
  context.addEventListener("mouseup", () => {
    const found = selectedIn(context);
    if (!found) return;
    field("start").value = found.start;
    field("end").value = found.end;
    field("quote").value = found.words;
  });
  const kind = field("kind");
  if (kind) {
    const show = () => document.querySelectorAll("[data-kind]").forEach((e) => { e.hidden = e.dataset.kind !== kind.value; });
    kind.addEventListener("change", show);
    show();
  }
}
