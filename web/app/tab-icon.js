/**
 * The icon of the browser's tab: the two players, and a mark in the colour of the run's state.
 * @module
 */

const COLOURS = {
  STARTING: '#8f5600',
  RUNNING: '#18794e',
  STOPPED: '#8f5600',
  FINISHED: '#3358d4',
  FAILED: '#c4281c',
  DISCONNECTED: '#5f6570',
};

/** @param {string} state @param {boolean} alarm whether something wants to be looked at @returns {string} SVG */
function icon(state, alarm) {
  const colour = alarm && state === 'RUNNING' ? COLOURS.FAILED : (COLOURS[state] ?? COLOURS.DISCONNECTED);
  const mark = state === 'FAILED' || alarm ? '<path d="M24 4 31 16 17 16Z"' : state === 'STOPPED' ? '<rect x="19" y="5" width="10" height="10"' : '<circle cx="24" cy="10" r="6"';
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="11" cy="19" r="9" fill="#d4510c"/>' +
    `<circle cx="19" cy="19" r="9" fill="#3358d4" fill-opacity="0.85"/>${mark} fill="${colour}" stroke="#fff" stroke-width="1.5"/></svg>`
  );
}

export class TabIcon {
  #drawn = '';

  /** @param {import('./run.js').Run} run */
  constructor(run) {
    const link = document.querySelector('link[rel="icon"]');
    const render = () => {
      const drawn = icon(run.state, (run.status?.findings ?? []).length > 0);
      if (drawn !== this.#drawn) {
        this.#drawn = drawn;
        link.href = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
        link.dataset.state = run.state;
      }
    };
    run.addEventListener('status', render);
    run.addEventListener('connection', render);
  }
}
