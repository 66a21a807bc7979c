// Numbers and names as in wording.py.
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

function number(value, digits = 5) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  const size = Math.abs(value);
  return (value < 0 ? "−" : "") + positive(size, digits);
}

function positive(size, digits) {
  if (Number.isInteger(size) || size >= 1000) return WHOLE.format(size);
  const short = Number(size.toPrecision(digits));
  return size < 1e-4 ? short.toExponential().replace(/e-(\d)$/, "e-0$1") : String(short);
}

function label(name) {
  return name.replace(/\btop_(\d+)/g, "top\u2011$1").replaceAll("_", " ");
}

function plain(text, length = 60) {
  const visible = Array.from(String(text).replace(/[\p{C}\p{Z}]/gu, " "));
  const short = visible.length <= length ? visible : [...visible.slice(0, length - 1), "…"];
  return short.join("").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
