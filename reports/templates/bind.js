// Traces bound to a choice of trials; the same as figures/bind.py.
const ABSENT = -0.16;
const PARALLEL = 100;
const INFLUENCES = 12;
const GRID = 30;
const NEUTRAL = "#76808d";

function bind(trace, summary, rows) {
  const wanted = Object.entries(trace.where).map(([key, v]) => [summary.columns[key].values, v]);
  const chosen = rows.filter((row) => wanted.every(([values, value]) => values[row] === value));
  return { ...trace.style, ...BINDERS[trace.kind](trace, summary, chosen) };
}

const BINDERS = {
  points(trace, summary, rows) {
    const placed = placedRows(trace, summary, rows);
    return {
      ...xy(trace, summary, placed),
      ...told(summary, placed),
      ...coloured(trace, summary, placed),
    };
  },
  top(trace, summary, rows) {
    const { values, sample } = summary.columns[trace.y];
    const placed = placedRows(trace, summary, rankedRows(summary, rows));
    const best = bestOf(summary, trace, placed.map((row) => values[row]));
    const top = placed.filter((row) => values[row] === best).slice(0, 1);
    const array = top.map((row) => intervalHalf(values[row], sample)).filter((half) => half !== null);
    return { ...BINDERS.points(trace, summary, top), error_y: { ...trace.style.error_y, array } };
  },
  ridge(trace, summary, rows) {
    const at = new Map();
    const { x, y } = xy(trace, summary, placedRows(trace, summary, rows));
    x.forEach((each, i) => at.set(each, bestOf(summary, trace, [at.get(each) ?? y[i], y[i]])));
    const across = [...at.keys()].sort((a, b) => a - b);
    return { x: across, y: across.map((each) => at.get(each)) };
  },
  box: (trace, summary, rows) => xy(trace, summary, placedRows(trace, summary, rows)),
  running(trace, summary, rows) {
    const at = summary.columns[trace.x].values;
    const placed = placedRows(trace, summary, rows).sort((a, b) => at[a] - at[b]);
    const { x, y } = xy(trace, summary, placed);
    const best = [];
    for (const value of y) best.push(bestOf(summary, trace, [best.at(-1) ?? value, value]));
    return { x, y: best };
  },
  front(trace, summary, rows) {
    const { x, y } = xy(trace, summary, placedRows(trace, summary, rows));
    const [across, up] = [trace.x, trace.y].map((key) => (summary.columns[key].lower ? 1 : -1));
    const points = x.map((each, i) => [each, y[i]]);
    const front = [];
    for (const point of points.sort((a, b) => across * (a[0] - b[0]) || up * (a[1] - b[1]))) {
      const last = front.at(-1)?.[1];
      if (last === undefined || up * (last - point[1]) > 0) front.push(point);
    }
    return { x: front.map((point) => point[0]), y: front.map((point) => point[1]) };
  },
  curves(trace, summary, rows) {
    const x = [], y = [], customdata = [];
    for (const [row, epochs, values] of curveRows(trace, summary, rows)) {
      x.push(...epochs, null);
      y.push(...values, null);
      for (let i = 0; i <= epochs.length; i++) customdata.push(summary.columns.number.values[row]);
    }
    return { x, y, customdata };
  },
  band(trace, summary, rows) {
    const at = byEpoch(trace, summary, rows);
    const epochs = at.map(([epoch]) => epoch);
    const low = at.map(([, values]) => quantile(values, 0.25));
    const high = at.map(([, values]) => quantile(values, 0.75));
    return { x: [...epochs, ...epochs.toReversed()], y: [...low, ...high.toReversed()] };
  },
  median(trace, summary, rows) {
    const at = byEpoch(trace, summary, rows);
    return { x: at.map(([epoch]) => epoch), y: at.map(([, values]) => quantile(values, 0.5)) };
  },
  parallel(trace, summary, rows) {
    const numbers = summary.columns.number.values;
    const ranked = rankedRows(summary, rows).slice(0, PARALLEL);
    const steps = [...trace.axes.keys(), null];
    const hover = hovers(summary);
    const each = (make) => ranked.flatMap((row) => steps.map(make(row)));
    return {
      x: each(() => (step) => step),
      y: each((row) => (step) => (step === null ? null : (place(trace.axes[step], summary, row) ?? ABSENT))),
      customdata: each((row) => () => numbers[row]),
      text: each((row) => {
        const text = hover(row);
        return () => text;
      }),
    };
  },
  grid(trace, summary, rows) {
    const placed = spotted(trace, summary, rows);
    const cells = Math.min(Math.max(Math.floor(Math.sqrt(placed.length)), 4), GRID);
    const centres = Array.from({ length: cells }, (_, cell) => cell / (cells - 1));
    const sums = centres.map(() => centres.map(() => [0, 0]));
    for (const [row, places] of placed) {
      const [i, j] = places.map((each) => Math.floor(each * (cells - 1) + 0.5));
      sums[j][i][0] += summary.columns.value.values[row];
      sums[j][i][1] += 1;
    }
    const z = sums.map((line) => line.map(([sum, n]) => (n ? sum / n : null)));
    return { x: centres, y: centres, z };
  },
  spots(trace, summary, rows) {
    const placed = spotted(trace, summary, rows);
    const [x, y] = [0, 1].map((i) => placed.map(([, places]) => places[i]));
    return { x, y, ...told(summary, placed.map(([row]) => row)) };
  },
  influence(trace, summary, rows) {
    const { columns } = summary;
    const known = rows.filter((row) => columns.value.values[row] !== null);
    const isWhole = summary.importance?.completed === known.length;
    const found = isWhole ? summary.importance : importance(columns, known);
    const drawn = found?.influences.slice(0, INFLUENCES) ?? [];
    return {
      x: drawn.map((each) => each.mean),
      y: drawn.map((each) => plain(label(columns[each.column].label), 24)),
      error_x: {
        ...trace.style.error_x,
        array: drawn.map((each) => each.high - each.mean),
        arrayminus: drawn.map((each) => each.mean - each.low),
      },
      name: `${number(known.length)} completed trial${known.length === 1 ? "" : "s"}: ${worth(found)}`,
    };
  },
  fixed: () => ({}),
};

