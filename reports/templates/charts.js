// Charts are drawn when they come into view, and again when the choice of trials or theme changes.
const CONFIG = {
  displaylogo: false,
  responsive: true,
  modeBarButtons: [["select2d", "lasso2d", "zoom2d", "resetScale2d", "toImage"]],
};

const NARROW = 480; // pixels
const NOTHING = {
  text: "None of the trials chosen is in this chart.",
  xref: "paper",
  yref: "paper",
  x: 0.5,
  y: 0.5,
  showarrow: false,
};

async function loadPlotly(unpacked) {
  document.head.append(element("script", { textContent: await unpacked }));
}

function createCharts(data, store, openTrial) {
  const elements = [...document.querySelectorAll("[data-chart]")];
  const visible = new Set();
  const stale = new Set(elements);
  const refresh = (element) => {
    if (!stale.delete(element)) return;
    const first = element.dataset.ready === undefined;
    draw(element, data, data.charts[element.dataset.chart], store.chosen, store.hidden);
    if (first) listen(element, data, store, openTrial);
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        isIntersecting ? visible.add(target) : visible.delete(target);
      }
      visible.forEach(refresh);
    },
    { rootMargin: "300px" },
  );
  const renew = () => {
    for (const element of elements) {
      stale.add(element);
      if (element.dataset.ready) element.dataset.ready = "0";
    }
    (theme.paper.matches ? elements : visible).forEach(refresh);
  };
  elements.forEach((element) => watcher.observe(element));
  for (const select of document.querySelectorAll("[data-switch]")) {
    const element = elements.find(({ dataset }) => dataset.chart === select.dataset.switch);
    select.addEventListener("change", () => {
      Plotly.purge(element); // drawn anew: an axis title's distance does not survive a new margin
      delete element.dataset.ready;
      stale.add(element);
      refresh(element);
    });
  }
  store.onChange(renew);
  theme.onChange(renew);
}

// The chart with what its switches change; the same as in figures/chart.py.
function chosen(chart) {
  const selects = document.querySelectorAll(`[data-switch="${chart.name}"]`);
  const options = chart.switches.map((each, i) => each.options[selects[i].selectedIndex]);
  return {
    traces: chart.traces.map((trace) => Object.assign({}, trace, ...options.map((o) => o.trace))),
    layout: Object.assign({}, chart.layout, ...options.map((o) => o.layout)),
  };
}

async function draw(element, data, chart, rows, hidden = new Map()) {
  element.dataset.ready = "0";
  const { traces: bound, layout: plain } = chosen(chart);
  const traces = bound.map((trace) => ({
    ...bind(trace, data.summary, rows),
    visible: hidden.get(trace.group)?.has(trace.where[trace.group]) ? "legendonly" : true,
  }));
  const layout = { ...structuredClone(plain), template: data.templates[theme.mode] };
  if (element.clientWidth < NARROW) tighten(traces, layout);
  if (bound.every(({ kind }, i) => kind === "grid" || !traces[i].x.length)) layout.annotations = [NOTHING];
  await Plotly.react(element, traces, layout, CONFIG);
  element.dataset.ready = "1";
}

// On a narrow screen points say less of their value, and lines only their name.
function tighten(traces, layout) {
  for (const trace of traces) if (trace.texttemplate) trace.texttemplate = "%{y:.3~g}";
  const names = (layout.annotations ?? []).filter(({ xref }) => xref === "paper");
  for (const name of names) name.text = name.text.replace(/ \S+(?=<br>|$)/g, "");
  if (names.length) layout.margin = { ...layout.margin, r: 106 };
}

function listen(element, data, store, openTrial) {
  const chart = data.charts[element.dataset.chart];
  element.on("plotly_click", ({ points: [point] }) => {
    if (point.customdata !== undefined) openTrial(point.customdata);
  });
  element.on("plotly_selected", (event) => {
    const [trace] = chart.traces;
    if (trace.kind === "parallel" && event?.range) store.change(brush(event.range, trace.axes, data.summary));
    else if (event?.points.length) store.change(pick(event.points, data.summary.columns.number.values));
  });
  element.on("plotly_legendclick", ({ curveNumber }) => {
    const { group, where } = chart.traces[curveNumber];
    if (group) store.change(toggle(group, where[group]));
    return false;
  });
  element.on("plotly_legenddoubleclick", ({ curveNumber }) => {
    const { group, where } = chart.traces[curveNumber];
    if (group) store.change(isolate(group, where[group], data.summary.columns[group].values));
    return false;
  });
}

const pick = (points, numbers) => (store) => {
  const wanted = new Set(points.map((point) => point.customdata));
  store.picked = new Set([...numbers.keys()].filter((row) => wanted.has(numbers[row])));
};

// What a box over parallel axes, or beside one, holds on all of them.
const brush = ({ x, y }, axes, summary) => (store) => {
  const [left, right] = x.toSorted((a, b) => a - b), [low, high] = y.toSorted((a, b) => a - b);
  const crossed = axes.filter((_, at) => left - 0.3 <= at && at <= right + 0.3);
  const isInside = (row) => (axis) => {
    const at = place(axis, summary, row) ?? ABSENT;
    return low <= at && at <= high;
  };
  const inside = store.chosen.filter((row) => crossed.every(isInside(row)));
  if (crossed.length && inside.length) store.picked = new Set(inside);
};

const toggle = (group, value) => (store) => {
  const off = new Set(store.hidden.get(group));
  off.delete(value) || off.add(value);
  off.size ? store.hidden.set(group, off) : store.hidden.delete(group);
};

const isolate = (group, value, values) => (store) => {
  const others = new Set(values.filter((each) => each !== value));
  const alone = [...others].every((each) => store.hidden.get(group)?.has(each));
  alone ? store.hidden.delete(group) : store.hidden.set(group, others);
};
