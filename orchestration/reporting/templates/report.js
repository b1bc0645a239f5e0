"use strict";
(() => {
  // The state of all tables lives in the fragment as <table>.<what>=<value>, so that a view can be sent as a link.
  const state = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  const keep = (key, value) => {
    if (value) state.set(key, value); else state.delete(key);
    history.replaceState(null, "", "#" + state.toString());
  };
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const paired = (kind) => kind === "number" || kind === "link"; // [what is shown, what it sorts by or leads to]
  const textOf = (cell, kind) => (paired(kind) ? cell[0] : Array.isArray(cell) ? cell.join(" ") : cell);
  const order = new Intl.Collator("en", { numeric: true });

  const cellOf = (value, kind, label) => {
    const cell = make("td", { className: kind });
    cell.dataset.label = label;
    if (kind === "id" || kind === "link") {
      const shown = textOf(value, kind);
      const code = make("code", { className: "id", title: shown, textContent: shown });
      cell.append(kind === "link" && value[1] ? make("a", { href: value[1] }, code) : code);
    }
    else if (kind === "list" && value.length) cell.append(make("ul", {}, ...value.map((line) => make("li", { textContent: line }))));
    else cell.append(kind === "number" ? value[0] : kind === "list" ? "–" : value);
    return cell;
  };

  const compare = (kind, index, sign) => (a, b) => {
    const [x, y] = kind === "number" ? [a.row[index][1], b.row[index][1]] : [textOf(a.row[index], kind), textOf(b.row[index], kind)];
    const [noX, noY] = [x === null || x === "–", y === null || y === "–"];
    if (noX || noY) return noX - noY || a.place - b.place; // what is unknown comes last either way
    return sign * (kind === "number" ? x - y : order.compare(x, y)) || a.place - b.place;
  };

  const enliven = (box) => {
    const id = box.dataset.table;
    const { page, kinds, rows } = JSON.parse(box.querySelector('script[type="application/json"]').textContent);
    const heads = [...box.querySelectorAll("thead th")];
    const labels = heads.map((head) => head.textContent);
    box.querySelector("[data-without-script]")?.remove();
    const body = box.querySelector("tbody");
    const controls = box.querySelector(".controls");
    const all = rows.map((row, place) => ({ row, place, text: row.map((cell, index) => textOf(cell, kinds[index])).join(" ").toLowerCase() }));
    const facets = [];
    let start = 0;

    const search = make("input", { type: "search", value: state.get(id + ".q") ?? "", autocomplete: "off" });
    const status = make("p", { className: "status" });
    status.setAttribute("role", "status");
    const previous = make("button", { type: "button", textContent: "Previous rows" });
    const next = make("button", { type: "button", textContent: "Next rows" });

    const draw = () => {
      const wanted = search.value.trim().toLowerCase();
      let shown = all.filter((entry) => entry.text.includes(wanted) && facets.every(({ index, select }) => !select.value || textOf(entry.row[index], kinds[index]) === select.value));
      const [index, direction] = (state.get(id + ".sort") ?? "").split(".");
      if (direction && heads[index]) shown = shown.sort(compare(kinds[index], Number(index), direction === "desc" ? -1 : 1));
      heads.forEach((head, place) => {
        if (direction && String(place) === index) head.setAttribute("aria-sort", direction === "desc" ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      if (start >= shown.length) start = 0;
      const end = Math.min(start + page, shown.length);
      body.replaceChildren(...shown.slice(start, end).map(({ row }) => make("tr", {}, ...row.map((cell, place) => cellOf(cell, kinds[place], labels[place])))));
      const number = (amount) => amount.toLocaleString("en");
      const among = shown.length === all.length ? "" : `, found among ${number(all.length)}`;
      status.textContent = shown.length ? `Rows ${number(start + 1)} to ${number(end)} of ${number(shown.length)}${among}` : "No row matches.";
      previous.disabled = start === 0;
      next.disabled = end >= shown.length;
    };

    heads.forEach((head, index) => {
      if (kinds[index] === "list") return;
      const button = make("button", { type: "button", textContent: labels[index] });
      button.addEventListener("click", () => {
        const first = kinds[index] === "number" ? "desc" : "asc";
        const [now, direction] = (state.get(id + ".sort") ?? "").split(".");
        keep(id + ".sort", `${index}.${now === String(index) && direction === first ? (first === "asc" ? "desc" : "asc") : first}`);
        start = 0;
        draw();
      });
      head.replaceChildren(button);
      const values = [...new Set(rows.map((row) => textOf(row[index], kinds[index])))].sort(order.compare);
      if (!("facet" in head.dataset) || values.length < 2) return;
      const select = make("select", {}, make("option", { value: "", textContent: "All" }), ...values.map((value) => make("option", { value, textContent: value })));
      select.value = values.includes(state.get(`${id}.${index}`)) ? state.get(`${id}.${index}`) : "";
      select.addEventListener("change", () => { keep(`${id}.${index}`, select.value); start = 0; draw(); });
      facets.push({ index, select });
      controls.append(make("label", {}, labels[index], select));
    });
    search.addEventListener("input", () => { keep(id + ".q", search.value); start = 0; draw(); });
    const turn = (by) => () => { start = Math.max(0, start + by); draw(); };
    previous.addEventListener("click", turn(-page));
    next.addEventListener("click", turn(page));
    if (rows.length > 8) {
      controls.prepend(make("label", {}, "Find in this table", search));
      if (rows.length > page) controls.append(previous, next);
      controls.append(status);
      controls.hidden = false;
    }
    if ([...state.keys()].some((key) => key.startsWith(id + "."))) {
      const details = box.closest("details");
      if (details) details.open = true;
      box.scrollIntoView();
    }
    draw();
  };

  document.querySelectorAll("[data-table]").forEach(enliven);
})();
