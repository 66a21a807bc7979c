// Charts of several studies: nothing is filtered, so there is no store to speak of.
async function start() {
  const data = JSON.parse(await unpack("data"));
  await loadPlotly(unpack("plotly"));
  createCharts(data, { chosen: [], hidden: new Map(), onChange() {} }, () => {});
  document.documentElement.dataset.charts = "1";
}

start().catch((error) => {
  document.getElementById("fallback").hidden = false;
  throw error;
});
