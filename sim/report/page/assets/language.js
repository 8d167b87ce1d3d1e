// English and Chinese from one source; remembered where the browser allows it.

const TEXTS = JSON.parse(document.getElementById("texts").textContent);
let language = "en";

function T(key, ...values) {
  const said = TEXTS[key]?.[language] ?? key;
  return said.replace(/\{(\d)\}/g, (_, i) => values[i] ?? "");
}

function setLanguage(name) {
  language = name;
  document.documentElement.lang = name === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.lang = name;
  const button = document.getElementById("language");
  if (button) button.textContent = name === "zh" ? "English" : "中文";
  try { localStorage.setItem("pilotzone-language", name); } catch { /* pages from disk may keep nothing */ }
}

function startLanguage(changed) {
  let kept = null;
  try { kept = localStorage.getItem("pilotzone-language"); } catch { /* as above */ }
  setLanguage(kept ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
  document.getElementById("language").addEventListener("click", () => {
    setLanguage(language === "zh" ? "en" : "zh");
    changed();
  });
}
