/**
 * D over the plane, as an image and as the line on which it cannot tell.
 * @module
 */
import { rgb } from './canvas.js';

/** How strongly D's certainty is painted. */
const OPACITY = 0.62;

export class Field {
  #canvas = document.createElement('canvas');
  #scene = null;
  #side = null;
  #scores = null;
  #colours = '';

  /** @param {import('../../app/scene.js').Scene} scene @param {(logit: number) => number} score */
  draw(context, map, scene, score) {
    const colours = [rgb('--real'), rgb('--generator')];
    if (scene !== this.#scene || String(colours) !== this.#colours) {
      this.#scene = scene;
      this.#colours = String(colours);
      this.#paint(scene, score, ...colours);
    }
    const side = this.#side;
    const half = (side[1] - side[0]) / 2;
    const from = side[0] - half;
    const to = side.at(-1) + half;
    context.drawImage(this.#canvas, map.x(from), map.y(to), map.x(to) - map.x(from), map.y(from) - map.y(to));
    this.#line(context, map);
  }

  #paint({ side, logits }, score, real, generated) {
    const n = side.values.length;
    this.#side = side.values;
    this.#scores = Float32Array.from(logits.values, score);
    this.#canvas.width = n;
    this.#canvas.height = n;
    const context = this.#canvas.getContext('2d');
    const image = context.createImageData(n, n);
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < n; column++) {
        const certainty = 2 * this.#scores[row * n + column] - 1;
        const at = 4 * ((n - 1 - row) * n + column); // the plane's up is the image's top
        const colour = certainty > 0 ? real : generated;
        image.data.set([...colour, Math.round(255 * OPACITY * Math.abs(certainty))], at);
      }
    }
    context.putImageData(image, 0, 0);
  }

  /** The line of score one half, cell by cell (marching squares with linear interpolation). */
  #line(context, map) {
    const side = this.#side;
    const n = side.length;
    const at = (row, column) => this.#scores[row * n + column] - 0.5;
    context.beginPath();
    for (let row = 0; row + 1 < n; row++) {
      for (let column = 0; column + 1 < n; column++) {
        const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
        const places = [
          [side[column], side[row]],
          [side[column + 1], side[row]],
          [side[column + 1], side[row + 1]],
          [side[column], side[row + 1]],
        ];
        const crossings = [];
        for (let edge = 0; edge < 4; edge++) {
          const a = corners[edge];
          const b = corners[(edge + 1) % 4];
          if (a > 0 !== b > 0) {
            const part = a / (a - b);
            const [x1, y1] = places[edge];
            const [x2, y2] = places[(edge + 1) % 4];
            crossings.push([x1 + part * (x2 - x1), y1 + part * (y2 - y1)]);
          }
        }
        for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
          context.moveTo(map.x(crossings[pair][0]), map.y(crossings[pair][1]));
          context.lineTo(map.x(crossings[pair + 1][0]), map.y(crossings[pair + 1][1]));
        }
      }
    }
    context.stroke();
  }
}
