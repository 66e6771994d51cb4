// Before anything is drawn: dark or light as the device is, unless the visitor has chosen. Loaded without `defer`.
"use strict";
{
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { if (root.dataset.theme === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", follow);
  follow();
}
