/**
 * The samples that the run has saved, one set a tick, so that its past can be looked at.
 * @module
 */
import { api } from '../../app/api.js';

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
  #lookedAt = 0;
  #loading = null;
  #wanted = null;

  /** Looks for new ones. @param {boolean} [now] even if it looked a moment ago */
  async refresh(now = false) {
    if (!now && Date.now() - this.#lookedAt < LOOK_EVERY) {
      return;
    }
    this.#lookedAt = Date.now();
    const kept = await api.samples().catch(() => this.steps);
    const steps = [...new Set([...kept, ...this.#visited.keys()])].sort((a, b) => a - b);
    if (steps.length !== this.steps.length || steps.at(-1) !== this.steps.at(-1)) {
      this.steps = steps;
      this.dispatchEvent(new Event('change'));
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

  /**
   * Loads one set, and while it does remembers only the newest wish: a drag over a thousand steps asks for a few of them.
   * @returns {Promise<ArrayBuffer|null>} null if it is gone, or no longer wanted
   */
  async load(step) {
    if (this.#visited.has(step)) {
      return this.#visited.get(step);
    }
    this.#wanted = step;
    await this.#loading;
    if (this.#wanted !== step) {
      return null;
    }
    const answer = api.sample(step, this.format).catch(() => null);
    this.#loading = answer;
    return answer;
  }
}
