/**
 * Moments of the run's past, each read once for as long as it is looked at.
 * @module
 */

/**
 * At most so many of a list, evenly, the last among them. As the list grows at its end all but the last stay, until half of them go at once: so what
 * was read of them is of use.
 */
export function spread(list, most) {
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, list.length - 1) / (most - 1))));
  return list.filter((_, index) => index % stride === 0 || index === list.length - 1);
}

/** @template Frame */
export class Film {
  /** @type {Map<number, Promise<Frame|null>>} */
  #frames = new Map();
  #read;

  /** @param {(step: number) => Promise<Frame|null>} read null if there is none */
  constructor(read) {
    this.#read = read;
  }

  /** What was read of later steps is no longer true: the run went back. */
  backTo(step) {
    this.#keep((other) => other <= step);
  }

  #keep(wanted) {
    [...this.#frames.keys()].filter((step) => !wanted(step)).forEach((step) => this.#frames.delete(step));
  }

  /** Those of the steps that there are, in order. @param {number[]} steps @returns {Promise<Frame[]>} */
  async of(steps) {
    this.#keep((step) => steps.includes(step));
    const frames = await Promise.all(steps.map((step) => this.#frame(step)));
    return frames.filter((frame) => frame !== null);
  }

  async #frame(step) {
    if (!this.#frames.has(step)) {
      this.#frames.set(step, this.#read(step));
    }
    const asked = this.#frames.get(step);
    const frame = await asked.catch(() => null);
    if (frame === null && this.#frames.get(step) === asked) {
      this.#frames.delete(step); // It may be there the next time.
    }
    return frame;
  }
}
