/**
 * Which layers of the duel are drawn over the samples.
 * @module
 */
import { element } from '../../app/dom.js';

/** By kind of data: what can be shown, and what it means. */
const LAYERS = {
  'points-2d': [
    ['field', 'D', 'What D thinks of every place: green, real; orange, generated; the line is where it cannot tell'],
    ['push', '−∂L/∂x', 'Where the gradient sends each sample: all that G ever learns from'],
    ['manifold', 'G(grid)', 'What G makes of a square grid of latents'],
    ['scores', 'scores', 'Generated samples coloured by what D thinks of them'],
  ],
  points: [
    ['push', '−∂L/∂x', 'Where the gradient sends each sample, in the two columns seen: all that G ever learns from'],
    ['scores', 'scores', 'Generated samples coloured by what D thinks of them'],
  ],
  'points-1d': [
    ['field', 'D(x)', 'What D thinks of every number'],
    ['best', 'D*(x)', 'What the best of all discriminators would think, p_data / (p_data + p_g), for the densities drawn'],
    ['manifold', 'z → x', 'Where G takes evenly spaced latents, as in figure 1 of Goodfellow et al. 2014'],
    ['push', '−∂L/∂x', 'Where the gradient sends each sample: all that G ever learns from'],
  ],
  image: [
    ['pixels', '−∂L/∂x', 'Where the gradient would have each picture: brighter in orange, darker in blue'],
    ['scores', 'logits', 'How D’s logits of real and generated pictures are spread'],
  ],
};

export class LayerSwitch {
  constructor(view) {
    this.node = element('div', { class: 'layers', role: 'group', 'aria-label': 'Layers of the duel' });
    this.missing = element('span', { class: 'muted', id: 'scene-missing', hidden: true }, 'samples only: the duel was not computed at that step');
    this.view = view;
    this.buttons = new Map();
    view.addEventListener('change', () => this.#render());
  }

  of(kind) {
    this.buttons = new Map(
      LAYERS[kind].map(([layer, label, title]) => [
        layer,
        element(
          'button',
          { type: 'button', class: 'quiet', id: `layer-${layer}`, title, onclick: () => this.view.toggleLayer(layer) },
          label,
        ),
      ]),
    );
    this.manifold = LAYERS[kind].find(([layer]) => layer === 'manifold');
    this.node.replaceChildren(...this.buttons.values(), this.missing);
    this.#render();
  }

  /** @param {boolean} present whether there is a scene to draw layers of @param {boolean} past */
  show(present, past) {
    const missing = past && !present;
    this.missing.hidden = !missing;
    for (const button of this.buttons.values()) {
      button.hidden = missing;
    }
  }

  /** @param {number} others numbers of z that are 0 in what is drawn of G's latents; 0 = all of z is varied */
  sliced(others) {
    const button = this.buttons.get('manifold');
    if (button) {
      const [, label, title] = this.manifold;
      button.textContent = others > 0 ? (label === 'G(grid)' ? 'G(slice)' : 'z₁ → x') : label;
      button.title = others > 0 ? `${title}: a slice of them, the other ${others} numbers of z being 0` : title;
    }
  }

  #render() {
    for (const [layer, button] of this.buttons) {
      button.setAttribute('aria-pressed', this.view.layers.has(layer));
    }
  }
}
