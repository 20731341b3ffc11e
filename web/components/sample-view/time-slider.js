/**
 * The way into the run's past: a slider over its saved samples, a button that plays them, and one that returns to now.
 * @module
 */
import { element, setText } from '../../app/dom.js';
import { count } from '../../app/format.js';

const FRAME_MILLIS = 100;
/** Frames a whole run is played in at most: ten seconds. */
const MOST_FRAMES = 100;

export class TimeSlider {
  #saved;
  #view;
  #timer = 0;

  constructor(saved, view) {
    this.#saved = saved;
    this.#view = view;
    this.play = element('button', { type: 'button', class: 'quiet', id: 'time-play', onclick: () => this.#toggle() }, 'Play');
    this.slider = element('input', {
      type: 'range',
      id: 'time-slider',
      min: '0',
      step: '1',
      'aria-label': 'Saved samples by step',
      oninput: () => {
        const index = Number(this.slider.value);
        this.#stop();
        this.#go(index);
      },
    });
    this.label = element('output', { class: 'number muted', for: 'time-slider' });
    this.live = element(
      'button',
      {
        type: 'button',
        class: 'quiet',
        id: 'time-live',
        onclick: () => {
          this.#stop();
          view.momentAt(null);
        },
      },
      'Live',
    );
    this.node = element('div', { class: 'time', hidden: true }, this.play, this.slider, this.label, this.live);
    saved.addEventListener('change', () => this.#render());
    view.addEventListener('moment', () => this.#render());
    this.#render();
  }

  /** The place after the last saved step is now. */
  #go(index) {
    this.#view.momentAt(index < this.#saved.steps.length ? this.#saved.steps[index] : null);
  }

  #toggle() {
    if (this.#timer) {
      this.#stop();
      return;
    }
    const { steps } = this.#saved;
    const stride = Math.max(1, Math.ceil(steps.length / MOST_FRAMES));
    let index = this.#view.moment === null ? 0 : steps.indexOf(this.#view.moment);
    this.#go(index);
    this.#timer = setInterval(() => {
      index += stride;
      this.#go(index);
      if (index >= this.#saved.steps.length) {
        this.#stop();
      }
    }, FRAME_MILLIS);
    this.#render();
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#render();
  }

  #render() {
    const { steps } = this.#saved;
    const { moment } = this.#view;
    this.node.hidden = steps.length === 0;
    this.slider.max = steps.length;
    this.slider.value = moment === null ? steps.length : steps.indexOf(moment);
    this.slider.setAttribute('aria-valuetext', moment === null ? 'now' : `step ${count(moment)}`);
    setText(this.label, moment === null ? '' : count(moment));
    setText(this.play, this.#timer ? 'Pause' : 'Play');
    this.live.setAttribute('aria-pressed', moment === null);
  }
}
