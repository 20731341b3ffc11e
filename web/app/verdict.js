/**
 * How the game stands, in words. Every objective has its own scale of losses, so D's loss is held against the two ends of that scale:
 * where D can only guess, and where it tells every sample.
 * @module
 */

/** Reports that the verdict is averaged over: one is one minibatch's mood. */
const REPORTS = 20;
/** Turns in which a D that tells nothing apart has simply not learned yet. */
const EARLY = 500;
/** D's advantage from which the words change; from 0, guessing, to 1, never wrong. */
const OVERPOWERS = 0.8;
const AHEAD = 0.4;
const SLIGHTLY = 0.1;

/** Mean of a column's last measured values up to a row. */
export function recent(history, name, row, reports = REPORTS) {
  const { values } = history.series(name, Math.max(0, row + 1 - reports), row + 1);
  return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * @param {{lossD: number, leastD: number|null}} game D's loss where the game rests, and its least
 * @param {import('./history.js').History} history
 * @param {number} row the moment
 */
export function verdict(game, history, row) {
  if (row < 0) {
    return 'Not a turn played yet.';
  }
  const loss = recent(history, 'lossD', row);
  if (!Number.isFinite(loss)) {
    return 'The losses are not finite.';
  }
  if (game.leastD === null) {
    return `D measures a distance of ${(game.lossD - loss).toPrecision(3)} between real and generated: only its change tells.`;
  }
  const advantage = (value) => (game.lossD - value) / (game.lossD - game.leastD);
  const now = advantage(loss);
  if (now > OVERPOWERS) {
    return 'The discriminator overpowers the generator.';
  }
  if (now > AHEAD) {
    return 'The discriminator is ahead.';
  }
  if (now > SLIGHTLY) {
    return 'A close game, the discriminator slightly ahead.';
  }
  if (history.column('step')[row] < EARLY && !history.series('lossD', 0, row + 1).values.some((value) => advantage(value) > AHEAD)) {
    return 'Too early to say: the discriminator has not learned to tell them apart yet.';
  }
  return now > -SLIGHTLY ? 'Even: the discriminator can hardly tell.' : 'The generator fools the discriminator.';
}
