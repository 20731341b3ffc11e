/**
 * Densities of generated and real numbers, as in figure 1 of Goodfellow et al. 2014, with the numbers themselves below.
 * @module
 */
import { element, token } from '../../app/dom.js';
import { axisText, begin, legend, ticks, Tween } from './canvas.js';

const BINS = 240;
const RUG = 34;

export class DensityPlot {
  #modes;
  #real = new Float32Array(0);
  #generated = new Float32Array(0);
  #realDensity = new Float64Array(BINS);
  #before = new Float64Array(BINS);
  #now = new Float64Array(BINS);
  #low = 0;
  #high = 0;
  #top = 0;
  #progress = 1;
  #tween = new Tween((progress) => {
    this.#progress = progress;
    this.redraw();
  });

  constructor({ modes }) {
    this.#modes = (modes ?? []).map(([x]) => x);
    this.canvas = element('canvas', {
      id: 'sample-canvas',
      'data-testid': 'sample-canvas',
      class: 'line',
      role: 'img',
      'aria-label': 'Densities of generated and real numbers',
    });
    this.nodes = [element('figure', {}, legend(), this.canvas)];
  }

  /** @param {ArrayBuffer} points float32 `[count, 1]` */
  generated(points, step) {
    this.#generated = new Float32Array(points);
    this.#before = this.#current();
    this.#now = this.#density(this.#generated);
    this.canvas.dataset.step = step;
    this.#tween.start();
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

  redraw() {
    if (this.canvas.clientWidth === 0 || this.#low === this.#high) {
      return;
    }
    const context = begin(this.canvas);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const base = height - RUG;
    const current = this.#current();
    // The generated density may be a spike; the axis follows the real one, and gives the spike some room.
    const most = Math.max(...this.#realDensity) * 1.5 || Math.max(...current);
    this.#top = Math.max(most, 1e-9);
    const x = (value) => ((value - this.#low) / (this.#high - this.#low)) * width;
    this.#axis(context, x, width, base);
    this.#area(context, this.#realDensity, '--real', width, base);
    this.#area(context, current, '--generator', width, base);
    this.#cue(context, current, width);
    this.#rug(context, this.#real, '--real', x, base + 4);
    this.#rug(context, this.#generated, '--generator', x, base + 11);
  }

  #current() {
    return this.#now.map((value, bin) => this.#before[bin] + this.#progress * (value - this.#before[bin]));
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
      axisText(context, mark, x(mark), base + RUG - 3);
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
