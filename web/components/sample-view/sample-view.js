/**
 * What the generator makes of its fixed latents, beside real samples: the newest, or those of any saved step.
 * @module
 */
import { darkTheme, element, setText } from '../../app/dom.js';
import { count } from '../../app/format.js';
import { GifWriter } from '../../app/gif.js';
import { download, MOST_FRAMES, some, stamped } from '../../app/keep.js';
import '../time-travel/time-travel.js';
import { AxesChoice } from './axes-choice.js';
import { DensityPlot } from './density-plot.js';
import { PixelGrids } from './pixel-grids.js';
import { ScatterPlot } from './scatter-plot.js';
import { LayerSwitch } from './layer-switch.js';
import { SavedScenes } from './saved-scenes.js';
import { TimeSlider } from './time-slider.js';

const PLOTS = { image: PixelGrids, points: ScatterPlot, 'points-2d': ScatterPlot, 'points-1d': DensityPlot };

class SampleView extends HTMLElement {
  #run;
  #view;
  #plot = null;
  #kind = null;
  #columns = [];
  #scene = null;
  #saved;
  #scenes = new SavedScenes();
  #switch;
  #axes;

  show(run, view) {
    this.#run = run;
    this.#view = view;
    this.#saved = run.saved;
    this.at = element('span', { class: 'number muted', id: 'sample-step' });
    this.stage = element('div', { class: 'stage' });
    this.empty = element('p', { class: 'muted empty' }, 'Waiting for the first samples …');
    this.#switch = new LayerSwitch(view);
    this.#axes = new AxesChoice(view);
    const button = (id, label, title, does) => element('button', { type: 'button', class: 'quiet', id, title, onclick: does }, label);
    this.keep = element(
      'span',
      { class: 'keep', inert: true },
      button('keep-png', 'PNG', 'Save this picture', () => this.#savePicture()),
      button('keep-gif', 'GIF', 'Save a moving picture of all that was kept, layers and all', (event) => this.#record(event.currentTarget)),
    );
    this.travel = element('time-travel');
    this.travel.open(run, view, this.#saved);
    this.stage.addEventListener('click', (event) => this.#explore(event));
    const slider = new TimeSlider(this.#saved, view);
    this.append(
      element('header', { class: 'panel-head' }, element('h2', {}, 'Samples'), this.at, this.keep),
      this.#switch.node,
      this.#axes.node,
      this.empty,
      this.stage,
      slider.node,
      this.travel,
    );

    run.addEventListener('info', () => this.#prepare());
    run.addEventListener('picture', ({ detail }) => this.#picture(detail));
    run.addEventListener('scene', () => {
      this.#scenes.remember(run.scene);
      view.moment === null && this.#duel(run.scene);
    });
    view.addEventListener('change', () => {
      this.#look();
      this.#plot?.duel(this.#scene, view.layers);
    });
    view.addEventListener('moment', () => this.#lookAt());
    this.#saved.addEventListener('change', () => view.moment !== null && this.#lookAt());
    darkTheme.addEventListener('change', () => this.#plot?.redraw());
    new ResizeObserver(() => this.#plot?.redraw()).observe(this.stage);
  }

  /** A click looks at a sample closely; with Shift it goes from the one before to this one. */
  #explore(event) {
    const cell = this.#plot?.cellAt(event) ?? -1;
    if (cell >= 0) {
      const [a] = this.#view.latents ?? [cell];
      this.#view.explore(event.shiftKey && a !== cell ? [a, cell] : [cell, cell + 1]);
    }
  }

  #prepare() {
    const { data } = this.#run.info;
    const kind = data.kind.toLowerCase().replace('_', '-');
    if (kind + data.columns !== this.#kind + this.#columns) {
      this.#kind = kind;
      this.#columns = data.columns;
      this.#plot = new PLOTS[kind](data, this.#run.info.game.objective);
      this.#switch.of(kind);
      this.#axes.of(data.columns);
      this.#look();
      this.stage.replaceChildren(...this.#plot.nodes);
      // A picture may have come before the news of what it is.
      Object.values(this.#run.pictures)
        .filter(Boolean)
        .forEach((picture) => this.#picture(picture));
    }
    this.#saved.format = kind === 'image' ? 'png' : 'f32';
    this.#saved.refresh();
  }

  #look() {
    this.#plot?.look?.(this.#view.axesOf(this.#columns.length));
  }

  #picture(picture) {
    if (!this.#plot) {
      return;
    }
    if (picture.source === 'real') {
      this.#plot.real(picture.payload, picture.step);
      return;
    }
    this.#saved.drawn(picture.step);
    if (this.#view.moment === null) {
      this.#show(picture.payload, picture.step, this.#run.scene);
    }
  }

  /** Points are drawn as D meets them, which a scene brings: where there are scenes, averaged points would only flicker between them. */
  #show(payload, step, scene) {
    if (scene === null || this.#kind === 'image') {
      this.#generated(payload, step);
    }
    this.#duel(scene);
  }

  #duel(scene) {
    this.#scene = scene;
    this.#switch.show(scene !== null, this.#view.moment !== null);
    if (!this.#plot) {
      return;
    }
    this.#switch.sliced(scene?.slice?.values[0] ?? 0);
    this.#plot.duel(scene, this.#view.layers);
    if (scene && this.#kind !== 'image') {
      this.#stamp(scene.step);
    }
  }

  #generated(payload, step) {
    this.empty.hidden = true;
    const drawn = this.#plot.generated(payload, step);
    this.#stamp(step);
    return drawn;
  }

  async #savePicture() {
    const step = Number(this.#plot.picture().dataset.step);
    const { name } = this.#run.info;
    download(await stamped(this.#plot.picture(), step, name).convertToBlob(), `${name}-${step}.png`);
  }

  /** Shows one moment after the other, and takes a picture of each. */
  async #record(button) {
    const { name } = this.#run.info;
    const steps = some(this.#saved.steps, MOST_FRAMES);
    button.disabled = true;
    let gif = null;
    for (const [index, step] of steps.entries()) {
      const [payload, scene] = await Promise.all([this.#saved.load(step), this.#scenes.load(step)]);
      if (payload) {
        await this.#generated(payload, step);
        this.#plot.duel(scene, this.#view.layers);
        const frame = stamped(this.#plot.picture(), step, name);
        gif ??= new GifWriter(frame.width, frame.height);
        const { data } = frame.getContext('2d').getImageData(0, 0, gif.width, gif.height);
        gif.frame(data, index === steps.length - 1 ? 2000 : 120);
        setText(button, `${index + 1} / ${steps.length}`);
      }
    }
    setText(button, 'GIF');
    button.disabled = false;
    if (gif) {
      download(gif.end(), `${name}.gif`);
    }
    this.#lookAt();
  }

  #stamp(step) {
    this.empty.hidden = true;
    this.keep.inert = false;
    const live = this.#view.moment === null;
    setText(this.at, `drawn at step ${count(step)}${live ? '' : ', in the past'}`);
    this.toggleAttribute('data-past', !live);
  }

  async #lookAt() {
    const { moment } = this.#view;
    const { fake } = this.#run.pictures;
    if (moment === null) {
      if (fake) {
        this.#show(fake.payload, fake.step, this.#run.scene);
      }
      return;
    }
    const step = this.#saved.nearest(moment);
    if (step === null) {
      return; // Not known yet.
    }
    if (step !== moment) {
      this.#view.momentAt(step);
      return;
    }
    const [payload, scene] = await Promise.all([this.#saved.load(step), this.#scenes.load(step)]);
    // Even if the slider has moved on meanwhile: where loading is slow, the past plays with fewer pictures rather than with none.
    if (payload && this.#view.moment !== null) {
      this.#show(payload, step, scene);
    } else if (this.#view.moment === step) {
      setText(this.at, `the samples of step ${count(step)} are gone`);
    }
  }
}

customElements.define('sample-view', SampleView);
