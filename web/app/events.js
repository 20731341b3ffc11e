/**
 * What was done to the run, as its journal tells it; each edit with what was in force before.
 * @module
 */
import { setting } from './format.js';

/**
 * @typedef {{step: number, time: number, kind: string, details: Record<string, unknown>}} Entry
 * @typedef {{step: number, time: number, changes: {path: string, before: unknown, after: unknown}[]}} Edit
 */

/**
 * The edits that led to the present, oldest first: what was rolled back over is not among them.
 * @param {Entry[]} entries oldest first
 * @param {Record<string, unknown>} begun the settings that the run was begun with
 * @returns {Edit[]}
 */
export function edits(entries, begun) {
  let kept = [];
  for (const entry of entries) {
    if (entry.kind === 'rollback' && entry.details.branch !== undefined) {
      kept = kept.filter(({ step }) => step < entry.step);
      kept.push({ ...entry, details: { 'game.branch': entry.details.branch } });
    } else if (entry.kind === 'rollback') {
      kept = kept.filter(({ step }) => step <= entry.step);
    } else if (entry.kind === 'edit') {
      kept.push(entry);
    }
  }
  const inForce = { ...begun };
  return kept.map(({ step, time, details }) => {
    const changes = Object.entries(details).map(([path, after]) => ({ path, before: inForce[path], after }));
    Object.assign(inForce, details);
    return { step, time, changes };
  });
}

/** One change as one would say it: `generator.optimiser.rate 5e-4 → 1e-4`. */
export function words({ path, before, after }) {
  return `${path} ${before === undefined ? '' : `${setting(before)} `}→ ${setting(after)}`;
}
