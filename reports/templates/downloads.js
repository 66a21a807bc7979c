// The trials that are looked at, as CSV and JSON, and the best configuration as TOML.
function createDownloads(summary, store) {
  const columns = Object.entries(summary.columns).filter(([, column]) => column.group !== "chart");
  const files = {
    csv: () => ["trials.csv", "text/csv", toCsv(columns, store.chosen)],
    json: () => ["trials.json", "application/json", toJson(summary, columns, store.chosen)],
    toml: () => ["best.toml", "application/toml", summary.best.toml],
  };
  for (const [id, file] of Object.entries(files)) {
    document.getElementById(id).addEventListener("click", () => save(...file()));
  }
}

function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function toCsv(columns, rows) {
  const quoted = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const cell = (value) => (value === null ? "" : quoted(String(value)));
  const lines = rows.map((row) => columns.map(([, column]) => cell(column.values[row])));
  return [columns.map(([key]) => quoted(key)), ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

function toJson(summary, columns, rows) {
  const trials = rows.map((row) => Object.fromEntries(columns.map(([key, c]) => [key, c.values[row]])));
  const { name, objectives, directions } = summary;
  return JSON.stringify({ name, objectives, directions, trials }, null, 1);
}
