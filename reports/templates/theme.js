// Light or dark: the system's choice until the reader makes one; paper is always light.
const theme = {
  system: matchMedia("(prefers-color-scheme: dark)"),
  paper: matchMedia("print"),
  get mode() {
    if (this.paper.matches) return "light";
    return document.documentElement.dataset.theme ?? (this.system.matches ? "dark" : "light");
  },
  onChange(listener) {
    this.system.addEventListener("change", listener);
    this.paper.addEventListener("change", listener);
    document.getElementById("theme").addEventListener("click", () => {
      document.documentElement.dataset.theme = this.mode === "dark" ? "light" : "dark";
      listener();
    });
  },
};
