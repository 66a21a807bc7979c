// The trials: sorted, filtered, searched, ticked, fifty to a page.
const PAGE = 50;

function createTable(summary, store, openTrial) {
  const columns = summary.columns;
  const keys = Object.keys(columns).filter((key) => columns[key].group !== "chart");
  const view = {
    keys,
    shown: new Set(keys.filter((key) => isShown(key, columns))),
    sort: { key: "value", rising: summary.directions[0] === "min" },
    page: 0,
    get visible() {
      return keys.filter((key) => this.shown.has(key));
    },
  };
  const body = () => drawBody(view, columns, store, openTrial);
  const head = () => {
    drawHead(view, columns, store, { head, body });
    body();
  };
  drawChooser(view, columns, head);
  listenToTools(view, store, body);
  store.onChange(() => {
    view.page = 0;
    body();
  });
  head();
  return head;
}

function isShown(key, columns) {
  const always = ["number", "state", "value", "depth", "cost.train_seconds", "cost.parameters"];
  const { group, values } = columns[key];
  return always.includes(key) || group === "objective" || (group === "parameter" && new Set(values).size > 1 && key !== "params.depth");
}

function drawHead(view, columns, store, { head, body }) {
  const names = element("tr", {}, element("th", { scope: "col", className: "tick" }));
  const filters = element("tr", { className: "filters" }, element("td", { className: "tick" }));
  for (const key of view.visible) {
    const { rising } = view.sort, sorted = view.sort.key === key;
    const sort = element("button", { type: "button", textContent: label(columns[key].label), title: columns[key].label });
    sort.dataset.test = `sort-${key}`;
    sort.addEventListener("click", () => {
      view.sort = { key, rising: sorted ? !rising : columns[key].kind === "text" || key === "number" };
      head();
      document.querySelector(`[data-test="sort-${CSS.escape(key)}"]`).focus();
    });
    const cell = element("th", { scope: "col", className: columns[key].kind }, sort);
    cell.ariaSort = sorted ? (rising ? "ascending" : "descending") : "none";
    names.append(cell);
    filters.append(element("td", {}, filterBox(key, columns[key], store)));
  }
  document.querySelector("#table thead").replaceChildren(names, filters);
}

function filterBox(key, column, store) {
  const box = element("input", { type: "text", value: store.filters.get(key) ?? "", placeholder: "filter" });
  box.ariaLabel = `Filter ${label(column.label)}`;
  box.dataset.test = `filter-${key}`;
  box.addEventListener("input", () =>
    store.change(({ filters }) => (box.value.trim() ? filters.set(key, box.value) : filters.delete(key))),
  );
  return box;
}

function drawBody(view, columns, store, openTrial) {
  const rows = sorted(store.rows, view.sort, columns);
  const last = Math.max(Math.ceil(rows.length / PAGE) - 1, 0);
  view.page = Math.min(Math.max(view.page, 0), last);
  const slice = rows.slice(view.page * PAGE, (view.page + 1) * PAGE);
  const made = slice.map((row) => drawRow(row, view, columns, store, openTrial));
  document.querySelector("#table tbody").replaceChildren(...made);
  document.getElementById("page").textContent =
    `Page ${number(view.page + 1)} of ${number(last + 1)}`;
  document.getElementById("previous").disabled = view.page === 0;
  document.getElementById("next").disabled = view.page === last;
}

function drawRow(row, view, columns, store, openTrial) {
  const number = columns.number.values[row];
  const tick = element("input", { type: "checkbox", checked: store.picked.has(row) });
  tick.ariaLabel = `Choose trial ${number}`;
  tick.dataset.test = `tick-${number}`;
  tick.addEventListener("change", () =>
    store.change(({ picked }) => (tick.checked ? picked.add(row) : picked.delete(row))),
  );
  const line = element("tr", { className: columns.state.values[row] }, element("td", { className: "tick" }, tick));
  for (const key of view.visible) line.append(drawCell(key, columns[key], row, openTrial));
  line.dataset.trial = number;
  return line;
}

function drawCell(key, column, row, openTrial) {
  const value = column.values[row];
  const cell = element("td", { className: column.kind, dir: "auto" });
  if (key === "number") {
    const open = element("button", { type: "button", className: "link", textContent: value });
    open.dataset.test = `open-${value}`;
    open.addEventListener("click", () => openTrial(value));
    cell.append(open);
  } else if (key === "state") {
    cell.append(element("span", { className: `state ${value}`, textContent: value }));
  } else {
    cell.textContent = shownValue(column, value);
  }
  return cell;
}

function shownValue(column, value) {
  return column.group === "trial" && value !== null ? String(value) : number(value);
}

// Rows without a value come last whichever way it is sorted, and failed ones after them.
function sorted(rows, { key, rising }, columns) {
  const values = columns[key].values, states = columns.state.values;
  const missing = (row) => (values[row] === null) + 2 * (states[row] === "failed");
  const compare = (a, b) => (columns[key].kind === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
  const sign = rising ? 1 : -1;
  return [...rows].sort(
    (a, b) => missing(a) - missing(b) || (values[a] === null ? 0 : sign * compare(values[a], values[b])) || a - b,
  );
}

function drawChooser(view, columns, head) {
  const boxes = view.keys.map((key) => {
    const box = element("input", { type: "checkbox", checked: view.shown.has(key) });
    box.dataset.test = `column-${key}`;
    box.addEventListener("change", () => {
      box.checked ? view.shown.add(key) : view.shown.delete(key);
      head();
    });
    return element("label", {}, box, ` ${label(columns[key].label)}`);
  });
  document.getElementById("columns").replaceChildren(...boxes);
}

function listenToTools(view, store, body) {
  const search = document.getElementById("search");
  search.addEventListener("input", () => store.change((s) => (s.text = search.value)));
  for (const [id, step] of [["previous", -1], ["next", 1]]) {
    document.getElementById(id).addEventListener("click", () => {
      view.page += step;
      body();
    });
  }
}
