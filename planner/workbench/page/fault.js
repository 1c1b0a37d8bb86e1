"use strict";
/* A page without anything to change. */

speech.listen();
speech.choose(speech.first());
document.body.dataset.ready = "";
