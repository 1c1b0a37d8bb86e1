"use strict";
/* A slider over moments that can be played: nothing moves before the reader asks for it. */

class Player {
  /* onStep is told of each moment and returns what it is called; onRest of the one that is stayed at. */
  constructor(slider, button, { stepMs, onStep, onRest }) {
    Object.assign(this, { slider, button, stepMs, onStep, onRest });
    slider.addEventListener("input", () => { this.pause(); this.show(); });
    slider.addEventListener("change", () => this.onRest());
    button.addEventListener("click", () => (this.isPlaying ? this.pause() : this.play()));
    document.addEventListener("visibilitychange", () => document.hidden && this.pause());
    this.tell();
  }

  get step() {
    return Number(this.slider.value);
  }

  get last() {
    return Number(this.slider.max);
  }

  show() {
    this.slider.setAttribute("aria-valuetext", this.onStep(this.step));
  }

  go(step) {
    this.slider.value = step;
    this.show();
    this.onRest();
  }

  /* From the beginning where it has come to the end. */
  play() {
    if (this.step === this.last) this.slider.value = 0;
    this.isPlaying = true;
    this.tell();
    this.show();
    let shownAt = performance.now();
    const next = (now) => {
      if (!this.isPlaying) return;
      const due = Math.floor((now - shownAt) / this.stepMs);
      if (due > 0) {
        shownAt += due * this.stepMs;
        this.slider.value = this.step + 1;
        this.show();
      }
      if (this.step < this.last) requestAnimationFrame(next);
      else this.pause();
    };
    requestAnimationFrame(next);
  }

  pause() {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.tell();
    this.onRest();
  }

  tell() {
    this.button.textContent = this.isPlaying ? `⏸ ${t("Pause")}` : `▶ ${t("Play")}`;
  }
}
