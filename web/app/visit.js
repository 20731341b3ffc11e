/**
 * To a step of the past: the trainer plays the turns up to it again, beside the run.
 * @module
 */
import { api } from './api.js';
import { count, duration } from './format.js';

const POLL_MILLIS = 250;

/**
 * @param {object} journey what {@link api.visit} is asked
 * @param {(words: string) => void} tell how far it is
 * @returns {Promise<object|null>} the visit, once it is there; null if it was ended, or another was begun
 * @throws {Error} with the trainer's words
 */
export async function visit(journey, tell) {
  let visited = await api.visit(journey);
  while (visited.state === 'PLAYING' && visited.step === journey.step) {
    const left = visited.secondsLeft === null ? '' : `, ${duration(visited.secondsLeft)} left`;
    tell(`playing again from ${count(visited.from)}: ${count(visited.at)}${left}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    visited = await api.visited();
  }
  if (visited.state === 'FAILED' && visited.step === journey.step) {
    throw new Error(visited.message);
  }
  return visited.state === 'DONE' && visited.step === journey.step ? visited : null;
}
