"use strict";
// Makes the table of figures one to search, sort and page through. Without it, all of them are shown.
(() => {
  const table = document.getElementById("listed");
  if (!table) return;
  const AT_ONCE = 25;
  const by = (id) => document.getElementById(id);
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row, place) => ({
    row, place, kind: row.dataset.kind, words: row.textContent.toLowerCase(),
  }));
  const heads = Array.from(table.tHead.rows[0].cells);
  let sorting = null; // {column, ascending}
  let page = 0;

  const key = (one, column) => {
    const cell = one.row.cells[column];
    const value = cell.dataset.sort ?? cell.textContent.trim().toLowerCase();
    return heads[column].dataset.by === "number" ? Number(value) : value;
  };
  const compare = (one, other) => {
    if (!sorting) return one.place - other.place;
    const [a, b] = [key(one, sorting.column), key(other, sorting.column)];
    const order = typeof a === "number" ? a - b : a.localeCompare(b);
    return (sorting.ascending ? order : -order) || one.place - other.place;
  };
  const show = () => {
    const words = by("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = by("kind").value;
    const found = rows.filter((one) => (!kind || one.kind === kind) && words.every((word) => one.words.includes(word)));
    const pages = Math.max(1, Math.ceil(found.length / AT_ONCE));
    page = Math.min(Math.max(page, 0), pages - 1);
    const first = page * AT_ONCE;
    const shown = new Set(found.slice(first, first + AT_ONCE));
    for (const one of rows) one.row.hidden = !shown.has(one);
    by("found").textContent = found.length === rows.length ? `${found.length.toLocaleString("en")} figures`
      : `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} figures`;
    by("place").textContent = `page ${page + 1} of ${pages}`;
    by("earlier").disabled = page === 0;
    by("later").disabled = page === pages - 1;
  };
  const arrange = () => {
    rows.sort(compare);
    body.append(...rows.map((one) => one.row));
    page = 0;
    show();
  };
  const turn = (by) => { page += by; show(); table.scrollIntoView({ block: "start" }); };

  heads.forEach((head, column) => {
    if (!head.dataset.by) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const ascending = sorting?.column === column ? !sorting.ascending : head.dataset.by !== "number";
      sorting = { column, ascending };
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      arrange();
    });
  });
  by("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const [id, event] of [["search", "input"], ["kind", "change"]]) by(id).addEventListener(event, () => { page = 0; show(); });
  by("earlier").addEventListener("click", () => turn(-1));
  by("later").addEventListener("click", () => turn(1));
  table.classList.add("paged");
  by("controls").hidden = by("pages").hidden = false;
  show();
})();
