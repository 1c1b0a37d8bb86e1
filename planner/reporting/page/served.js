"use strict";
/* Where the workbench shows the page, a link leads back there; a file on its own has none. */

if (location.protocol === "http:" && location.pathname.startsWith("/files/")) {
  const way = document.getElementById("workbench");
  way.querySelector("a").href = "/";
  way.hidden = false;
}
