// A study's file that trains a trial's configuration once more; the same as again.py, in five digits.
function again(summary, row) {
  const { study, data } = summary.around;
  const name = `${summary.name.slice(0, 180)}-trial-${summary.columns.number.values[row]}`;
  const tables = { study: { name, ...study }, data, space: configuration(summary, row) };
  return Object.entries(tables).map(([head, table]) => `[${head}]\n${entries(table)}`).join("\n");
}

function configuration({ columns, fixed }, row) {
  const known = Object.values(columns).filter((c) => c.group === "parameter" && c.values[row] !== null);
  return { ...Object.fromEntries(known.map(({ label, values }) => [label, truth(values[row])])), ...fixed };
}

// Columns hold truth values as text.
const truth = (value) => (value === "true" || value === "false" ? value === "true" : value);

const entries = (table) => pairs(table).map((line) => `${line}\n`).join("");

const pairs = (table) =>
  Object.entries(table).map(([key, value]) => `${/^[\w-]+$/.test(key) ? key : quote(key)} = ${written(value)}`);

function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (value !== null && typeof value === "object") return `{ ${pairs(value).join(", ")} }`;
  return typeof value === "string" ? quote(value) : String(value);
}

const quote = (text) => JSON.stringify(text).replaceAll("\u007f", "\\u007f");