const worth = (found) =>
  found ? `${Math.round(Math.max(found.explained, 0) * 100)}% of the variance explained` : "too few, or nothing varied";

const told = (summary, rows) => ({
  customdata: rows.map((row) => summary.columns.number.values[row]),
  text: rows.map(hovers(summary)),
});

function coloured(trace, summary, rows) {
  if (trace.colour === null) return {};
  const color = rows.map((row) => place(trace.colour, summary, row) ?? NEUTRAL);
  return { marker: { ...trace.style.marker, color, coloraxis: "coloraxis" } };
}

function spotted(trace, summary, rows) {
  const placed = rows.map((row) => [row, trace.axes.map((axis) => place(axis, summary, row))]);
  const values = summary.columns.value.values;
  return placed.filter(([row, places]) => values[row] !== null && !places.includes(null));
}

function placedRows(trace, summary, rows) {
  const x = summary.columns[trace.x].values, y = summary.columns[trace.y].values;
  return rows.filter((row) => x[row] !== null && y[row] !== null);
}

function rankedRows(summary, rows) {
  const rank = summary.columns.rank.values;
  return rows.filter((row) => rank[row] !== null).sort((a, b) => rank[a] - rank[b]);
}

function xy(trace, summary, rows) {
  const x = summary.columns[trace.x].values, y = summary.columns[trace.y].values;
  return { x: rows.map((row) => x[row]), y: rows.map((row) => y[row]) };
}

function bestOf(summary, trace, values) {
  const better = summary.columns[trace.y].lower ? Math.min : Math.max;
  return values.reduce((best, value) => better(best, value), values[0]);
}

function intervalHalf(accuracy, n) {
  return n && 0 < accuracy && accuracy < 1 ? 1.959964 * Math.sqrt((accuracy * (1 - accuracy)) / n) : null;
}

function curveRows(trace, summary, rows) {
  const { rows: drawn, epoch, values } = summary.curves;
  const wanted = new Set(rows);
  const triples = drawn.map((row, i) => [row, epoch[i], values[trace.y]?.[i]]);
  return triples.filter(([row, , ys]) => wanted.has(row) && ys !== undefined);
}

function byEpoch(trace, summary, rows) {
  const curves = curveRows(trace, summary, rows).map(([, epochs, values]) => {
    const pairs = epochs.map((epoch, i) => [epoch, values[i]]);
    return new Map(pairs.filter(([, value]) => value !== null));
  });
  const epochs = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b);
  const latest = new Map();
  return epochs.map((epoch) => {
    curves.forEach((curve, n) => curve.has(epoch) && latest.set(n, curve.get(epoch)));
    return [epoch, [...latest.values()].sort((a, b) => a - b)];
  });
}

function quantile(ordered, share) {
  const index = Math.min(Math.max(share * ordered.length - 0.5, 0), ordered.length - 1);
  const low = Math.floor(index), high = Math.ceil(index);
  return ordered[low] + (index - low) * (ordered[high] - ordered[low]);
}

function place(axis, summary, row) {
  const value = summary.columns[axis.column].values[row];
  if (value === null) return null;
  if (axis.order.length) return axis.order.indexOf(value) / Math.max(axis.order.length - 1, 1);
  const scale = axis.log ? Math.log : Number;
  const low = scale(axis.low), high = scale(axis.high);
  return high > low ? Math.round(((scale(value) - low) / (high - low)) * 1e4) / 1e4 : 0.5;
}

// Makes the text of a row; names are made plain once, since ten thousand rows ask for them.
function hovers(summary) {
  const { number: numbers, state, value } = summary.columns;
  const objective = plain(label(summary.objective));
  const parameters = Object.values(summary.columns).filter((column) => column.group === "parameter");
  const named = parameters.map((column) => {
    const { kind, values } = column, name = plain(label(column.label), 30);
    const shown = kind === "number" ? number : (text) => plain(text, 30);
    return (row) => (values[row] === null ? "" : `<br>${name} ${shown(values[row])}`);
  });
  return (row) =>
    `<b>trial ${numbers.values[row]}</b> · ${state.values[row]}<br>${objective} ${number(value.values[row])}` +
    named.map((told) => told(row)).join("");
}
