/**
 * Which run this is, and how it stands.
 * @module
 */
import { element, setText } from '../../app/dom.js';

const WORDS = {
  STARTING: 'starting',
  RUNNING: 'running',
  STOPPED: 'stopped',
  FINISHED: 'finished',
  FAILED: 'failed',
  DISCONNECTED: 'disconnected',
};

class RunTitle extends HTMLElement {
  show(run) {
    const name = element('h1', { id: 'run-name' });
    const chip = element('span', {
      id: 'state',
      'data-testid': 'state',
      class: 'chip',
      role: 'status',
      'aria-label': 'State of the run',
    });
    this.append(
      element('span', { class: 'brand', 'aria-hidden': 'true' }),
      element('span', { class: 'word' }, 'VertiGAN'),
      name,
      chip,
    );

    const render = () => {
      setText(name, run.info?.name ?? '…');
      const connecting = !run.connected && run.connection.state === 'connecting' && !run.status;
      setText(chip, connecting ? 'connecting' : (WORDS[run.state] ?? run.state.toLowerCase()));
      chip.dataset.state = run.state;
    };
    ['info', 'status', 'connection'].forEach((event) => run.addEventListener(event, render));
    render();
  }
}

customElements.define('run-title', RunTitle);
