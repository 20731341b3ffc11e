/**
 * Stop, resume, step, checkpoint, more turns: each enabled as the run's state allows, and busy until the trainer has done it. A button
 * that has nothing to do stays where the keyboard is (`aria-disabled`), and hands over to the one that comes next.
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
  more: ['FINISHED'],
};
/** Turns that a finished run is offered. */
const MORE = 10_000;
/** Where the keyboard goes on from a button that has done its work. */
const NEXT = { stop: 'resume', resume: 'stop', more: 'stop' };

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
      button('more', `+${count(MORE)} turns`, 'Give the run more turns, and go on'),
      button('checkpoint', 'Checkpoint', 'Save now; a running run goes on'),
    );
    ['status', 'connection'].forEach((event) => run.addEventListener(event, () => this.#render()));
    document.addEventListener('keydown', (event) => this.#key(event));
    this.#buttons.more.hidden = true;
    this.#render();
  }

  async #ask(command) {
    const button = this.#buttons[command];
    if (button.getAttribute('aria-disabled') === 'true') {
      return;
    }
    const focused = document.activeElement === button;
    this.#busy.add(command);
    this.#render();
    try {
      if (command === 'more') {
        await this.#run.change({ steps: this.#run.status.step + MORE });
      }
      await this.#run.command(command === 'more' ? 'resume' : command, command === 'step' ? { turns: Number(this.turns.value) } : {});
      if (command === 'checkpoint') {
        notify(`Checkpoint of step ${count(this.#run.status.checkpointStep)} saved and verified.`);
      }
    } catch (error) {
      notify(error.message, 'error');
    }
    this.#busy.delete(command);
    this.#render();
    const next = this.#buttons[NEXT[command]];
    if (focused && document.activeElement === button && button.getAttribute('aria-disabled') === 'true' && next?.getAttribute('aria-disabled') === 'false') {
      next.focus();
    }
  }

  #render() {
    const { state } = this.#run;
    for (const [command, button] of Object.entries(this.#buttons)) {
      const busy = this.#busy.has(command);
      button.setAttribute('aria-disabled', busy || !ALLOWED[command].includes(state));
      button.toggleAttribute('data-busy', busy);
      button.setAttribute('aria-busy', busy);
    }
    const finished = state === 'FINISHED';
    if (finished === this.#buttons.more.hidden) {
      const focused = document.activeElement === this.#buttons.more;
      this.#buttons.more.hidden = !finished;
      this.#buttons.resume.hidden = finished;
      if (focused) {
        this.#buttons.stop.focus();
      }
    }
    this.#buttons.more.classList.toggle('primary', finished);
    this.#buttons.stop.classList.toggle('primary', state === 'RUNNING');
    this.#buttons.resume.classList.toggle('primary', state === 'STOPPED' || state === 'FAILED');
    this.turns.disabled = !ALLOWED.step.includes(state);
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
