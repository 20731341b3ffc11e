/**
 * Looks at the layers of both players, as the trainer keeps them.
 * @module
 */
import { base } from '../../app/api.js';
import { unpack } from '../../app/packed.js';
import { read } from '../../app/scene.js';

/**
 * @typedef {{path: string, words: string, in: number[], out: number[], parameters: number, layers: Layer[]}} Layer
 * @typedef {{input: number[], parameters: number, tensors: string[], outputs: string[], layers: Layer[]}} Network
 */

/** @returns {Promise<{generator: Network, discriminator: Network}>} */
export const networks = async () => (await fetch(new URL('api/network', base))).json();

export class Looks {
  /** Oldest first. @type {import('../../app/scene.js').Scene[]} */
  all = [];

  /** Asks for those that came since. @returns {Promise<boolean>} whether there are any */
  async refresh() {
    const since = this.all.at(-1)?.step ?? -1;
    const response = await fetch(new URL(`api/layers?since=${since}`, base)).catch(() => null);
    if (!response?.ok) {
      return false;
    }
    const buffer = await response.arrayBuffer();
    const view = new DataView(buffer);
    for (let at = 0; at < buffer.byteLength; ) {
      const length = view.getUint32(at, true);
      this.all.push(read(unpack(buffer.slice(at + 4, at + 4 + length))));
      at += 4 + length;
    }
    return buffer.byteLength > 0;
  }

  /** Forgets what is not of the run as it is now: it went back, or is another. */
  clear() {
    this.all = [];
  }
}

/**
 * Which rows of a look's arrays are a layer's.
 * @param {Network} network @param {string} path
 * @returns {{tensor: number, output: number, name: string}} its first tensor (weights, or batch norm's scale) and its outputs; -1 if there are none
 */
export function rows(network, path) {
  const tensor = network.tensors.findIndex((name) => name.slice(0, name.lastIndexOf('.')) === path);
  return { tensor, output: network.outputs.indexOf(path), name: network.tensors[tensor] ?? '' };
}

/** Mean, standard deviation, least and most of a row. */
export function figures(array, row) {
  const [mean, deviation, low, high] = array.values.subarray(4 * row, 4 * row + 4);
  return { mean, deviation, low, high };
}
