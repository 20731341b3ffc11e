/**
 * What the runs drawn over this one made of their latents, side by side, at the moment that the page shows.
 * @module
 */
import { api } from '../../app/api.js';
import { darkTheme, element, setText } from '../../app/dom.js';
import { count } from '../../app/format.js';
import { MOST } from '../../app/others.js';
import { shown } from '../../app/moment.js';
import { DensityPlot } from '../sample-view/density-plot.js';
import { ScatterPlot } from '../sample-view/scatter-plot.js';

const POINTS = { points: ScatterPlot, 'points-2d': ScatterPlot, 'points-1d': DensityPlot };

/** A run's pictures. */
class Pictures {
  #steps = null;
  #plot = null;
  #bitmap = null;
  #drawn = null;

  /** @param {import('../../app/others.js').Other} other */
  constructor(other, run) {
    this.other = other;
    this.run = run;
    this.at = element('span', { class: 'muted number' });
    const caption = element('figcaption', {}, element('strong', {}, other.name), this.at);
    if (other.kind === 'image') {
      this.canvas = element('canvas', { role: 'img', 'aria-label': `Samples of ${other.name}` });
    } else {
      this.#plot = new POINTS[other.kind](this.#alike ? run.info.data : { columns: other.columns }, run.info.game.objective);
      this.canvas = this.#plot.canvas;
      this.canvas.removeAttribute('id');
      this.canvas.removeAttribute('data-testid');
      this.canvas.setAttribute('aria-label', `Samples of ${other.name}`);
    }
    this.node = element('figure', { 'data-run': other.name }, caption, this.canvas);
  }

  /** Whether it learns the data of the run that the page shows. */
  get #alike() {
    const { name, columns } = this.run.info.data;
    return this.other.data === name && String(this.other.columns) === String(columns);
  }

  /** @param {import('../../app/view.js').View} view */
  look(view) {
    this.#plot?.look?.(view.axesOf(this.other.columns.length));
  }

  /** The newest pictures that were drawn up to a step, or the first. */
  async show(step) {
    this.#steps ??= await api.runSamples(this.other.name).catch(() => []);
    const at = this.#steps.findLast((kept) => kept <= step) ?? this.#steps[0];
    if (at === undefined) {
      setText(this.at, 'no samples kept');
    } else if (at !== this.#drawn) {
      this.#drawn = at;
      const payload = await api.runSample(this.other.name, at, this.#plot ? 'f32' : 'png').catch(() => null);
      if (payload && at === this.#drawn) {
        setText(this.at, `step ${count(at)}`);
        this.node.dataset.step = at;
        await this.#draw(payload, at);
      }
    }
  }

  async #draw(payload, step) {
    if (this.#plot) {
      const { real } = this.run.pictures;
      this.#plot.real(this.#alike && real ? real.payload : payload);
      this.#plot.generated(payload, step);
      return;
    }
    this.#bitmap = await createImageBitmap(new Blob([payload], { type: 'image/png' }));
    this.redraw();
  }

  redraw() {
    this.#plot?.redraw();
    if (this.#bitmap && this.canvas.clientWidth > 0) {
      const width = Math.round(this.canvas.clientWidth * (devicePixelRatio || 1));
      this.canvas.width = width;
      this.canvas.height = Math.round((width * this.#bitmap.height) / this.#bitmap.width);
      this.canvas.style.aspectRatio = `${this.#bitmap.width} / ${this.#bitmap.height}`;
      const context = this.canvas.getContext('2d');
      context.imageSmoothingEnabled = width > this.#bitmap.width;
      context.drawImage(this.#bitmap, 0, 0, this.canvas.width, this.canvas.height);
    }
  }
}

const placeholder = (name) =>
  element('figure', {}, element('figcaption', {}, element('strong', {}, name)), element('canvas', { 'aria-hidden': 'true' }));

class RunCompare extends HTMLElement {
  #pictures = [];

  show(run, view) {
    this.stage = element('div', { class: 'stage' });
    this.append(element('header', { class: 'panel-head' }, element('h2', {}, 'Beside it'), element('span', { class: 'muted' }, 'at the step shown, or their last')), this.stage);
    /** Each takes its place before anything is known of it: what comes later than a click must not push the rest of the page. */
    const place = () => {
      const names = view.with.filter((name) => name !== run.info?.name).slice(0, MOST);
      const known = new Map(this.#pictures.map(({ other, node }) => [other.name, node]));
      this.stage.replaceChildren(...names.map((name) => known.get(name) ?? placeholder(name)));
      this.hidden = names.length === 0;
    };
    place();
    view.addEventListener('with', place);
    const look = () =>
      this.#pictures.forEach((pictures) => {
        pictures.look(view);
        pictures.show(shown(run, view).step);
      });
    run.others.addEventListener('change', () => {
      this.#pictures = run.others.list.map((other) => new Pictures(other, run));
      this.stage.replaceChildren(...this.#pictures.map(({ node }) => node));
      this.hidden = this.#pictures.length === 0;
      look();
    });
    view.addEventListener('moment', look);
    view.addEventListener('change', look);
    run.addEventListener('picture', look);
    const redraw = () => this.#pictures.forEach((pictures) => pictures.redraw());
    darkTheme.addEventListener('change', redraw);
    new ResizeObserver(redraw).observe(this.stage);
  }
}

customElements.define('run-compare', RunCompare);
