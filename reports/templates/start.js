// Everything is put together: first what needs only the data, then the charts.
async function start() {
  const plotly = unpack("plotly");
  const data = JSON.parse(await unpack("data"));
  const store = createStore(data.summary);
  const detail = createDetail(data);
  const redrawTable = createTable(data.summary, store, detail.open);
  createDownloads(data.summary, store);
  store.onChange(() => showStatus(store));
  document.getElementById("clear").addEventListener("click", () => {
    document.getElementById("search").value = "";
    store.clear();
    redrawTable();
  });
  createLive(store);
  await loadPlotly(plotly);
  createCharts(data, store, detail.open);
  detail.fromHash();
  document.documentElement.dataset.charts = "1";
}

function showStatus(store) {
  document.getElementById("showing").textContent =
    `Showing ${number(store.chosen.length)} of ${number(store.total)} trials`;
  const isNarrowed = store.chosen.length !== store.total;
  document.getElementById("status").hidden = !isNarrowed;
  document.documentElement.toggleAttribute("data-narrowed", isNarrowed);
}

start().catch((error) => {
  document.getElementById("fallback").hidden = false;
  throw error;
});
