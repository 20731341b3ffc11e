/**
 * Both networks, layer by layer: what each is made of, how fast it learns, and how its weights, gradients and activations are spread over time.
 * Fetched only while it is open.
 * @module
 */
import { darkTheme, element, setText } from '../../app/dom.js';
import { count, measure, several, short } from '../../app/format.js';
import { figures, Looks, networks, rows } from './looks.js';
import { drawRatios, drawSpread } from './plot.js';

const PLAYERS = { generator: 'Generator', discriminator: 'Discriminator' };
const KINDS = { activations: 'Activations', gradients: 'Gradients', weights: 'Weights' };
const EVERY = 2000;

const shape = (extents) => extents.join('×');
/** Small numbers keep the digits that matter. */
const small = (value) => (Number.isFinite(value) ? (Math.abs(value) >= 0.01 && Math.abs(value) < 1000 ? value.toPrecision(2) : value.toExponential(0)) : '–');

class LayersView extends HTMLElement {
  #run;
  #networks = null;
  #looks = new Looks();
  #player = 'generator';
  #path = '';
  #kind = 'activations';
  #timer = 0;
  #known = '';
  #entries = new Map();

  show(run) {
    this.#run = run;
    this.told = element('span', { class: 'muted', id: 'layers-told' });
    this.list = element('ol', { class: 'network', id: 'network' });
    const choice = (id, names, chosen, does) =>
      element(
        'span',
        { class: 'choice', role: 'group', id, 'aria-label': id === 'layer-player' ? 'Network' : 'Shown of the layer' },
        ...Object.entries(names).map(([name, label]) =>
          element('button', { type: 'button', class: 'quiet', 'data-name': name, 'aria-pressed': String(name === chosen), onclick: () => does(name) }, label),
        ),
      );
    this.players = choice('layer-player', PLAYERS, this.#player, (name) => {
      this.#player = name;
      this.#path = '';
      this.#draw();
    });
    this.kinds = choice('layer-kind', KINDS, this.#kind, (name) => {
      this.#kind = name;
      this.#render();
    });
    this.ratios = element('canvas', { role: 'img', id: 'layer-ratios' });
    this.spread = element('canvas', { role: 'img', id: 'layer-spread' });
    this.caption = element('h3', { id: 'layer-caption' });
    this.figures = element('p', { class: 'muted number', id: 'layer-figures' });
    this.empty = element('p', { class: 'muted', id: 'layers-empty' });
    this.plots = element(
      'div',
      { class: 'plots' },
      element('h3', {}, 'Size of a turn’s change, over that of the weights'),
      this.ratios,
      element('div', { class: 'over' }, this.caption, this.kinds),
      this.spread,
      this.figures,
    );
    this.body = element('div', { class: 'body' }, this.players, this.empty, element('div', { class: 'halves' }, this.list, this.plots));
    this.details = element('details', {}, element('summary', {}, element('h2', {}, 'Layers'), this.told), this.body);
    this.append(this.details);
    this.details.addEventListener('toggle', () => this.#toggle());
    run.addEventListener('info', () => this.#reset());
    run.addEventListener('status', () => {
      if (this.#looks.all.length > 0 && run.status.step < this.#looks.all.at(-1).step) {
        this.#looks.clear(); // It went back.
      }
    });
    darkTheme.addEventListener('change', () => this.#render());
    new ResizeObserver(() => this.details.open && this.#render()).observe(this.body);
  }

  #reset() {
    const known = `${this.#run.info.name} ${this.#run.info.startedAt}`;
    if (known !== this.#known) {
      this.#known = known;
      this.#networks = null;
      this.#looks.clear();
      setText(this.told, `${several(this.#run.info.parametersG, 'weight')} in G, ${count(this.#run.info.parametersD)} in D`);
      this.#toggle();
    }
  }

  #toggle() {
    clearTimeout(this.#timer);
    if (this.details.open && this.#run.connected) {
      this.#refresh();
    }
  }

  async #refresh() {
    clearTimeout(this.#timer);
    if (!this.#networks) {
      this.#networks = await networks().catch(() => null);
      this.#draw();
    }
    if (!document.hidden && (await this.#looks.refresh())) {
      this.#render();
    }
    if (this.details.open) {
      this.#timer = setTimeout(() => this.#refresh(), EVERY);
    }
  }

  get #network() {
    return this.#networks?.[this.#player];
  }

  /** The network on paper: from what comes in to what goes out, blocks around their layers. */
  #draw() {
    const network = this.#network;
    if (!network) {
      return;
    }
    [...this.players.children].forEach((button) => button.setAttribute('aria-pressed', button.dataset.name === this.#player));
    this.#entries.clear();
    const drawn = (layers) => layers.map((layer) => this.#layer(layer));
    this.list.replaceChildren(
      element('li', { class: 'end' }, `${this.#player === 'generator' ? 'z' : 'x'} ${shape(network.input)}`),
      ...drawn(network.layers),
    );
    this.list.className = `network ${this.#player}`;
    this.#choose(this.#path || network.layers.find(({ parameters }) => parameters > 0)?.path || network.layers[0].path);
  }

  #layer(layer) {
    const ratio = element('span', { class: 'ratio number' }, '');
    const button = element(
      'button',
      { type: 'button', class: 'layer', 'data-path': layer.path, onclick: () => this.#choose(layer.path) },
      element('span', { class: 'what' }, `${layer.path} ${layer.words}`),
      element('span', { class: 'shape number' }, `${shape(layer.in)} → ${shape(layer.out)}`),
      element('span', { class: 'parameters number' }, layer.parameters > 0 ? `${short(layer.parameters)} learned` : ''),
      ratio,
    );
    this.#entries.set(layer.path, { button, ratio, layer });
    const inner = layer.layers.length === 0 ? [] : [element('ol', { class: 'block' }, ...layer.layers.map((each) => this.#layer(each)))];
    return element('li', {}, button, ...inner);
  }

  #choose(path) {
    this.#path = path;
    for (const [each, { button }] of this.#entries) {
      button.setAttribute('aria-pressed', each === path);
    }
    this.#render();
  }

  #render() {
    const network = this.#network;
    const looks = this.#looks.all;
    if (!network || !this.details.open) {
      return;
    }
    const off = this.#run.status?.settings?.['report.layers'] === 0;
    this.empty.hidden = looks.length > 0;
    setText(this.empty, off ? 'Nobody looks at the layers: report.layers is 0.' : 'No look at the layers yet: one comes every few turns while the run goes on.');
    this.plots.hidden = looks.length === 0;
    if (looks.length === 0) {
      return;
    }
    const newest = looks.at(-1);
    const ratios = newest[`${this.#player}.ratios`].values;
    for (const [path, { button, ratio }] of this.#entries) {
      const { tensor } = rows(network, path);
      const value = tensor < 0 ? NaN : ratios[tensor];
      setText(ratio, Number.isNaN(value) ? '' : small(value));
      // Around one thousandth is healthy.
      button.dataset.pace = Number.isNaN(value) ? '' : value > 3e-2 ? 'fast' : value < 3e-5 ? 'slow' : 'healthy';
    }
    const { tensor, output, name } = rows(network, this.#path);
    const row = this.#kind === 'activations' ? output : tensor;
    [...this.kinds.children].forEach((button) => {
      button.setAttribute('aria-pressed', button.dataset.name === this.#kind);
      button.disabled = button.dataset.name !== 'activations' && tensor < 0;
    });
    drawRatios(this.ratios, looks, this.#player, tensor);
    this.ratios.setAttribute('aria-label', `Change over weights of each tensor of the ${this.#player}, at ${several(looks.length, 'look')}`);
    const { layer } = this.#entries.get(this.#path);
    setText(this.caption, `${layer.path} ${layer.words}${this.#kind === 'activations' || !name ? '' : ` · ${name.slice(name.lastIndexOf('.') + 1)}`}`);
    if (row < 0) {
      this.spread.getContext('2d').clearRect(0, 0, this.spread.width, this.spread.height);
      setText(this.figures, 'This layer has nothing to learn.');
      return;
    }
    const array = `${this.#player}.${this.#kind}`;
    drawSpread(this.spread, looks, array, row, this.#player);
    const { mean, deviation, low, high } = figures(newest[array], row);
    const words = `at step ${count(newest.step)}: mean ${measure(mean)}, ±2σ ${measure(2 * deviation)}, between ${measure(low)} and ${measure(high)}`;
    setText(this.figures, words);
    this.spread.dataset.step = newest.step;
    this.spread.setAttribute('aria-label', `${KINDS[this.#kind]} of layer ${layer.path} over time: ${words}`);
  }
}

customElements.define('layers-view', LayersView);
