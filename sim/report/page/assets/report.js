startLanguage(() => {});
// On paper nothing can be unfolded.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((x) => { x.open = true; }));
