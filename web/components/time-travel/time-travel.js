/**
 * To any step: the trainer plays the turns up to it again, beside the run, and the page shows what the run drew there. And from there: a run
 * that goes on with other settings.
 * @module
 */
import { api } from '../../app/api.js';
import { element, setText } from '../../app/dom.js';
import { count, typed } from '../../app/format.js';
import { shown } from '../../app/moment.js';
import { visit } from '../../app/visit.js';
import { notify } from '../message-list/message-list.js';

class TimeTravel extends HTMLElement {
  #run;
  #view;
  #saved;

  /** @param {import('../../app/saved-samples.js').SavedSamples} saved takes the pictures of the steps visited */
  open(run, view, saved) {
    this.#run = run;
    this.#view = view;
    this.#saved = saved;
    this.step = element('input', { type: 'number', id: 'visit-step', min: '0', step: '1', placeholder: 'step', 'aria-label': 'Step to visit' });
    this.go = element('button', { type: 'submit', class: 'quiet', id: 'visit-go', title: 'Play the turns up to that step again, beside the run' }, 'Visit');
    this.cancel = element(
      'button',
      { type: 'button', class: 'quiet', id: 'visit-cancel', hidden: true, onclick: () => api.endVisit().catch(() => {}) },
      'Cancel',
    );
    this.told = element('span', { class: 'muted number', id: 'visit-told', role: 'status' });
    const form = element('form', { class: 'visit' }, this.step, this.go, this.cancel, this.told);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.step.value !== '' && this.#go(Number(this.step.value));
    });

    this.branch = element(
      'button',
      { type: 'button', class: 'quiet', id: 'branch', title: 'Begin another run at this step, with other settings', onclick: () => this.#ask() },
      'Branch here',
    );
    this.name = element('input', { type: 'text', id: 'branch-name', 'aria-label': 'Name of the new run', autocomplete: 'off', spellcheck: 'false' });
    this.settings = element('input', {
      type: 'text',
      id: 'branch-settings',
      'aria-label': 'Settings that differ',
      placeholder: 'batch=128, game.objective=hinge',
      autocomplete: 'off',
      spellcheck: 'false',
    });
    this.fork = element(
      'form',
      { class: 'fork', hidden: true },
      this.name,
      this.settings,
      element('button', { type: 'submit', class: 'primary' }, 'Branch'),
      element('button', { type: 'button', class: 'quiet', onclick: () => (this.fork.hidden = true) }, 'Cancel'),
    );
    this.fork.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#make();
    });
    form.append(this.branch);
    this.append(form, this.fork);
  }

  async #go(step) {
    this.go.disabled = true;
    this.cancel.hidden = false;
    try {
      const visited = await visit({ step }, (words) => setText(this.told, words));
      if (visited) {
        this.#saved.visited(step, await api.visitedPicture(step, this.#saved.format));
        this.#view.momentAt(step);
        visited.notices.forEach((notice) => notify(notice));
      }
    } catch (problem) {
      notify(problem.message, 'error');
    }
    setText(this.told, '');
    this.go.disabled = false;
    this.cancel.hidden = true;
  }

  #ask() {
    const { step } = shown(this.#run, this.#view);
    this.at = step;
    this.name.value = `${this.#run.info.name}-at-${step}`;
    this.fork.hidden = false;
    this.name.focus();
  }

  async #make() {
    try {
      const settings = typed(this.settings.value);
      setText(this.told, 'making the branch …');
      const made = await api.fork(this.at, this.name.value.trim(), settings);
      this.fork.hidden = true;
      notify(`Made ${made.name}, which begins at step ${count(this.at)}. Play it from the list of runs, or with: vertigan resume ${made.folder}`);
      document.querySelector('run-list')?.refresh();
    } catch (problem) {
      notify(problem.message, 'error');
    }
    setText(this.told, '');
  }
}

customElements.define('time-travel', TimeTravel);
