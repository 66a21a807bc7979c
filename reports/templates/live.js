// The page of a study that has trials to come reads itself again, keeping its place and its theme
// in the address; not while the reader has narrowed it, switched a chart or opened a trial.
const EVERY = 15_000; // milliseconds

function createLive(store) {
  const root = document.documentElement;
  const [, top, mode] = /^#at-(\d+)-(light|dark)?$/.exec(location.hash) ?? [];
  if (mode) root.dataset.theme = mode;
  if (top) {
    history.scrollRestoration = "manual";
    scrollTo({ top: Number(top), behavior: "instant" });
  }
  if (root.dataset.live === undefined) return;
  setInterval(() => {
    if (isInUse(store)) return;
    history.replaceState(null, "", `#at-${Math.round(scrollY)}-${root.dataset.theme ?? ""}`);
    location.reload();
  }, EVERY);
}

function isInUse(store) {
  const isSwitched = [...document.querySelectorAll("[data-switch]")].some((s) => s.selectedIndex > 0);
  const isOpen = document.getElementById("detail").open;
  return document.hidden || isSwitched || isOpen || store.chosen.length !== store.total;
}
