/**
 * Generated points over real ones in the plane, or two columns of theirs. The latents are fixed, so point i is the same latent from picture to picture: it
 * is moved there, and one sees where the generator pushes.
 * @module
 */
import { token } from '../../app/dom.js';
import { scorer } from '../../app/scene.js';
import { arrow, axisText, begin, quantile, rgb, ticks } from './canvas.js';
import { Field } from './field.js';
import { PointsPlot } from './points-plot.js';

/** Arrows drawn at most, and pixels of the longest but few. */
const ARROWS = 300;
const LONGEST = 34;
/** Pixels within which a click finds a point. */
const REACH = 20;

export class ScatterPlot extends PointsPlot {
  #modes;
  #columns;
  #stride;
  #seen = [0, 1];
  #real = new Float32Array(0);
  #before = new Float32Array(0);
  #now = new Float32Array(0);
  #bounds = null;
  #field = new Field();

  /** @param {string} objective what the game is played for */
  constructor({ modes, columns }, objective) {
    super(objective, 'plane', 'Generated and real points');
    this.#modes = modes ?? [];
    this.#columns = columns ?? [];
    this.#stride = this.#columns.length || 2;
    this.#widen(this.#modes.flat());
  }

  /** Shows two of the columns from now on. @param {[number, number]} axes */
  look(axes) {
    if (String(axes) !== String(this.#seen)) {
      this.#seen = axes;
      this.#bounds = null;
      this.#widen(this.#real);
      this.redraw();
    }
  }

  /** Where a point is in what is seen. */
  #at(points, index) {
    const [across, up] = this.#seen;
    return [points[this.#stride * index + across], points[this.#stride * index + up]];
  }

  #count(points) {
    return Math.floor(points.length / this.#stride);
  }

  /** @param {ArrayBuffer} points float32 `[count, columns]` */
  generated(points, step) {
    const next = new Float32Array(points);
    this.#before = this.#now.length === next.length ? this.#positions() : next;
    this.#now = next;
    this.canvas.dataset.step = step;
    this.tween.start();
  }

  real(points) {
    this.#real = new Float32Array(points);
    this.#widen(this.#real);
    this.redraw();
  }

  redraw() {
    if (this.canvas.clientWidth === 0) {
      return;
    }
    const context = begin(this.canvas);
    const map = this.#map();
    const score = this.scene && scorer(this.objective, this.scene);
    if (this.shows('field') && this.scene.side) {
      context.strokeStyle = token('--ink');
      context.lineWidth = 1;
      this.#field.draw(context, map, this.scene, score);
    }
    this.#axes(context, map);
    this.#points(context, map, this.#real, '--real', 0.25, 3);
    if (this.shows('manifold') && this.scene.manifold) {
      this.#manifold(context, map);
    }
    if (this.shows('scores')) {
      this.#scored(context, map, score);
    } else {
      this.#points(context, map, this.#positions(), '--generator', 0.75, 2);
    }
    if (this.shows('push') && this.progress === 1) {
      this.#push(context, map);
    }
    context.strokeStyle = token('--ink');
    context.globalAlpha = 0.45;
    for (const mode of this.#modes) {
      context.beginPath();
      context.arc(map.x(mode[0]), map.y(mode[1]), 9, 0, 2 * Math.PI);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** The number of the generated point nearest to a pixel, or -1 if none is near. */
  nearest(left, top) {
    const { x, y } = this.#map();
    let best = -1;
    let least = REACH;
    for (let index = 0; index < this.#count(this.#now); index++) {
      const point = this.#at(this.#now, index);
      const distance = Math.hypot(x(point[0]) - left, y(point[1]) - top);
      if (distance < least) {
        least = distance;
        best = index;
      }
    }
    return best;
  }

  /** Where the generated points are in the middle of a move. */
  #positions() {
    const part = this.progress;
    return part === 1 ? this.#now : this.#now.map((value, index) => this.#before[index] + part * (value - this.#before[index]));
  }

  /** The real data decide what is shown, and it never shrinks: a frame of reference that jumps is none. */
  #widen(values) {
    let reach = 0;
    for (let index = 0; index < this.#count(values); index++) {
      reach = Math.max(reach, ...this.#at(values, index).map(Math.abs));
    }
    this.#bounds = Math.max(this.#bounds ?? 0, 1.25 * reach);
  }

  #map() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const scale = Math.min(width, height) / 2 / (this.#bounds || 1);
    return {
      x: (x) => width / 2 + x * scale,
      y: (y) => height / 2 - y * scale,
      width,
      height,
      across: width / 2 / scale,
      down: height / 2 / scale,
    };
  }

  #axes(context, { x, y, width, height, across, down }) {
    context.lineWidth = 1;
    const marks = ticks(-down, down, 5);
    const gap = marks.length > 1 ? marks[1] - marks[0] : down;
    for (let mark = Math.ceil(-across / gap) * gap; mark <= across; mark += gap) {
      rule(context, x(mark), 0, x(mark), height);
      if (x(mark) < width - 20) {
        axisText(context, mark, x(mark) + 4, height - 5);
      }
    }
    const [nameAcross, nameUp] = this.#seen.map((axis) => this.#columns[axis]);
    for (const mark of marks) {
      rule(context, 0, y(mark), width, y(mark));
      if (!nameUp || y(mark) > 30) {
        axisText(context, mark, 4, y(mark) - 4);
      }
    }
    if (nameUp) {
      axisText(context, nameUp, 4, 12);
      context.textAlign = 'right';
      axisText(context, nameAcross, width - 4, height - 18);
      context.textAlign = 'left';
    }
  }

  /** What G makes of a square grid of latents, as a net. */
  #manifold(context, { x, y }) {
    const { shape, values } = this.scene.manifold;
    const [rows, columns] = shape;
    const at = (row, column) => 2 * (row * columns + column);
    context.beginPath();
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const here = at(row, column);
        for (const there of [column + 1 < columns ? at(row, column + 1) : -1, row + 1 < rows ? at(row + 1, column) : -1]) {
          if (there >= 0) {
            context.moveTo(x(values[here]), y(values[here + 1]));
            context.lineTo(x(values[there]), y(values[there + 1]));
          }
        }
      }
    }
    context.strokeStyle = token('--generator');
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** Where the gradient sends the generated samples: longer where it is stronger, against the strongest of this moment. */
  #push(context, { x, y }) {
    const fakes = this.scene.fakes.values;
    const push = this.scene.push.values;
    const count = Math.min(ARROWS, this.#count(fakes));
    const lengths = Array.from({ length: count }, (_, index) => Math.hypot(...this.#at(push, index)));
    const unit = LONGEST / (quantile(lengths, 0.95) || 1);
    context.beginPath();
    for (let index = 0; index < count; index++) {
      const scale = (unit * Math.min(1, (1.5 * LONGEST) / (unit * lengths[index]))) || 0;
      const [left, top] = [x(this.#at(fakes, index)[0]), y(this.#at(fakes, index)[1])];
      const [right, up] = this.#at(push, index);
      arrow(context, left, top, left + scale * right, top - scale * up);
    }
    context.strokeStyle = token('--ink');
    context.globalAlpha = 0.6;
    context.lineWidth = 1;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** Generated samples from the generator's colour (D is sure) to that of real ones (D is fooled). */
  #scored(context, map, score) {
    const points = this.#positions();
    const logits = this.scene.fakeLogits.values;
    const from = rgb('--generator');
    const to = rgb('--real');
    for (let index = 0; index < this.#count(points); index++) {
      const part = score(logits[index]);
      const [across, up] = this.#at(points, index);
      context.fillStyle = `rgb(${from.map((value, channel) => Math.round(value + part * (to[channel] - value))).join(' ')})`;
      context.beginPath();
      context.arc(map.x(across), map.y(up), 2.5, 0, 2 * Math.PI);
      context.fill();
    }
  }

  #points(context, map, points, colour, opacity, radius) {
    context.fillStyle = token(colour);
    context.globalAlpha = opacity;
    context.beginPath();
    for (let index = 0; index < this.#count(points); index++) {
      const [across, up] = this.#at(points, index);
      const x = map.x(across);
      const y = map.y(up);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill();
    context.globalAlpha = 1;
  }
}

function rule(context, x1, y1, x2, y2) {
  context.strokeStyle = token('--gridline');
  context.beginPath();
  context.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  context.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
  context.stroke();
}
