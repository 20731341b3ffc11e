/**
 * The samples that the run has saved, one set a tick, so that its past can be looked at.
 * @module
 */
import { api } from './api.js';

/** Milliseconds between two looks at the list. */
const LOOK_EVERY = 5000;

/** Event: `change`, when there are other steps than before. */
export class SavedSamples extends EventTarget {
  /** @type {number[]} ascending */
  steps = [];
  /** @type {'png'|'f32'} */
  format = 'png';

  /** Pictures of steps that were visited. @type {Map<number, ArrayBuffer>} */
  #visited = new Map();
  #lookedAt = -Infinity;
  #timer = 0;
  #drawn = -1; // the newest step that a picture came of
  #missed = -1; // one that was not in the list when it was looked for
  #loading = null;
  #wanted = null;

  /** A picture of a step has come, and is saved about now: it will be in the list soon. */
  drawn(step) {
    this.#drawn = step;
    if (this.#timer === 0) {
      this.#timer = setTimeout(() => this.refresh(), Math.max(0, LOOK_EVERY - (Date.now() - this.#lookedAt)));
    }
  }

  /** Looks for new ones. */
  async refresh() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#lookedAt = Date.now();
    const drawn = this.#drawn;
    const kept = await api.samples().catch(() => this.steps);
    const steps = [...new Set([...kept, ...this.#visited.keys()])].sort((a, b) => a - b);
    if (steps.length !== this.steps.length || steps.at(-1) !== this.steps.at(-1)) {
      this.steps = steps;
      this.dispatchEvent(new Event('change'));
    }
    if (drawn >= 0 && drawn !== this.#missed && !kept.includes(drawn)) {
      this.#missed = drawn;
      this.drawn(this.#drawn); // not saved yet: once more
    }
  }

  /** Adds the picture of a step that was visited. */
  visited(step, payload) {
    this.#visited.set(step, payload);
    this.steps = [...new Set([...this.steps, step])].sort((a, b) => a - b);
    this.dispatchEvent(new Event('change'));
  }

  /** The saved step nearest to `step`, or null if there are none. */
  nearest(step) {
    return this.steps.reduce(
      (best, other) => (best === null || Math.abs(other - step) < Math.abs(best - step) ? other : best),
      null,
    );
  }

  /** @returns {Promise<ArrayBuffer|null>} null if it is gone */
  async read(step) {
    return this.#visited.get(step) ?? api.sample(step, this.format).catch(() => null);
  }

  /**
   * Loads one set, and while it does remembers only the newest wish: a drag over a thousand steps asks for a few of them.
   * @returns {Promise<ArrayBuffer|null>} null if it is gone, or no longer wanted
   */
  async load(step) {
    if (!this.#visited.has(step)) {
      this.#wanted = step;
      await this.#loading;
      if (this.#wanted !== step) {
        return null;
      }
      this.#loading = this.read(step);
      return this.#loading;
    }
    return this.read(step);
  }
}
