/**
 * Which two columns of points in three dimensions or more are seen.
 * @module
 */
import { element } from '../../app/dom.js';

export class AxesChoice {
  #view;
  #columns = [];

  /** @param {import('../../app/view.js').View} view */
  constructor(view) {
    this.#view = view;
    const select = (id, label, axis) =>
      element('select', { id, 'aria-label': label, title: label, onchange: ({ target }) => this.#choose(axis, Number(target.value)) });
    this.selects = [select('axis-x', 'Column seen from left to right', 0), select('axis-y', 'Column seen from bottom to top', 1)];
    this.node = element('div', { class: 'axes', hidden: true }, this.selects[0], element('span', { class: 'muted' }, 'and'), this.selects[1]);
    view.addEventListener('change', () => this.#render());
  }

  /** @param {string[]} columns of the data */
  of(columns) {
    this.#columns = columns;
    this.node.hidden = columns.length <= 2;
    for (const select of this.selects) {
      select.replaceChildren(...columns.map((name, index) => element('option', { value: index }, name)));
    }
    this.#render();
  }

  #choose(axis, column) {
    const axes = [...this.#view.axesOf(this.#columns.length)];
    axes[axis] = column;
    this.#view.change({ axes });
  }

  #render() {
    this.#view.axesOf(this.#columns.length).forEach((column, axis) => {
      this.selects[axis].value = column;
    });
  }
}
