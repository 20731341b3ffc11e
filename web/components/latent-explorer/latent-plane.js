/**
 * The plane through two latents and the origin, x · a + y · b: drag in it, or use the arrow keys. Normal latents lie near the circle through
 * both.
 * @module
 */
import { element, token } from '../../app/dom.js';
import { axisText, begin } from '../sample-view/canvas.js';

/** The plane reaches so far, times a latent. */
const REACH = 1.3;
/** Samples across and down. */
const SIDE = 7;
const STEP = 0.05;

/** Places of the lattice's samples, row by row from the top. */
export const LATTICE = Array.from({ length: SIDE * SIDE }, (_, index) => {
  const along = (at) => ((at + 0.5) / SIDE) * 2 * REACH - REACH;
  return [along(index % SIDE), -along(Math.floor(index / SIDE))];
});

export class LatentPlane {
  /** The lattice's samples, if they are images. @type {import('./sheet.js').Sheet|null} */
  sheet = null;
  at = [1, 0];
  normal = true;
  names = ['a', 'b'];

  /** @param {(at: number[], settled: boolean) => void} moved */
  constructor(moved) {
    this.moved = moved;
    this.canvas = element('canvas', {
      id: 'latent-plane',
      class: 'plane',
      tabindex: '0',
      role: 'application',
      'aria-label': 'Plane of latents: drag, or move with the arrow keys',
    });
    this.canvas.addEventListener('pointerdown', (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#drag(event, false);
    });
    this.canvas.addEventListener('pointermove', (event) => this.canvas.hasPointerCapture(event.pointerId) && this.#drag(event, false));
    this.canvas.addEventListener('pointerup', (event) => this.#drag(event, true));
    this.canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  #drag(event, settled) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 2 * REACH - REACH;
    const y = REACH - ((event.clientY - box.top) / box.height) * 2 * REACH;
    this.#go([clamp(x), clamp(y)], settled);
  }

  #key(event) {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (direction) {
      event.preventDefault();
      this.#go(this.at.map((value, axis) => clamp(value + direction[axis] * STEP)), true);
    }
  }

  #go(at, settled) {
    this.at = at;
    this.draw();
    this.moved(at, settled);
  }

  draw() {
    const { clientWidth: side, clientHeight: height } = this.canvas;
    if (side === 0) {
      return;
    }
    const context = begin(this.canvas);
    const x = (value) => ((value + REACH) / (2 * REACH)) * side;
    const y = (value) => ((REACH - value) / (2 * REACH)) * height;
    if (this.sheet) {
      const tile = side / SIDE;
      LATTICE.forEach((_, index) => this.sheet.draw(context, index, (index % SIDE) * tile, Math.floor(index / SIDE) * tile, tile, tile));
    } else {
      context.strokeStyle = token('--gridline');
      for (const value of [-1, -0.5, 0, 0.5, 1]) {
        context.beginPath();
        context.moveTo(x(value), 0);
        context.lineTo(x(value), height);
        context.moveTo(0, y(value));
        context.lineTo(side, y(value));
        context.stroke();
      }
    }
    context.lineWidth = 1.5;
    context.strokeStyle = token('--generator');
    if (this.normal) {
      context.setLineDash([4, 4]);
      context.beginPath();
      context.ellipse(x(0), y(0), x(1) - x(0), y(0) - y(1), 0, 0, 2 * Math.PI);
      context.stroke();
      context.setLineDash([]);
    }
    this.#mark(context, x(1), y(0), this.names[0]);
    this.#mark(context, x(0), y(1), this.names[1]);
    context.beginPath();
    context.arc(x(this.at[0]), y(this.at[1]), 7, 0, 2 * Math.PI);
    context.fillStyle = token('--generator');
    context.fill();
    context.lineWidth = 2.5;
    context.strokeStyle = token('--surface');
    context.stroke();
  }

  #mark(context, x, y, name) {
    const width = 8 + 7 * name.length;
    context.fillStyle = token('--surface');
    context.globalAlpha = 0.85;
    context.fillRect(x - width / 2, y - 8, width, 16);
    context.globalAlpha = 1;
    context.textAlign = 'center';
    axisText(context, name, x, y + 4);
  }
}

const clamp = (value) => Math.min(REACH, Math.max(-REACH, value));
