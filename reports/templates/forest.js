// What mattered among a choice of trials: the same random forest as in importance.py, from another
// generator of random numbers, so that its figures differ from those by chance alone.
const ENOUGH = 15, MOST = 300, REFITS = 20, TREES = 10, SHUFFLES = 4;

function importance(columns, completed) {
  const rows = thinned(completed);
  const largest = Math.max(...rows.map((row) => Math.abs(columns.value.values[row]))) || 1;
  const target = rows.map((row) => columns.value.values[row] / largest);
  const coded = Object.entries(columns)
    .filter(([, column]) => column.group === "parameter")
    .map(([name, column]) => [name, codes(column, rows)]);
  const varied = coded.filter(([, values]) => new Set(values).size > 1);
  if (rows.length < ENOUGH || !varied.length || new Set(target).size < 2) return null;
  const features = varied.map(([, values]) => values);
  const refits = Array.from({ length: REFITS }, (_, seed) => refit(features, target, generator(seed)));
  const explained = mean(refits.map((each) => each.explained));
  const influences = varied.map(([column], i) => influence(column, refits.map(({ losses }) => losses[i])));
  return {
    n: rows.length,
    completed: completed.length,
    explained,
    influences: influences.sort((a, b) => b.mean - a.mean),
  };
}

function thinned(rows) {
  const n = Math.min(rows.length, MOST);
  return Array.from({ length: n }, (_, at) => rows[Math.floor((at * rows.length) / n)]);
}

function codes({ kind, values }, rows) {
  const known = [...new Set(rows.map((row) => values[row]).filter((value) => value !== null))];
  const order = kind === "number" ? known : known.sort().keys();
  const code = new Map([...order].map((each, at) => [known[at], each]));
  const absent = Math.min(0, ...code.values()) - 1;
  return rows.map((row) => code.get(values[row]) ?? absent);
}

// Numbers in 0..1, the same for the same seed (a linear congruential generator).
function generator(seed) {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function refit(features, target, random) {
  const rows = [...target.keys()];
  const drawn = resampled(rows, random), inside = new Set(drawn);
  const left = rows.filter((row) => !inside.has(row));
  const forest = Array.from({ length: TREES }, () => planted(features, target, resampled(drawn, random)));
  const spread = mean(squares(target, mean(target)));
  const error = (asked) => mean(left.map((row) => (grown(forest, asked, row) - target[row]) ** 2)) / spread;
  const whole = error(features);
  const shuffled = (at) => features.with(at, permuted(features[at], left, random));
  const losses = features.map((_, at) => mean(Array.from({ length: SHUFFLES }, () => error(shuffled(at)))) - whole);
  return { explained: 1 - whole, losses };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = (values, centre) => values.map((value) => (value - centre) ** 2);
const resampled = (rows, random) => rows.map(() => rows[Math.floor(random() * rows.length)]);

function permuted(values, rows, random) {
  const order = rows.map((row) => [random(), row]).sort((a, b) => a[0] - b[0]);
  const made = [...values];
  rows.forEach((row, at) => (made[row] = values[order[at][1]]));
  return made;
}

const planted = (features, target, rows) =>
  grow(features, target, features.map((feature) => rows.toSorted((a, b) => feature[a] - feature[b])));

// A tree: a leaf's mean, or a split of the rows, which `orders` hold rising in each feature.
function grow(features, target, orders) {
  const [rows] = orders;
  const { feature, at } = rows.some((row) => target[row] !== target[rows[0]]) ? split(features, target, orders) : {};
  if (feature === undefined) return mean(rows.map((row) => target[row]));
  const below = (row) => features[feature][row] <= at;
  const [low, high] = [below, (row) => !below(row)].map((side) => orders.map((order) => order.filter(side)));
  return { feature, at, low: grow(features, target, low), high: grow(features, target, high) };
}

// The split after which the rows differ least from the means of their sides.
function split(features, target, orders) {
  const n = orders[0].length, total = orders[0].reduce((sum, row) => sum + target[row], 0);
  let best = { gain: -Infinity };
  orders.forEach((order, feature) => {
    const values = features[feature];
    let sum = 0;
    for (let i = 1; i < n; i++) {
      sum += target[order[i - 1]];
      const low = values[order[i - 1]], high = values[order[i]];
      const gain = sum ** 2 / i + (total - sum) ** 2 / (n - i);
      if (low < high && gain > best.gain) best = { gain, feature, at: low + (high - low) / 2 };
    }
  });
  return best;
}

const grown = (forest, features, row) => mean(forest.map((tree) => fallen(tree, features, row)));

function fallen(tree, features, row) {
  while (typeof tree !== "number") tree = features[tree.feature][row] <= tree.at ? tree.low : tree.high;
  return tree;
}

function influence(column, losses) {
  const ordered = losses.toSorted((a, b) => a - b);
  return { column, mean: mean(ordered), low: quantile(ordered, 0.05), high: quantile(ordered, 0.95) };
}
