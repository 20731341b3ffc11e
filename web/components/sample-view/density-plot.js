/**
 * Densities of generated and real numbers, as in figure 1 of Goodfellow et al. 2014, with the numbers themselves below.
 * @module
 */
import { token } from '../../app/dom.js';
import { scorer } from '../../app/scene.js';
import { arrow, axisText, begin, quantile, ticks } from './canvas.js';
import { PointsPlot } from './points-plot.js';

const BINS = 240;
const RUG = 34;
/** Pixels between the line of z and that of x, below. */
const ARROWS = 64;
/** Pixels of the longest arrow but few. */
const LONGEST = 30;

export class DensityPlot extends PointsPlot {
  #modes;
  #real = new Float32Array(0);
  #generated = new Float32Array(0);
  #realDensity = new Float64Array(BINS);
  #before = new Float64Array(BINS);
  #now = new Float64Array(BINS);
  #low = 0;
  #high = 0;
  #top = 0;

  /** @param {string} objective what the game is played for */
  constructor({ modes }, objective) {
    super(objective, 'line', 'Densities of generated and real numbers');
    this.#modes = (modes ?? []).map(([x]) => x);
  }

  /** @param {ArrayBuffer} points float32 `[count, 1]` */
  generated(points, step) {
    this.#generated = new Float32Array(points);
    this.#before = this.#current();
    this.#now = this.#density(this.#generated);
    this.canvas.dataset.step = step;
    this.tween.start();
  }

  real(points) {
    this.#real = new Float32Array(points);
    const low = this.#real.reduce((a, b) => Math.min(a, b), Infinity);
    const high = this.#real.reduce((a, b) => Math.max(a, b), -Infinity);
    const room = 0.25 * (high - low) || 1;
    // Only ever wider: a frame of reference that jumps is none.
    if (this.#low === this.#high || low - room / 2 < this.#low || high + room / 2 > this.#high) {
      this.#low = low - room;
      this.#high = high + room;
      this.#now = this.#density(this.#generated);
    }
    this.#realDensity = this.#density(this.#real);
    this.redraw();
  }

  /** The number of the generated sample nearest to a pixel, or -1 if there is none. */
  nearest(left) {
    const value = this.#low + (left / this.canvas.clientWidth) * (this.#high - this.#low);
    return this.#generated.reduce((best, x, index, all) => (best < 0 || Math.abs(x - value) < Math.abs(all[best] - value) ? index : best), -1);
  }

