/**
 * One latent looked at closely: what G makes of it, what it made of it before, the training sample nearest to that, and what lies about it,
 * in the plane through another latent. The generator is asked as it is now, also while the run rests, or as it was at the moment that the page
 * shows: the trainer goes there first.
 * @module
 */
import { api } from '../../app/api.js';
import { darkTheme, element, setText } from '../../app/dom.js';
import { count } from '../../app/format.js';
import { visit } from '../../app/visit.js';
import { notify } from '../message-list/message-list.js';
import { ImageCloseUp, PointCloseUp } from './close-ups.js';
import { spread } from './film.js';
import { LATTICE, LatentPlane } from './latent-plane.js';
import { Newest } from './newest.js';

/** Moments of the past shown at most. */
const MOMENTS = 14;
/** Milliseconds between two looks at a generator that learns. */
const FRESH = 1000;
/** Milliseconds that a moment of the past must rest: to go there costs the trainer turns. */
const REST = 400;
/** Truncation's slider at its right end: none. */
const UNTRUNCATED = 3;
/** The trainer's answer where its past is elsewhere. */
const CONFLICT = 409;

class LatentExplorer extends HTMLElement {
  #run;
  #view;
  #space = null;
  #closeUp = null;
  #plane = new LatentPlane((at, settled) => this.#moved(at, settled));
  #questions = { sample: new Newest(), about: new Newest(), nearest: new Newest(), history: new Newest() };
  #askedAt = 0;
  #kind = '';
  #about = '';
  #timer = 0;
  #played = 0; // step of the newest status
  #moment = null; // that G is asked of
  #way = null; // there: {step, there: Promise}

