/**
 * How D's logits of real and generated samples are spread: apart where D can tell, one over the other where it cannot.
 * @module
 */
import { element, token } from '../../app/dom.js';
import { axisText, begin, ticks } from './canvas.js';

const BINS = 40;

export class LogitPlot {
  constructor() {
    this.canvas = element('canvas', { id: 'logit-canvas', class: 'logits', role: 'img', 'aria-label': 'Histograms of D’s logits' });
    this.node = element('figure', { class: 'wide', hidden: true }, element('figcaption', {}, 'D’s logits'), this.canvas);
  }

  /** @param {import('../../app/scene.js').Scene|null} scene null hides it */
  draw(scene) {
    this.node.hidden = scene === null;
    if (scene === null || this.canvas.clientWidth === 0) {
      return;
    }
    const kinds = [
      [scene.realLogits.values, '--real'],
      [scene.fakeLogits.values, '--generator'],
    ];
    const all = kinds.flatMap(([values]) => [...values]).filter(Number.isFinite);
    const low = Math.min(0, ...all);
    const high = Math.max(0, ...all);
    const context = begin(this.canvas);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const base = height - 18;
    const span = high - low || 1;
    const counts = kinds.map(([values]) => {
      const bins = new Float64Array(BINS);
      values.forEach((value) => Number.isFinite(value) && bins[Math.min(BINS - 1, Math.floor(((value - low) / span) * BINS))]++);
      return bins;
    });
    const most = Math.max(...counts.flatMap((bins) => [...bins]));
    context.globalAlpha = 0.55;
    counts.forEach((bins, kind) => {
      context.fillStyle = token(kinds[kind][1]);
      bins.forEach((count, bin) => {
        const tall = (count / most) * (base - 4);
        context.fillRect((bin / BINS) * width + 0.5, base - tall, width / BINS - 1, tall);
      });
    });
    context.globalAlpha = 1;
    context.textAlign = 'center';
    for (const mark of ticks(low, low + span, 6)) {
      axisText(context, mark, Math.min(width - 10, Math.max(8, ((mark - low) / span) * width)), height - 4);
    }
    this.canvas.dataset.step = scene.step;
  }
}