  redraw() {
    if (this.canvas.clientWidth === 0 || this.#low === this.#high) {
      return;
    }
    const context = begin(this.canvas);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const arrows = this.shows('manifold') && this.scene.z ? ARROWS : 0;
    const base = height - RUG - arrows;
    const current = this.#current();
    // The generated density may be a spike; the axis follows the real one, and gives the spike some room.
    const most = Math.max(...(this.#exact() ?? this.#realDensity)) * 1.5 || Math.max(...current);
    this.#top = Math.max(most, 1e-9);
    const x = (value) => ((value - this.#low) / (this.#high - this.#low)) * width;
    this.#axis(context, x, width, base);
    this.#area(context, this.#exact() ?? this.#realDensity, '--real', width, base);
    this.#area(context, current, '--generator', width, base);
    if (this.shows('best') && this.scene.best) {
      this.#scores(context, this.scene.best.values, x, base, [6, 4], '--muted');
    }
    if (this.shows('field')) {
      this.#scores(context, this.scene.logits.values, x, base, [], '--discriminator');
    }
    if (this.shows('field') || this.shows('best')) {
      this.#half(context, width, base);
    }
    if (this.shows('push') && this.progress === 1) {
      this.#push(context, x, base);
    }
    if (arrows) {
      this.#map(context, x, width, base + RUG, height);
    }
    this.#cue(context, current, width);
    this.#rug(context, this.#real, '--real', x, base + 4);
    this.#rug(context, this.#generated, '--generator', x, base + 11);
  }

  /** p_data itself where it is known, at the bins. */
  #exact() {
    if (!this.scene) {
      return null;
    }
    const { x, data } = this.scene;
    const first = x.values[0];
    const step = x.values[1] - first;
    return Float64Array.from({ length: BINS }, (_, bin) => {
      const at = (this.#low + ((bin + 0.5) / BINS) * (this.#high - this.#low) - first) / step;
      const below = Math.floor(at);
      const part = at - below;
      return (1 - part) * (data.values[below] ?? 0) + part * (data.values[below + 1] ?? 0);
    });
  }

  #current() {
    return this.#now.map((value, bin) => this.#before[bin] + this.progress * (value - this.#before[bin]));
  }

  /** Gaussian kernel density at the bins' centres. Half of Silverman's width, which is meant for one mode. */
  #density(points) {
    const density = new Float64Array(BINS);
    const finite = points.filter(Number.isFinite);
    if (finite.length === 0) {
      return density;
    }
    const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
    const deviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length);
    const bin = (this.#high - this.#low) / BINS;
    const kernel = Math.max(0.53 * deviation * finite.length ** -0.2, 1.5 * bin);
    for (const value of finite) {
      const centre = (value - this.#low) / bin - 0.5;
      const reach = (4 * kernel) / bin;
      for (let at = Math.max(0, Math.ceil(centre - reach)); at <= Math.min(BINS - 1, centre + reach); at++) {
        density[at] += Math.exp(-0.5 * (((at - centre) * bin) / kernel) ** 2) / (finite.length * kernel * Math.sqrt(2 * Math.PI));
      }
    }
    return density;
  }

  #axis(context, x, width, base) {
    context.lineWidth = 1;
    context.strokeStyle = token('--gridline');
    context.textAlign = 'center';
    for (const mark of ticks(this.#low, this.#high, 8)) {
      context.beginPath();
      context.moveTo(Math.round(x(mark)) + 0.5, 0);
      context.lineTo(Math.round(x(mark)) + 0.5, base);
      context.stroke();
      axisText(context, mark, x(mark), base + RUG - 5);
    }
    context.setLineDash([3, 4]);
    context.strokeStyle = token('--real');
    for (const mode of this.#modes) {
      context.beginPath();
      context.moveTo(x(mode), 0);
      context.lineTo(x(mode), base);
      context.stroke();
    }
    context.setLineDash([]);
    context.strokeStyle = token('--line-strong');
    context.beginPath();
    context.moveTo(0, base + 0.5);
    context.lineTo(width, base + 0.5);
    context.stroke();
  }

  #area(context, density, colour, width, base) {
    context.beginPath();
    density.forEach((value, bin) => context.lineTo(((bin + 0.5) / BINS) * width, base - (value / this.#top) * base));
    context.strokeStyle = token(colour);
    context.lineWidth = 2;
    context.stroke();
    context.lineTo(width, base);
    context.lineTo(0, base);
    context.fillStyle = token(colour);
    context.globalAlpha = 0.14;
    context.fill();
    context.globalAlpha = 1;
  }

  /** A curve of scores, from 0 at the bottom to 1 near the top. */
  #scores(context, logits, x, base, dash, colour) {
    const score = scorer(this.objective, this.scene);
    context.beginPath();
    this.scene.x.values.forEach((value, index) => {
      const part = score(logits[index]);
      if (Number.isFinite(part)) {
        context.lineTo(x(value), this.#height(part, base));
      }
    });
    context.strokeStyle = token(colour);
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }

  #height(score, base) {
    return base - score * (base - 20);
  }

  /** The axis of D, at the right. */
  #half(context, width, base) {
    context.textAlign = 'right';
    for (const [score, label] of [
      [0, '0'],
      [0.5, '½'],
      [1, 'D = 1'],
    ]) {
      axisText(context, label, width - 4, this.#height(score, base) - 4);
    }
  }

  /** Where the gradient sends the generated numbers: one in some, along the bottom. */
  #push(context, x, base) {
    const fakes = this.scene.fakes.values;
    const push = this.scene.push.values;
    const unit = LONGEST / (quantile(push.map(Math.abs), 0.95) || 1);
    const every = Math.ceil(fakes.length / 120);
    context.beginPath();
    for (let index = 0; index < fakes.length; index += every) {
      const y = base - 6 - 5 * ((index / every) % 9);
      const left = x(fakes[index]);
      arrow(context, left, y, left + Math.max(-2 * LONGEST, Math.min(2 * LONGEST, unit * push[index])), y);
    }
    context.strokeStyle = token('--ink');
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** From the line of z, at the bottom, to that of x: they crowd where G puts much (figure 1 of Goodfellow et al. 2014). */
  #map(context, x, width, top, height) {
    const { z, gz } = this.scene;
    const reach = Math.abs(z.values[0]) * 1.15;
    const bottom = height - 14;
    const zx = (value) => ((value + reach) / (2 * reach)) * width;
    context.beginPath();
    for (let index = 0; index < z.values.length; index++) {
      arrow(context, zx(z.values[index]), bottom, x(gz.values[index]), top + 2);
    }
    context.strokeStyle = token('--generator');
    context.globalAlpha = 0.7;
    context.lineWidth = 1;
    context.stroke();
    context.globalAlpha = 1;
    context.strokeStyle = token('--line-strong');
    for (const y of [top, bottom]) {
      context.beginPath();
      context.moveTo(0, y + 0.5);
      context.lineTo(width, y + 0.5);
      context.stroke();
    }
    context.textAlign = 'left';
    axisText(context, 'z', 2, height - 3);
    axisText(context, 'x = G(z)', 2, top + 13);
    context.textAlign = 'center';
    for (const value of [-2, -1, 0, 1, 2]) {
      axisText(context, value, zx(value), height - 3);
    }
  }

  /** Says how high a peak is that the frame cuts off. */
  #cue(context, density, width) {
    const peak = density.reduce((best, value, bin) => (value > density[best] ? bin : best), 0);
    if (density[peak] > this.#top) {
      context.textAlign = 'center';
      context.fillStyle = token('--generator');
      context.font = `600 11px ${token('--sans')}`;
      context.fillText(`↑ ${density[peak].toPrecision(2)}`, Math.min(width - 24, Math.max(24, ((peak + 0.5) / BINS) * width)) + 22, 12);
    }
  }

  #rug(context, points, colour, x, top) {
    context.fillStyle = token(colour);
    context.globalAlpha = 0.35;
    for (const value of points) {
      context.fillRect(x(value), top, 1, 6);
    }
    context.globalAlpha = 1;
  }
}
