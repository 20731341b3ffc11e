/**
 * The game itself: what goes from whom to whom, and who is winning. It moves while the run does.
 * @module
 */
import { drawing, element, setText } from '../../app/dom.js';
import { short } from '../../app/format.js';
import { paced } from '../../app/frames.js';
import { shown } from '../../app/moment.js';
import { recent, verdict } from '../../app/verdict.js';

const HEIGHT = 124;
/** Whom each message of a turn asks. */
const ASKED = { NextBatch: 'real', Generate: 'generator', Judge: 'discriminator', Critique: 'discriminator', Improve: 'generator' };

class GameBoard extends HTMLElement {
  #run;
  #view;
  #lit = null;

  show(run, view) {
    this.#run = run;
    this.#view = view;
    this.stage = element('div', { class: 'stage' });
    this.real = meter('D(x)', 'real');
    this.fake = meter('D(G(z))', 'generator');
    this.reading = element('p', { class: 'reading', id: 'verdict' });
    this.verdict = element('div', { class: 'verdict' }, this.real.node, this.fake.node, this.reading);
    this.append(
      element('h2', { class: 'visually-hidden' }, 'The game'),
      this.stage,
      this.verdict,
    );
    const render = paced(() => this.#render());
    run.addEventListener('info', () => {
      this.#lay();
      render();
    });
    view.addEventListener('moment', render);
    run.addEventListener('reports', render);
    ['status', 'connection'].forEach((event) =>
      run.addEventListener(event, () => this.toggleAttribute('data-running', run.state === 'RUNNING' && view.moment === null)),
    );
    run.addEventListener('light', ({ detail }) => this.#light(detail));
    new ResizeObserver(() => this.#lay()).observe(this.stage);
    render();
  }

  /** Lays the board out for its width; text keeps its size. */
  #lay() {
    const { info } = this.#run;
    const width = this.stage.clientWidth;
    if (!info || width < 100) {
      return;
    }
    const box = Math.min(134, Math.max(100, width * 0.26));
    const left = 44;
    const right = width - box - 1;
    const from = left + box;
    const middle = (from + right) / 2;
    this.stage.replaceChildren(
      drawing(
        'svg',
        {
          width,
          height: HEIGHT,
          role: 'img',
          'aria-label':
            'The generator makes samples from latents; the discriminator tells them from real data and sends back the gradient.',
        },
        node('latent', 1, 16, 30, 36, 'z', ''),
        edge('forward generator', `M31 34H${left}`, 'z'),
        node('generator', left, 8, box, 52, 'Generator', `${short(info.parametersG)} weights`),
        edge('forward generator', `M${from} 24H${right}`, 'G(z)'),
        label(middle, 17, 'G(z)', 'generator'),
        edge('back generator', `M${right} 46H${from}`, '∂L/∂G(z)'),
        label(middle, 61, '∂L / ∂G(z)', 'muted'),
        node('real', left, 76, box, 40, 'Data', info.data.name),
        edge('forward real', `M${from} 96H${right}`, 'x'),
        label(middle, 89, 'x', 'real'),
        node('discriminator', right, 8, box, 108, 'Discriminator', `${short(info.parametersD)} weights`),
      ),
    );
    this.#light(this.#lit);
  }

  /** The message that crosses: whom it asks, and the tensors it carries and brings back. */
  #light(exchange) {
    this.#lit = exchange;
    this.toggleAttribute('data-lit', exchange !== null);
    const party = exchange ? ASKED[exchange.message] : null;
    const loads = exchange ? [...exchange.sent, ...exchange.answered] : [];
    this.stage.querySelectorAll('.node').forEach((each) => each.toggleAttribute('data-lit', each.classList.contains(party)));
    this.stage.querySelectorAll('.edge').forEach((each) => {
      const { load } = each.dataset;
      each.toggleAttribute('data-lit', loads.some(({ name }) => name === load) || (load === 'z' && exchange?.message === 'Generate'));
    });
    this.stage.querySelectorAll('.label').forEach((each) => {
      const load = loads.find(({ name }) => name === each.dataset.load);
      each.toggleAttribute('data-lit', load !== undefined);
      const name = this.stage.clientWidth < 440 && load ? '' : `${each.dataset.text} `; // there is room for one of the two
      setText(each, load ? name + load.shape.join('×') : each.dataset.text);
    });
  }

  #render() {
    const { history, info } = this.#run;
    const { row } = shown(this.#run, this.#view);
    this.real.set(recent(history, 'scoreReal', row));
    this.fake.set(recent(history, 'scoreFake', row));
    const relative = info && info.game.score === null;
    this.verdict.title = relative ? 'With this objective only the difference of the two counts, not where they are' : '';
    this.verdict.toggleAttribute('data-relative', relative);
    setText(this.reading, !info || (row < 0 && this.#run.status?.step > 0) ? '' : verdict(info.game, history, row));
  }
}

function meter(name, tone) {
  const bar = element('div', { class: `bar ${tone}` });
  const value = element('output', { class: 'number' });
  return {
    node: element(
      'div',
      { class: 'meter' },
      element('span', { class: 'name' }, name),
      element('div', { class: 'track' }, bar),
      value,
    ),
    set(score) {
      setText(value, Number.isNaN(score) ? '–' : score.toFixed(2));
      bar.style.transform = `scaleX(${Number.isNaN(score) ? 0 : score})`;
    },
  };
}

function node(tone, x, y, width, height, name, detail) {
  const middle = x + width / 2;
  const texts = detail
    ? [
        ['name', -2.5, name],
        ['detail', 12.5, detail],
      ]
    : [['name', 4.5, name]];
  return drawing(
    'g',
    { class: `node ${tone}` },
    drawing('rect', { x, y, width, height, rx: tone === 'latent' ? 15 : 8 }),
    ...texts.map(([kind, down, text]) =>
      drawing('text', { class: kind, x: middle, y: y + height / 2 + down, 'text-anchor': 'middle' }, text),
    ),
  );
}

const edge = (kind, path, load) => drawing('path', { class: `edge ${kind}`, d: path, 'data-load': load });
const label = (x, y, text, tone) =>
  drawing('text', { class: `label ${tone}`, x, y, 'text-anchor': 'middle', 'data-text': text, 'data-load': text.replaceAll(' ', '') }, text);

customElements.define('game-board', GameBoard);
