/**
 * The runs beside this one: what they were, where they ended, whom they branched from. Any can be drawn over this one, played in its place,
 * given another name or other notes, put away, deleted; and one can be begun.
 * @module
 */
import { api } from '../../app/api.js';
import { element, setText } from '../../app/dom.js';
import { count, measure } from '../../app/format.js';
import { MOST } from '../../app/others.js';
import { notify } from '../message-list/message-list.js';
import { askForName, askToDelete } from './questions.js';

/** The tag of a run that was put away: it is listed only when asked for. */
const ARCHIVED = 'archived';
/** Titles of the columns, and what goes first where there is little room. */
const COLUMNS = [
  ['Over', ''],
  ['Run', ''],
  ['Data', 'rare'],
  ['Objective', 'rare'],
  ['Step', ''],
  ['Loss D', 'loss'],
  ['Loss G', 'loss'],
  ['From', 'rare'],
];

class RunList extends HTMLElement {
  #runs = [];
  #run;
  #view;

  show(run, view) {
    this.#run = run;
    this.#view = view;
    this.search = element('input', { type: 'search', id: 'run-search', placeholder: 'Find', 'aria-label': 'Find a run', oninput: () => this.#render() });
    this.archived = element('input', { type: 'checkbox', id: 'run-archived', onchange: () => this.#render() });
    this.told = element('span', { class: 'muted', role: 'status' });
    this.body = element('tbody');
    const heads = COLUMNS.map(([title, kind]) => element('th', { scope: 'col', class: kind }, title));
    this.table = element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Runs' },
      element('table', {}, element('thead', {}, element('tr', {}, ...heads, element('td'))), this.body),
    );
    const find = element('div', { class: 'find' }, this.search, element('label', {}, this.archived, 'also archived ones'), this.told);
    const details = element('details', { id: 'run-details' }, element('summary', {}, element('h2', {}, 'Runs'), element('span', { class: 'muted hint' }, 'compare, play, rename, archive, delete')), find, this.table);
    details.addEventListener('toggle', () => details.open && this.refresh());
    this.append(details);
    run.addEventListener('info', () => details.open && this.refresh());
    view.addEventListener('with', () => details.open && this.#render());
  }

  async refresh() {
    this.#runs = await api.runs().catch(() => this.#runs);
    this.#render();
  }

  #render() {
    const words = this.search.value.toLowerCase().split(/\s+/);
    const found = this.#runs.filter((run) => {
      const text = [run.name, run.data, run.objective, run.note, ...run.tags].join(' ').toLowerCase();
      return words.every((word) => text.includes(word)) && (this.archived.checked || run.current || !run.tags.includes(ARCHIVED));
    });
    setText(this.told, found.length === 0 ? 'No run matches.' : '');
    this.body.replaceChildren(...found.map((run) => this.#row(run)));
  }

  #row(run) {
    const { name, current, data, objective, steps, parent, tags, note } = run;
    const { step, figures } = current ? this.#now() : run;
    const cell = (text, kind = '') => element('td', { class: kind }, text);
    const over = element('input', {
      type: 'checkbox',
      'aria-label': `Draw ${name} over this run`,
      onchange: () => this.#draw(name, over.checked),
    });
    over.checked = current || this.#view.with.includes(name);
    over.disabled = current || (!over.checked && this.#view.with.length >= MOST);
    return element(
      'tr',
      { 'aria-current': current ? 'true' : null, title: note || null, 'data-run': name },
      element('td', {}, element('label', {}, over)),
      element('th', { scope: 'row' }, name, ...tags.map((tag) => element('span', { class: 'tag' }, tag))),
      cell(data, 'rare'),
      cell(objective, 'rare'),
      element('td', { class: 'number' }, count(step), element('span', { class: 'rare' }, steps > 0 ? ` of ${count(steps)}` : '')),
      cell(measure(figures?.lossD), 'number loss'),
      cell(measure(figures?.lossG), 'number loss'),
      cell(parent ? `${parent.name} at ${count(parent.step)}` : '', 'rare'),
      element('td', {}, this.#actions(run)),
    );
  }

  /** Of the run that is played more is known than its folder holds. */
  #now() {
    const { history, status } = this.#run;
    const newest = (column) => history.value(column, history.length - 1);
    return { step: status?.step ?? 0, figures: { lossD: newest('lossD'), lossG: newest('lossG') } };
  }

  #actions(run) {
    const others = {
      Play: () => this.#play(run.name),
      Rename: () => this.#rename(run.name),
      [run.tags.includes(ARCHIVED) ? 'Bring back' : 'Archive']: () => this.#archive(run),
      Delete: () => this.#delete(run),
    };
    const does = { ...(run.current ? {} : others), 'Save its newest checkpoint': () => this.#save(run.name) };
    const options = ['Do …', ...Object.keys(does)].map((label) => element('option', { value: label }, label));
    const choice = element('select', { 'aria-label': `Do with ${run.name}`, onchange: () => this.#act(does[choice.value]) }, ...options);
    return choice;
  }

  #draw(name, drawn) {
    const others = this.#view.with.filter((other) => other !== name);
    this.#view.over(drawn ? [...others, name] : others);
  }

  async #act(does) {
    try {
      await does();
    } catch (problem) {
      notify(problem.message, 'error');
    }
    await this.refresh();
  }

  async #play(name) {
    await api.play(name);
    notify(`${name} is opened: this run is saved and closed first.`);
  }

  async #rename(name) {
    const to = await askForName(name);
    if (to !== null && to !== name) {
      await api.rename(name, to);
      this.#view.over(this.#view.with.map((other) => (other === name ? to : other)));
    }
  }

  async #save(name) {
    const steps = await api.checkpoints(name);
    if (steps.length === 0) {
      throw new Error(`${name} has no checkpoint yet.`);
    }
    const link = element('a', { href: api.checkpoint(name, steps.at(-1)), download: `${name}-${steps.at(-1)}.safetensors` });
    link.click();
  }

  #archive({ name, tags, note }) {
    const next = tags.includes(ARCHIVED) ? tags.filter((tag) => tag !== ARCHIVED) : [...tags, ARCHIVED];
    return api.notes(name, next, note);
  }

  async #delete({ name, step }) {
    const branches = this.#runs.filter(({ parent }) => parent?.name === name).map((run) => run.name);
    if (await askToDelete(name, step, branches)) {
      await api.deleteRun(name);
      this.#draw(name, false);
    }
  }
}

customElements.define('run-list', RunList);
