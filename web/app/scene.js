/**
 * Scenes of the duel: what both players see at a moment, as arrays by name.
 * @module
 */

/**
 * @typedef {{frame?: number, step: number, arrays: {name: string, shape: number[], type: 'f32'|'i8', scale: number}[], payload: ArrayBuffer}} Frame
 * @typedef {{step: number} & Record<string, {shape: number[], values: Float32Array}>} Scene
 */

/** @param {Frame} frame @returns {Scene} */
export function read({ step, arrays, payload }) {
  const scene = { step };
  let at = 0;
  for (const { name, shape, type, scale } of arrays) {
    const length = shape.reduce((product, extent) => product * extent, 1);
    const values =
      type === 'f32' ? new Float32Array(payload, at, length) : Float32Array.from(new Int8Array(payload, at, length), (value) => value * scale);
    scene[name] = { shape, values };
    at += type === 'f32' ? 4 * length : 4 * Math.ceil(length / 4);
  }
  return scene;
}

/**
 * From a logit to what D thinks of it, 0 (surely generated) to 1 (surely real). A probability where the objective makes it one; where only
 * differences of logits count, their place among those of this scene.
 * @param {string} objective @param {Scene} scene
 * @returns {(logit: number) => number}
 */
export function scorer(objective, scene) {
  switch (objective) {
    case 'minimax':
    case 'non-saturating':
    case 'maximum-likelihood':
      return (logit) => 1 / (1 + Math.exp(-logit));
    case 'least-squares':
      return (logit) => clamp(logit);
    case 'hinge':
      return (logit) => clamp((logit + 1) / 2);
    case 'relativistic':
    case 'relativistic-average': {
      // How likely it is more real than a sample half way between the two kinds.
      const middle = (mean(scene.realLogits.values) + mean(scene.fakeLogits.values)) / 2;
      return (logit) => 1 / (1 + Math.exp(middle - logit));
    }
    default: {
      const all = [...scene.realLogits.values, ...scene.fakeLogits.values].filter(Number.isFinite).sort((a, b) => a - b);
      const low = all[Math.floor(0.02 * all.length)] ?? 0;
      const high = all[Math.ceil(0.98 * all.length) - 1] ?? 1;
      return (logit) => clamp((logit - low) / (high - low || 1));
    }
  }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const clamp = (value) => Math.min(1, Math.max(0, value));

/** Whether a score is a probability, to be said as one. */
export const isProbability = (objective) => ['minimax', 'non-saturating', 'maximum-likelihood'].includes(objective);
