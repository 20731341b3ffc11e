/**
 * The charts there are.
 * @module
 */

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} unit
 * @property {{column: string, label: string, tone: 'generator'|'discriminator'|'real'}[]} series
 * @property {{value: number, label: string, tone: string}[]} references lines to hold the curves against
 * @property {[number, number]} [range] of the vertical axis, where it is known
 * @property {boolean} [fromZero] if the vertical axis begins at zero
 * @property {boolean} [logarithmic] if a logarithmic axis is of use
 * @property {string} note what to look for
 */

/** @type {Record<string, Chart>} */
export const catalog = {
  loss: {
    title: 'Losses',
    unit: 'nats',
    series: [
      { column: 'lossD', label: 'Discriminator', tone: 'discriminator' },
      { column: 'lossG', label: 'Generator', tone: 'generator' },
    ],
    // Goodfellow et al. 2014, Theorem 1: at the optimum D is 1/2 everywhere, so −ln D − ln(1 − D) = 2 ln 2 and −ln D = ln 2.
    references: [
      { value: 2 * Math.LN2, label: '2 ln 2', tone: 'discriminator' },
      { value: Math.LN2, label: 'ln 2', tone: 'generator' },
    ],
    logarithmic: true,
    note: 'At the equilibrium of the game D cannot tell real from generated: its loss is 2 ln 2, the generator’s ln 2.',
  },
  score: {
    title: 'D(x) and D(G(z))',
    unit: 'probability of “real”',
    series: [
      { column: 'scoreReal', label: 'Real', tone: 'real' },
      { column: 'scoreFake', label: 'Generated', tone: 'generator' },
    ],
    references: [{ value: 0.5, label: '½', tone: 'muted' }],
    range: [0, 1],
    note: 'Far apart: the discriminator wins. Both at one half: it can only guess.',
  },
  gradient: {
    title: 'Gradient norms',
    unit: 'L2',
    series: [
      { column: 'gradientNormD', label: 'Discriminator', tone: 'discriminator' },
      { column: 'gradientNormG', label: 'Generator', tone: 'generator' },
    ],
    references: [],
    logarithmic: true,
    note: 'L2 norm of all gradients of a player.',
  },
  ratio: {
    title: 'Update ratios',
    unit: '‖Δθ‖ / ‖θ‖',
    series: [
      { column: 'updateRatioD', label: 'Discriminator', tone: 'discriminator' },
      { column: 'updateRatioG', label: 'Generator', tone: 'generator' },
    ],
    references: [{ value: 1e-3, label: '10⁻³', tone: 'muted' }],
    logarithmic: true,
    note: 'Size of one update relative to the weights; around one thousandth is healthy.',
  },
  speed: {
    title: 'Speed',
    unit: 'images/s',
    series: [{ column: 'imagesPerSecond', label: 'Images per second', tone: 'muted' }],
    references: [],
    fromZero: true,
    note: 'Real samples consumed per second.',
  },
};
