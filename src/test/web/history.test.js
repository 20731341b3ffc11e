import assert from 'node:assert/strict';
import test from 'node:test';
import { History } from '../../../web/app/history.js';

const filled = (rows) => {
  const history = new History();
  history.append(['step', 'lossD'], rows);
  return history;
};

test('what was not measured is no value, and what is not finite is one', () => {
  const history = filled([
    [10, 0.5],
    [20, null],
    [30, 'NaN'],
    [40, 'Infinity'],
  ]);
  assert.equal(history.value('lossD', 1), 0.5);
  assert.ok(Number.isNaN(history.value('lossD', 2)));
  assert.equal(history.value('lossD', 3), Infinity);
  assert.deepEqual([...history.series('lossD', 0, 4).steps], [10, 30, 40]);
  assert.equal(history.value('lossG', 3), undefined);
});

test('a row that is not newer replaces all from there on: the run went back', () => {
  const history = filled([
    [10, 1],
    [20, 2],
    [30, 3],
  ]);
  history.append(['step', 'lossD'], [[20, 9]]);
  assert.deepEqual([...history.column('step')], [10, 20]);
  assert.equal(history.value('lossD', 1), 9);
});

test('the nearest row is found on either side and at both ends', () => {
  const history = filled([
    [10, 1],
    [20, 2],
    [40, 3],
  ]);
  assert.deepEqual(
    [0, 14, 16, 31, 29, 99].map((step) => history.nearest(step)),
    [0, 0, 1, 2, 1, 2],
  );
  assert.equal(new History().nearest(5), -1);
});

test('memory is bounded, and the newest half whole', () => {
  const history = new History();
  history.append(
    ['step'],
    Array.from({ length: 100_000 }, (_, row) => [row + 1]),
  );
  assert.ok(history.length <= 40_000);
  assert.equal(history.lastStep, 100_000);
  const all = history.column('step');
  assert.equal(all.at(-1) - all.at(-1000), 999);
});
