/**
 * A square to draw a distribution in: samples are as dense as it is dark.
 * @module
 */
import { element } from '../../app/dom.js';

const SIDE = 256;
const BRUSH = 9;
const STEP = 6;

export class Sketch {
  #context;
  #last = null;
  #pen = [SIDE / 2, SIDE / 2];

  /** @param {() => void} drawn */
  constructor(drawn) {
    this.drawn = () => {}; // not before it is whole
    this.empty = true;
    this.canvas = element('canvas', {
      id: 'sketch',
      width: SIDE,
      height: SIDE,
      tabindex: '0',
      role: 'application',
      'aria-label': 'Draw a distribution: with the pointer, or move with the arrow keys and draw with Space',
    });
    this.#context = this.canvas.getContext('2d');
    this.clear();
    this.drawn = drawn;
    this.canvas.addEventListener('pointerdown', (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#last = null;
      this.#to(this.#place(event));
    });
    this.canvas.addEventListener('pointermove', (event) => this.canvas.hasPointerCapture(event.pointerId) && this.#to(this.#place(event)));
    this.canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  #place({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * SIDE, ((clientY - box.top) / box.height) * SIDE];
  }

  #key(event) {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (direction) {
      event.preventDefault();
      this.#pen = this.#pen.map((value, axis) => Math.min(SIDE, Math.max(0, value + direction[axis] * STEP)));
    } else if (event.key === ' ') {
      event.preventDefault();
      this.#last = null;
      this.#to(this.#pen);
    }
  }

  #to([x, y]) {
    const [fromX, fromY] = this.#last ?? [x, y];
    this.#context.beginPath();
    this.#context.moveTo(fromX, fromY);
    this.#context.lineTo(x, y);
    this.#context.stroke();
    this.#last = [x, y];
    this.empty = false;
    this.drawn();
  }

  clear() {
    this.#context.fillStyle = '#fff';
    this.#context.fillRect(0, 0, SIDE, SIDE);
    this.#context.strokeStyle = '#000';
    this.#context.lineWidth = BRUSH;
    this.#context.lineCap = 'round';
    this.empty = true;
    this.drawn();
  }

  /** @returns {Promise<Blob>} PNG */
  picture() {
    return new Promise((resolve) => this.canvas.toBlob(resolve, 'image/png'));
  }
}
