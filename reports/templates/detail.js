// One trial: its configuration, curve, cost and error; #trial-N opens it.
function createDetail(data) {
  const { summary } = data;
  const dialog = document.getElementById("detail");
  const open = (number) => {
    const row = summary.columns.number.values.indexOf(number);
    if (row < 0) return;
    fill(data, row);
    dialog.again = { name: `trial-${number}.toml`, text: again(summary, row) };
    document.getElementById("detail-again").textContent = dialog.again.text;
    if (!dialog.open) dialog.showModal();
    drawCurve(data, row);
    history.replaceState(null, "", `#trial-${number}`);
  };
  const fromHash = () => {
    const found = /^#trial-(\d+)$/.exec(location.hash);
    if (found) open(Number(found[1]));
  };
  document.getElementById("detail-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => history.replaceState(null, "", "#trials"));
  document.getElementById("detail-save").addEventListener("click", () => {
    const { name, text } = dialog.again;
    save(name, "application/toml", text);
  });
  addEventListener("hashchange", fromHash);
  return { open, fromHash };
}

const GROUPS = { objective: "Objective", parameter: "Configuration", metric: "Metrics", cost: "Cost", trial: "Trial" };

function fill({ summary }, row) {
  const { columns } = summary;
  const title = `Trial ${columns.number.values[row]} · ${columns.state.values[row]}`;
  document.getElementById("detail-title").textContent = title;
  const error = document.getElementById("detail-error");
  error.textContent = columns.error.values[row] ?? "";
  error.hidden = !error.textContent;
  const groups = Object.entries(GROUPS).map(([group, name]) => factList(name, group, summary, row));
  document.getElementById("detail-facts").replaceChildren(...groups.filter(Boolean));
}

function factList(name, group, summary, row) {
  const known = Object.entries(summary.columns).filter(
    ([key, column]) => column.group === group && column.values[row] !== null && key !== "error",
  );
  const facts = known.map(([, column]) => [column.label, shownValue(column, column.values[row])]);
  if (group === "parameter") facts.push(...Object.entries(summary.fixed).map(([k, v]) => [k, number(v)]));
  if (!facts.length) return null;
  const rows = facts.map(([key, value]) =>
    element("div", {}, element("dt", { textContent: label(key), dir: "auto" }), element("dd", { textContent: value, dir: "auto" })),
  );
  return element("section", {}, element("h3", { textContent: name }), element("dl", {}, ...rows));
}

function drawCurve(data, row) {
  const place = document.getElementById("detail-curve");
  const { curves, columns } = data.summary;
  const isKept = curves.rows.includes(row);
  document.getElementById("detail-note").hidden = isKept || columns.value.values[row] === null;
  place.hidden = !isKept || !window.Plotly;
  if (!place.hidden) draw(place, data, data.charts["trial-curve"], [row]);
}