  show(run, view) {
    this.#run = run;
    this.#view = view;
    this.at = element('span', { class: 'number muted', id: 'explored-at' });
    this.hint = element('p', { class: 'muted hint' }, 'Click a generated sample to look at it closely; Shift-click another to move from the first to it.');
    this.a = this.#number('latent-a', 'a', () => this.#choose(Number(this.a.value), view.latents?.[1]));
    this.b = this.#number('latent-b', 'b', () => this.#choose(view.latents?.[0] ?? 0, Number(this.b.value)));
    this.weights = this.#select('latent-weights', 'Weights', [
      ['average', 'averaged'],
      ['raw', 'as it plays'],
    ]);
    this.only = this.#select('latent-class', 'Class', []);
    this.truncation = element('input', {
      type: 'range',
      id: 'truncation',
      min: '0.2',
      max: String(UNTRUNCATED),
      step: '0.1',
      value: String(UNTRUNCATED),
      'aria-label': 'Truncation',
      oninput: () => this.#ask(),
    });
    this.limit = element('output', { class: 'number', for: 'truncation' });
    const labelled = (text, ...nodes) => element('label', {}, text, ...nodes);
    this.controls = element(
      'div',
      { class: 'controls', hidden: true },
      labelled('a', this.a),
      labelled('b', this.b),
      labelled('weights', this.weights),
      (this.classes = labelled('class', this.only)),
      labelled('truncated at', this.truncation, this.limit),
    );
    this.stage = element('div', { class: 'stage', hidden: true });
    this.close = element(
      'button',
      { type: 'button', class: 'quiet', id: 'explore-close', hidden: true, onclick: () => view.explore(null) },
      'Close',
    );
    this.append(
      element('header', { class: 'panel-head' }, element('h2', {}, 'Latents'), this.at, this.close),
      this.hint,
      this.controls,
      this.stage,
    );

    run.addEventListener('info', () => this.#prepare());
    run.addEventListener('picture', ({ detail }) => (detail.source === 'real' ? this.#real() : this.#refresh()));
    run.addEventListener('scene', () => this.#refresh());
    run.addEventListener('status', () => this.#backTo(run.status.step));
    run.saved.addEventListener('change', () => this.#remember());
    view.addEventListener('explore', () => this.#open());
    view.addEventListener('change', () => this.#look());
    view.addEventListener('moment', () => this.#travel());
    darkTheme.addEventListener('change', () => this.#redraw());
    new ResizeObserver(() => this.#redraw()).observe(this.stage);
  }

  #number(id, label, onchange) {
    return element('input', { type: 'number', id, min: '0', step: '1', 'aria-label': `Latent ${label}`, onchange });
  }

  #select(id, label, options) {
    const node = element('select', { id, 'aria-label': label, onchange: () => this.#ask() });
    node.append(...options.map(([value, text]) => element('option', { value }, text)));
    return node;
  }

  async #prepare() {
    const { data } = this.#run.info;
    if (data.kind + data.shape !== this.#kind) {
      this.#kind = data.kind + data.shape;
      const go = (t) => this.#walked(t);
      this.#closeUp =
        data.kind === 'image'
          ? new ImageCloseUp(data.shape, this.#run.saved, go, (step) => this.#view.momentAt(step))
          : new PointCloseUp(data.shape, this.#run.saved);
      const plane = element('figure', {}, element('figcaption', {}, 'Plane through a and b: drag in it'), this.#plane.canvas);
      this.stage.replaceChildren(...this.#closeUp.nodes, plane, ...this.#closeUp.below);
      this.#look();
    }
    this.#open(); // it takes its place before the page is seen
    this.#space = await api.latents().catch(() => null);
    this.classes.hidden = !this.#space?.classes;
    this.only.replaceChildren(
      element('option', { value: '' }, 'that of a'),
      ...Array.from({ length: this.#space?.classes ?? 0 }, (_, value) => element('option', { value }, String(value))),
    );
    this.#plane.normal = this.#space?.normal ?? true;
    this.#real();
    this.#open();
  }

  #look() {
    this.#closeUp?.look?.(this.#view.axesOf(this.#run.info.data.columns.length));
  }

  #real() {
    const { real } = this.#run.pictures;
    real && this.#closeUp?.real?.(real.payload);
  }

  #choose(a, b) {
    const whole = (value) => Math.max(0, Math.floor(value) || 0);
    this.#view.explore([whole(a), whole(b ?? a + 1)]);
  }

  #open() {
    const open = this.#view.latents !== null && this.#closeUp !== null;
    this.hint.hidden = open;
    this.controls.hidden = !open;
    this.stage.hidden = !open;
    this.close.hidden = !open;
    if (!open) {
      setText(this.at, '');
      return;
    }
    const [a, b] = this.#view.latents;
    this.a.value = a;
    this.b.value = b;
    this.#plane.at = [1, 0];
    this.#plane.names = [String(a), String(b)];
    if (this.#space === null) {
      return; // not known yet
    }
    this.#moment = this.#view.moment;
    this.#ask();
    this.#remember();
  }

  /** What it was in the pictures kept: cell a of each, if it is in them. */
  #remember() {
    if (this.#space && this.#view.latents) {
      const [a] = this.#view.latents;
      this.#questions.history.ask(() => this.#closeUp.history(a < this.#space.pictured ? spread(this.#run.saved.steps, MOMENTS) : [], a));
    }
  }

  #backTo(step) {
    if (step < this.#played) {
      this.#closeUp?.film.backTo(step);
    }
    this.#played = step;
  }

  /** A generator that learns is looked at again, but not at every turn. */
  #refresh() {
    if (this.#space && this.#view.latents && this.#moment === null && Date.now() - this.#askedAt > FRESH) {
      this.#about = '';
      this.#sample(false);
      this.#around();
    }
  }

  /** Now at once; into the past when the moment is chosen. */
  #travel() {
    clearTimeout(this.#timer);
    const go = () => {
      if (this.#view.latents && this.#space && this.#view.moment !== this.#moment) {
        this.#moment = this.#view.moment;
        this.#ask();
      }
    };
    this.#timer = setTimeout(go, this.#view.moment === null ? 0 : REST);
  }

  /** Asks G of the moment; where the trainer is not there, it goes there first. */
  async #atMoment(question, asked) {
    try {
      return await question(asked);
    } catch (problem) {
      if (asked.step === undefined || problem.status !== CONFLICT) {
        throw problem;
      }
    }
    if (this.#way?.step !== asked.step) {
      const tell = (words) => this.#moment === asked.step && setText(this.at, words);
      const way = { step: asked.step };
      way.there = visit({ step: asked.step }, tell)
        .catch((problem) => notify(problem.message, 'error'))
        .finally(() => (this.#way === way ? (this.#way = null) : null));
      this.#way = way;
    }
    await this.#way.there;
    return question(asked);
  }

  #ask() {
    const limit = Number(this.truncation.value);
    setText(this.limit, limit < UNTRUNCATED ? String(limit) : 'none');
    this.#about = '';
    this.#sample(true);
    this.#around();
  }

  get #of() {
    const [a, b] = this.#view.latents;
    const limit = Number(this.truncation.value);
    const given = { a, b, weights: this.weights.value };
    if (this.only.value !== '') {
      given.class = Number(this.only.value);
    }
    if (limit < UNTRUNCATED) {
      given.truncation = limit;
    }
    if (this.#moment !== null) {
      given.step = this.#moment;
    }
    return given;
  }

  #moved(_, settled) {
    this.#sample(settled);
  }

  /** Along the great circle, as the samples of the way are. */
  #walked(t) {
    const angle = Math.PI / 2;
    this.#plane.at = this.#plane.normal ? [Math.cos(t * angle), Math.sin(t * angle)] : [1 - t, t];
    this.#plane.draw();
    this.#sample(true);
  }

  #sample(settled) {
    this.#askedAt = Date.now();
    const asked = { ...this.#of, at: [this.#plane.at] };
    this.#questions.sample.ask(async () => {
      const { step, payload } = await this.#atMoment(api.explore, asked);
      await this.#closeUp.sample(payload);
      setText(this.at, `latent ${asked.a}, G of step ${count(step)}`);
      this.dataset.step = step;
      this.dataset.at = asked.at[0].map((value) => value.toFixed(3));
    });
    if (settled) {
      this.#closeUp.nearest(null);
      this.#questions.nearest.ask(async () => this.#closeUp.nearest(await this.#atMoment(api.nearest, asked)));
    }
  }

  #around() {
    const asked = this.#of;
    if (JSON.stringify(asked) === this.#about) {
      return;
    }
    this.#about = JSON.stringify(asked);
    this.#questions.about.ask(async () => {
      const way = await this.#atMoment(api.explore, { ...asked, steps: this.#closeUp.steps });
      await this.#closeUp.way(way.payload);
      if (this.#closeUp.lattice) {
        const lattice = await this.#atMoment(api.explore, { ...asked, at: LATTICE });
        this.#plane.sheet = await this.#closeUp.sheet(lattice.payload);
      }
      this.#plane.draw();
    });
  }

  #redraw() {
    this.#closeUp?.redraw();
    this.#plane.draw();
  }
}

customElements.define('latent-explorer', LatentExplorer);
