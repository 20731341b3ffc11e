/**
 * What each message of a turn does, in a sentence.
 * @module
 */

/** @typedef {{name: string, shape: number[], bytes: number}} Load */
/**
 * @typedef {{step: number, toward: 'discriminator'|'generator', message: string, address: string, sent: Load[], answered: Load[], millis: number,
 *   learnMillis: number, figures: Record<string, number>}} Exchange
 */

const SENTENCES = {
  NextBatch: () => 'The feed hands over the next minibatch of real samples.',
  Generate: ({ toward }) =>
    toward === 'generator'
      ? 'G draws fresh latents z and turns them into samples: those that it will learn from.'
      : 'G draws fresh latents z and turns them into samples for D to learn from.',
  Judge: ({ answered }) =>
    answered.length === 0
      ? 'D scores real and generated samples, compares its scores with the truth, and takes one step to tell them apart better.'
      : 'D scores real and generated samples and takes one step to tell them apart better; first it notes how each generated sample should change to look more real.',
  Critique: () => 'D stays as it is, and says how each generated sample should change to look more real. That gradient is all that G ever sees of D.',
  Improve: () => 'G takes that gradient back through its layers and makes one step; the average that pictures are drawn with follows.',
};

/** Who is asked, what for, and what comes of it. */
export const PARTIES = {
  NextBatch: ['real', 'Data', 'next minibatch', 'real samples x'],
  Generate: ['generator', 'G', 'make samples', 'G(z), from fresh latents'],
  Judge: ['discriminator', 'D', 'learn', 'tells x from G(z) a little better'],
  Critique: ['discriminator', 'D', 'criticise', '∂L/∂G(z): how to look more real'],
  Improve: ['generator', 'G', 'learn', 'follows that gradient'],
};

/** @param {Exchange} exchange */
export const sentence = (exchange) => SENTENCES[exchange.message]?.(exchange) ?? '';
