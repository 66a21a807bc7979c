// Which trials are looked at: filters and search make the table's rows, picking narrows the charts.
function createStore(summary) {
  const columns = summary.columns;
  const all = columns.number.values.map((_, row) => row);
  const shown = Object.values(columns).filter((column) => column.group !== "chart");
  const listeners = [];
  const store = {
    filters: new Map(), // column -> what the reader typed
    hidden: new Map(), // column -> values switched off in a legend
    picked: new Set(), // rows ticked in the table or selected in a chart; none means all
    text: "",
    total: all.length,
    onChange: (listener) => listeners.push(listener),
    change(edit) {
      edit(store);
      store.rows = all.filter(isKept(store, columns, shown));
      const picked = store.rows.filter((row) => store.picked.has(row));
      store.chosen = store.picked.size ? picked : store.rows;
      listeners.forEach((listener) => listener());
    },
    clear: () => store.change(reset),
  };
  store.rows = store.chosen = all;
  return store;
}

function reset(store) {
  store.filters.clear();
  store.hidden.clear();
  store.picked.clear();
  store.text = "";
}

function isKept(store, columns, shown) {
  const tests = [...store.filters].map(([key, typed]) => [columns[key].values, matcher(typed)]);
  const hidden = [...store.hidden].map(([key, values]) => [columns[key].values, values]);
  const text = store.text.trim().toLowerCase();
  const found = (row) => shown.some((column) => contains(column.values[row], text));
  return (row) =>
    tests.every(([values, test]) => test(values[row])) &&
    hidden.every(([values, off]) => !off.has(values[row])) &&
    (text === "" || found(row));
}

const contains = (value, text) => value !== null && String(value).toLowerCase().includes(text);

const NUMBER = "([-+]?[\\d.]+(?:e[-+]?\\d+)?)";
const RANGE = new RegExp(`^${NUMBER}\\s*\\.\\.\\s*${NUMBER}$`, "i");
const COMPARISON = new RegExp(`^(<=|>=|<|>|=)\\s*${NUMBER}$`, "i");
const COMPARE = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
};

function matcher(typed) {
  const range = RANGE.exec(typed.trim());
  if (range) return (value) => value !== null && value >= +range[1] && value <= +range[2];
  const comparison = COMPARISON.exec(typed.trim());
  if (comparison) {
    const compare = COMPARE[comparison[1]];
    return (value) => value !== null && compare(value, +comparison[2]);
  }
  const exact = Number(typed);
  const text = typed.trim().toLowerCase();
  return (value) => (typeof value === "number" && !Number.isNaN(exact) ? value === exact : contains(value, text));
}
