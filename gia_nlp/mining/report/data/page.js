"use strict";
(() => {
  document.documentElement.classList.add("js");
  const dialog = document.querySelector("dialog");
  const body = dialog.querySelector("div");
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#e"]');
    const found = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!found || !found.classList.contains("evidence")) return;
    event.preventDefault();
    body.replaceChildren(...Array.from(found.childNodes, (n) => n.cloneNode(true)));
    dialog.showModal();
  });
  const key = (row, i) => {
    const cell = row.cells[i];
    return "s" in cell.dataset ? Number(cell.dataset.s) : cell.textContent;
  };
  const compare = (a, b) => {
    const missing = (x) => x === "–" || x === "";
    if (missing(a) || missing(b)) return missing(a) - missing(b) || 0;
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "zh");
  };
  for (const box of document.querySelectorAll(".tablebox")) {
    const rows = box.querySelector("tbody");
    const heads = Array.from(box.querySelectorAll("th"));
    heads.forEach((head, i) => head.firstElementChild.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === (head.className === "n" ? "descending" : "ascending");
      const sign = (head.className === "n") === down ? 1 : -1;
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const keyed = Array.from(rows.rows, (row) => [key(row, i), row]);
      keyed.sort((a, b) => {
        const blank = (x) => x === "–" || x === "";
        return blank(a[0]) || blank(b[0]) ? compare(a[0], b[0]) : sign * compare(a[0], b[0]);
      });
      rows.append(...keyed.map((x) => x[1]));
    }));
    const count = box.querySelector(".count");
    const whole = count.textContent;
    box.querySelector("input").addEventListener("input", (event) => {
      const wanted = event.target.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows.rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !wanted.every((w) => text.includes(w));
        shown += !row.hidden;
      }
      count.textContent = wanted.length ? `${shown} / ${count.dataset.all}` : whole;
    });
  }
  for (const table of document.querySelectorAll(".beside")) {
    const light = (event, on) => {
      const mark = event.target.closest("mark");
      if (mark) table.querySelectorAll(`mark[data-p="${mark.dataset.p}"]`).forEach((m) => m.classList.toggle("hot", on));
    };
    table.addEventListener("mouseover", (event) => light(event, true));
    table.addEventListener("mouseout", (event) => light(event, false));
  }
})();
