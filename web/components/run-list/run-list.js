/**
 * The runs beside this one: what they were, where they ended, whom they branched from.
 * @module
 */
import { api } from '../../app/api.js';
import { element } from '../../app/dom.js';
import { count, measure } from '../../app/format.js';

class RunList extends HTMLElement {
  #runs = [];

  show(run) {
    this.search = element('input', { type: 'search', id: 'run-search', placeholder: 'Find', 'aria-label': 'Find a run', oninput: () => this.#render() });
    this.body = element('tbody');
    this.table = element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...['Run', 'Data', 'Objective', 'Step', 'Loss D', 'Loss G', 'From'].map((title) => element('th', {}, title)))),
      this.body,
    );
    const details = element('details', {}, element('summary', {}, element('h2', {}, 'Runs')), this.search, this.table);
    details.addEventListener('toggle', () => details.open && this.refresh());
    this.append(details);
    run.addEventListener('info', () => details.open && this.refresh());
  }

  async refresh() {
    this.#runs = await api.runs().catch(() => this.#runs);
    this.#render();
  }

  #render() {
    const words = this.search.value.toLowerCase().split(/\s+/);
    const found = this.#runs.filter((run) => {
      const text = [run.name, run.data, run.objective, run.note, ...run.tags].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const cell = (text, kind = '') => element('td', { class: kind }, text);
    this.body.replaceChildren(
      ...found.map(({ name, current, data, objective, step, steps, figures, parent, tags, note }) =>
        element(
          'tr',
          { 'aria-current': current ? 'true' : null, title: note || null },
          element('th', { scope: 'row' }, name, ...tags.map((tag) => element('span', { class: 'tag' }, tag))),
          cell(data),
          cell(objective),
          cell(`${count(step)}${steps > 0 ? ` of ${count(steps)}` : ''}`, 'number'),
          cell(measure(figures?.lossD), 'number'),
          cell(measure(figures?.lossG), 'number'),
          cell(parent ? `${parent.name} at ${count(parent.step)}` : ''),
        ),
      ),
    );
  }
}

customElements.define('run-list', RunList);
