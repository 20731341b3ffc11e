/**
 * The moment that the whole page shows: now, or the past that someone looks at.
 * @module
 */

/**
 * @param {import('./run.js').Run} run
 * @param {import('./view.js').View} view
 * @returns {{past: boolean, row: number, step: number}} the last row of the history at that moment, or -1, and the step
 */
export function shown(run, view) {
  const { history, status } = run;
  if (view.moment !== null) {
    return { past: true, row: history.indexAfter(view.moment) - 1, step: view.moment };
  }
  // Reports come twenty times a second, a status once: the newer of the two counts.
  const step = Math.max(status?.step ?? 0, status?.state === 'RUNNING' ? history.lastStep : 0);
  return { past: false, row: history.length - 1, step };
}
