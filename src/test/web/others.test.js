import assert from 'node:assert/strict';
import test from 'node:test';
import { History } from '../../../web/app/history.js';
import { joined } from '../../../web/app/others.js';

const parent = new History();
parent.append(
  ['step', 'lossD'],
  [
    [1990, 5],
    [2000, 7],
    [2010, 6],
  ],
);
const fork = { steps: Float64Array.of(2010, 2020), values: Float64Array.of(8, 9) };

test('a fork begins with its parent’s value at the very step', () => {
  const { steps, values } = joined(fork, { step: 2000, history: parent }, 'lossD');
  assert.deepEqual([...steps], [2000, 2010, 2020]);
  assert.deepEqual([...values], [7, 8, 9]);
});

test('nothing is made up where the parent has nothing, or the fork has it itself', () => {
  assert.equal(joined(fork, null, 'lossD'), fork);
  assert.equal(joined(fork, { step: 2000, history: parent }, 'lossG'), fork);
  const whole = { steps: Float64Array.of(0, 2010), values: Float64Array.of(1, 8) };
  assert.equal(joined(whole, { step: 2000, history: parent }, 'lossD'), whole);
});
