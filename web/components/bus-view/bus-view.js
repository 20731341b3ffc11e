/**
 * The bus: how many messages cross it, how long each takes, and where the time of the turns goes. Measured while a page is open.
 * @module
 */
import { bytes } from '../../app/bytes.js';
import { element, setText } from '../../app/dom.js';
import { count, millis, short } from '../../app/format.js';

const PARTS = [
  ['feed', 'Data', 'real'],
  ['discriminator', 'D forward, backward', 'discriminator'],
  ['discriminator-optimiser', 'D optimiser', 'discriminator light'],
  ['generator', 'G forward, backward', 'generator'],
  ['generator-optimiser', 'G optimiser', 'generator light'],
  ['waiting', 'Waiting', 'waiting'],
];
const MESSAGES = ['NextBatch', 'Generate', 'Judge', 'Critique', 'Improve'];

class BusView extends HTMLElement {
  #rows = new Map();
  #bars = new Map();

  show(run) {
    this.told = element('span', { class: 'number muted', id: 'bus-told' }, 'measuring …');
    const bar = element('div', { class: 'bar', 'aria-hidden': 'true' });
    const legend = element('ul', { class: 'legend', id: 'bus-shares' });
    for (const [part, label, tone] of PARTS) {
      const segment = element('span', { class: tone });
      const share = element('span', { class: 'number' }, '–');
      bar.append(segment);
      legend.append(element('li', {}, element('span', { class: `dot ${tone}` }), label, share));
      this.#bars.set(part, { segment, share });
    }
    const head = ['Message', 'A second', 'Median', '99 %', 'Data'].map((text) => element('th', { scope: 'col' }, text));
    const body = element('tbody');
    for (const message of MESSAGES) {
      const cells = [1, 2, 3, 4].map(() => element('td', { class: 'number' }, '–'));
      body.append(element('tr', { 'data-message': message }, element('th', { scope: 'row' }, message), ...cells));
      this.#rows.set(message, cells);
    }
    this.append(
      element('header', { class: 'panel-head' }, element('h2', {}, 'The bus'), this.told),
      element('p', { class: 'muted' }, 'Where the time of a turn goes'),
      bar,
      legend,
      element('table', {}, element('thead', {}, element('tr', {}, ...head)), body),
    );
    run.addEventListener('pulse', ({ detail }) => this.#render(detail));
  }

  #render({ seconds, turns, messages, shares }) {
    const total = messages.reduce((sum, message) => sum + message.count, 0);
    setText(this.told, total === 0 ? 'no message in the last second' : `${count(Math.round(total / seconds))} messages, ${short(turns / seconds)} turns a second`);
    for (const [part, { segment, share }] of this.#bars) {
      segment.style.flexGrow = shares[part];
      setText(share, `${(100 * shares[part]).toFixed(shares[part] < 0.1 ? 1 : 0)} %`);
    }
    for (const [name, cells] of this.#rows) {
      const traffic = messages.find(({ message }) => message === name);
      const texts = traffic
        ? [
            count(Math.round(traffic.count / seconds)),
            millis(traffic.medianMillis).join(' '),
            millis(traffic.slowMillis).join(' '),
            `${bytes(traffic.bytes / seconds)}/s`,
          ]
        : ['–', '–', '–', '–'];
      cells.forEach((cell, index) => setText(cell, texts[index]));
    }
  }
}

customElements.define('bus-view', BusView);
