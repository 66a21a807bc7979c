// The page of a running study reads itself again, keeping its place and its theme in the address;
// not while the reader is at work in it, and the seldomer the longer nobody has rewritten it.
const EVERY = 15_000; // milliseconds
const QUIET = 10 * 60_000;
const SHARE = 10;

function createLive(store) {
  const root = document.documentElement;
  const [, top, mode] = /^#at-(\d+)-(light|dark)?$/.exec(location.hash) ?? [];
  if (mode) root.dataset.theme = mode;
  if (top) {
    history.scrollRestoration = "manual";
    scrollTo({ top: Number(top), behavior: "instant" });
  }
  if (root.dataset.live === undefined) return;
  const written = new Date(root.dataset.live), opened = Date.now(), unfolded = countUnfolded();
  const due = opened + Math.max(EVERY, (opened - written) / SHARE);
  const tick = () => {
    document.getElementById("live").textContent = liveness(written);
    if (Date.now() < due || isInUse(store) || countUnfolded() !== unfolded) return;
    history.replaceState(null, "", `#at-${Math.round(scrollY)}-${root.dataset.theme ?? ""}`);
    location.reload();
  };
  tick();
  setInterval(tick, EVERY);
}

function liveness(written) {
  const age = Date.now() - written, time = written.toLocaleString();
  if (age < QUIET)
    return `The study is running: this page, written ${time}, reads itself again every 15 seconds, except while it is narrowed, switched or unfolded.`;
  return `Nothing has rewritten this page for ${number(Math.floor(age / 60_000))} minutes, since ${time}: the study no longer runs, or an epoch of it takes longer.`;
}

const countUnfolded = () => document.querySelectorAll("details[open]").length;

function isInUse(store) {
  const isSwitched = [...document.querySelectorAll("[data-switch]")].some((s) => s.selectedIndex > 0);
  const isOpen = document.getElementById("detail").open;
  return document.hidden || isSwitched || isOpen || store.chosen.length !== store.total;
}
