// The page of a running study reads itself again, keeping its place and its theme in the address;
// not while the reader is at work in it, and no longer when nobody rewrites it.
const EVERY = 15_000; // milliseconds
const QUIET = 30 * 60_000;

function createLive(store) {
  const root = document.documentElement;
  const [, top, mode] = /^#at-(\d+)-(light|dark)?$/.exec(location.hash) ?? [];
  if (mode) root.dataset.theme = mode;
  if (top) {
    history.scrollRestoration = "manual";
    scrollTo({ top: Number(top), behavior: "instant" });
  }
  if (root.dataset.live === undefined) return;
  const unfolded = countUnfolded();
  const timer = setInterval(() => {
    if (Date.now() - new Date(document.lastModified) > QUIET) {
      clearInterval(timer);
      document.getElementById("live").textContent =
        `Nothing has rewritten this page since ${document.lastModified}, so it does not read itself again: is the study still running?`;
    } else if (!isInUse(store) && countUnfolded() === unfolded) {
      history.replaceState(null, "", `#at-${Math.round(scrollY)}-${root.dataset.theme ?? ""}`);
      location.reload();
    }
  }, EVERY);
}

const countUnfolded = () => document.querySelectorAll("details[open]").length;

function isInUse(store) {
  const isSwitched = [...document.querySelectorAll("[data-switch]")].some((s) => s.selectedIndex > 0);
  const isOpen = document.getElementById("detail").open;
  return document.hidden || isSwitched || isOpen || store.chosen.length !== store.total;
}
