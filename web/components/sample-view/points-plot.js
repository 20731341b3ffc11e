/**
 * What plots of generated points share: they glide from picture to picture, and a scene of the duel is drawn over them.
 * @module
 */
import { element } from '../../app/dom.js';
import { legend, Tween } from './canvas.js';

export class PointsPlot {
  /** The scene that is shown, if there is one. */
  scene = null;
  layers = new Set();
  /** From the last picture, 0, to this one, 1. */
  progress = 1;
  tween = new Tween((progress) => {
    this.progress = progress;
    this.redraw();
  });

  /** @param {string} objective what the game is played for @param {string} kind the canvas's class @param {string} label */
  constructor(objective, kind, label) {
    this.objective = objective;
    this.canvas = element('canvas', {
      id: 'sample-canvas',
      'data-testid': 'sample-canvas',
      class: kind,
      role: 'img',
      'aria-label': label,
    });
    this.nodes = [element('figure', {}, legend(), this.canvas)];
  }

  /** @param {import('../../app/scene.js').Scene|null} scene drawn instead of the averaged generator's points @param {Set<string>} layers */
  duel(scene, layers) {
    this.layers = layers;
    if (scene !== this.scene) {
      this.scene = scene;
      if (scene) {
        this.generated(scene.fakes.values, scene.step);
        this.canvas.dataset.scene = scene.step;
        return;
      }
      delete this.canvas.dataset.scene;
    }
    this.redraw();
  }

  /** The number of the generated point that was clicked, or -1. */
  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    return event.target === this.canvas ? this.nearest(event.clientX - box.left, event.clientY - box.top) : -1;
  }

  /** What is kept of it as a picture, drawn to the end. */
  picture() {
    this.tween.end();
    return this.canvas;
  }

  /** @param {string} layer */
  shows(layer) {
    return this.scene !== null && this.layers.has(layer);
  }
}
