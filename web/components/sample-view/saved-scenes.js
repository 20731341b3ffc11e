/**
 * The scenes that the trainer still has, each of a moment at which a page was open.
 * @module
 */
import { api } from '../../app/api.js';
import { unpack } from '../../app/packed.js';
import { read } from '../../app/scene.js';

/** Scenes remembered, so that a slider that goes to and fro asks once. */
const REMEMBERED = 50;

export class SavedScenes {
  #known = new Map();

  remember(scene) {
    this.#known.set(scene.step, scene);
    if (this.#known.size > REMEMBERED) {
      this.#known.delete(this.#known.keys().next().value);
    }
  }

  /** @returns {Promise<import('../../app/scene.js').Scene|null>} null if no page was open then */
  async load(step) {
    if (!this.#known.has(step)) {
      const buffer = await api.scene(step).catch(() => null);
      if (buffer === null) {
        return null;
      }
      this.remember(read(unpack(buffer)));
    }
    return this.#known.get(step);
  }
}
