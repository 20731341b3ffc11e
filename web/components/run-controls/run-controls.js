/**
 * Stop, resume, step, checkpoint: each enabled as the run's state allows, and busy until the trainer has done it.
 * @module
 */
import { element } from '../../app/dom.js';
import { count } from '../../app/format.js';
import { notify } from '../message-list/message-list.js';

/** States in which a command makes sense. */
const ALLOWED = {
  stop: ['RUNNING'],
  resume: ['STOPPED', 'FAILED'],
  step: ['STOPPED', 'FAILED'],
  checkpoint: ['RUNNING', 'STOPPED', 'FINISHED'],
};

class RunControls extends HTMLElement {
  #run;
  #busy = new Set();
  #buttons = {};

  show(run) {
    this.#run = run;
    const button = (command, label, title) => {
      this.#buttons[command] = element(
        'button',
        {
          type: 'button',
          id: `${command}-button`,
          'data-testid': `${command}-button`,
          title,
          onclick: () => this.#ask(command),
        },
        label,
      );
      return this.#buttons[command];
    };
    this.turns = element('input', {
      type: 'number',
      id: 'step-turns',
      min: '1',
      step: '1',
      value: '1',
      'aria-label': 'Turns to step',
      onkeydown: (event) => event.key === 'Enter' && this.#ask('step'),
    });
    this.append(
      button('stop', 'Stop', 'End the turn, save, wait (space)'),
      button('resume', 'Resume', 'Go on from where it stopped (space)'),
      element('span', { class: 'group' }, button('step', 'Step', 'Make that many turns, then stop again (s)'), this.turns),
      button('checkpoint', 'Checkpoint', 'Save now; a running run goes on'),
    );
    ['status', 'connection'].forEach((event) => run.addEventListener(event, () => this.#render()));
    document.addEventListener('keydown', (event) => this.#key(event));
    this.#render();
  }

  async #ask(command) {
    if (this.#buttons[command].disabled) {
      return;
    }
    this.#busy.add(command);
    this.#render();
    try {
      await this.#run.command(command, command === 'step' ? { turns: Number(this.turns.value) } : {});
      if (command === 'checkpoint') {
        notify(`Checkpoint of step ${count(this.#run.status.checkpointStep)} saved and verified.`);
      }
    } catch (error) {
      notify(error.message, 'error');
    }
    this.#busy.delete(command);
    this.#render();
  }

  #render() {
    const { state } = this.#run;
    for (const [command, button] of Object.entries(this.#buttons)) {
      const busy = this.#busy.has(command);
      button.disabled = busy || !ALLOWED[command].includes(state);
      button.toggleAttribute('data-busy', busy);
      button.setAttribute('aria-busy', busy);
    }
    this.#buttons.stop.classList.toggle('primary', state === 'RUNNING');
    this.#buttons.resume.classList.toggle('primary', state === 'STOPPED' || state === 'FAILED');
    this.turns.disabled = this.#buttons.step.disabled;
  }

  #key(event) {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select, button, a, [role="slider"]');
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
      return;
    }
    // On a button space presses it; on a chart it has no other meaning.
    if (event.key === ' ' && (!typing || typing.getAttribute('role') === 'slider')) {
      event.preventDefault();
      this.#ask(this.#run.state === 'RUNNING' ? 'stop' : 'resume');
    } else if (event.key === 's' && !event.target.closest?.('input:not([type="range"])')) {
      this.#ask('step');
    }
  }
}

customElements.define('run-controls', RunControls);
