import assert from 'node:assert/strict';
import test from 'node:test';
import { Film, spread } from '../../../web/components/latent-explorer/film.js';

test('of a list of any length at most so many, the first and the last among them', () => {
  for (let length = 1; length < 500; length++) {
    const list = Array.from({ length }, (_, index) => index);
    const found = spread(list, 14);
    assert.ok(found.length <= 14 && found.length >= Math.min(length, 7), `${found.length} of ${length}`);
    assert.deepEqual([found[0], found.at(-1)], [0, length - 1]);
  }
  assert.deepEqual(spread([], 14), []);
});

test('each moment of a growing list is read once', async () => {
  const reads = [];
  const film = new Film(async (step) => {
    reads.push(step);
    return step;
  });
  const list = [];
  for (let step = 0; step < 200; step++) {
    list.push(step);
    assert.deepEqual(await film.of(spread(list, 14)), spread(list, 14));
  }
  assert.deepEqual(reads, list);
});

test('what could not be read is asked for again, and what came after a step that the run went back to', async () => {
  const reads = [];
  const film = new Film(async (step) => {
    reads.push(step);
    if (reads.length === 1) {
      throw new Error('away');
    }
    return step;
  });
  assert.deepEqual(await film.of([1, 2]), [2]);
  assert.deepEqual(await film.of([1, 2]), [1, 2]);
  film.backTo(1);
  assert.deepEqual(await film.of([1, 2]), [1, 2]);
  assert.deepEqual(reads, [1, 2, 1, 2]);
});
