import assert from 'node:assert/strict';
import test from 'node:test';
import { CAPACITY, History } from '../../../web/app/history.js';
import { BUCKET } from '../../../web/app/outline.js';

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

test('a hundred thousand rows are kept as they came', () => {
  const history = new History();
  history.append(
    ['step', 'lossD'],
    Array.from({ length: 100_000 }, (_, row) => [row + 1, row / 7]),
  );
  assert.equal(history.length, 100_000);
  assert.ok(history.column('lossD').every((value, row) => value === row / 7));
});

test('memory is bounded, and the newest half whole', () => {
  const history = new History();
  history.append(
    ['step'],
    Array.from({ length: 300_000 }, (_, row) => [row + 1]),
  );
  assert.ok(history.length <= CAPACITY);
  assert.equal(history.lastStep, 300_000);
  const all = history.column('step');
  assert.equal(all.at(-1) - all.at(-1000), 999);
});

/** A table as the trainer sends it. @param {(number|null)[][]} columns */
const table = (names, columns) => {
  const rows = columns[0].length;
  const payload = new ArrayBuffer(8 * rows * columns.length);
  const view = new DataView(payload);
  columns.flat().forEach((value, at) => {
    if (value === null) {
      view.setUint32(8 * at, 0xab5e, true);
      view.setUint32(8 * at + 4, 0x7ff80000, true);
    } else {
      view.setFloat64(8 * at, value, true);
    }
  });
  return { columns: names, rows, payload };
};

test('a table says the same as rows do', () => {
  const history = new History();
  history.add(table(['step', 'lossD', 'lossG'], [[10, 20, 30], [0.5, null, NaN], [null, null, Infinity]]));
  history.append(['step', 'lossD', 'lossG'], [[40, 'NaN', null]]);
  assert.deepEqual([...history.column('step')], [10, 20, 30, 40]);
  assert.deepEqual([...history.series('lossD', 0, 4).steps], [10, 30, 40]);
  assert.deepEqual([...history.series('lossG', 0, 4).values], [Infinity]);
  assert.equal(history.value('lossD', 1), 0.5);
  assert.deepEqual(history.after(20).rows, [
    [30, NaN, Infinity],
    [40, NaN, null],
  ]);
  history.add(table(['step', 'lossD'], [[20, 25], [1, 2]]));
  assert.deepEqual([...history.column('step')], [10, 20, 25]);
  assert.equal(history.measured('lossG', 2), false, 'what was forgotten does not show through');
});

const random = (seed) => () => {
  seed = (1664525 * seed + 1013904223) % 2 ** 32;
  return seed / 2 ** 32;
};

test('an outline keeps extremes, gaps and means, whatever was added and taken back before', () => {
  const next = random(7);
  const history = new History();
  const rows = (from, count) =>
    Array.from({ length: count }, (_, row) => [from + row, next() < 0.001 ? 'NaN' : next() < 0.1 ? null : Math.log(next())]);
  history.append(['step', 'lossD'], rows(1, 60_000));
  history.outline('lossD', 0, 60_000);
  history.append(['step', 'lossD'], rows(31_000, 69_001)); // the run went back
  for (const [first, end] of [
    [0, history.length],
    [1_234, 80_001],
  ]) {
    const { extremes, means, bucket } = history.outline('lossD', first, end);
    const exact = history.series('lossD', first, end);
    assert.equal(bucket, BUCKET);
    assert.ok(extremes.steps.length < exact.steps.length / 8);
    const finite = (values) => [...values].filter(Number.isFinite);
    assert.equal(Math.min(...extremes.values.filter(Number.isFinite)), finite(exact.values).reduce((a, b) => Math.min(a, b)));
    assert.equal(Math.max(...extremes.values.filter(Number.isFinite)), finite(exact.values).reduce((a, b) => Math.max(a, b)));
    for (const { steps } of [extremes, means]) {
      assert.ok(steps.every((step, at) => at === 0 || step >= steps[at - 1]), 'in order');
    }
    // Any stretch of a few buckets keeps its own extremes.
    for (let from = first; from + 10 * BUCKET < end; from += 7_777) {
      const within = ({ steps, values }, low, high) => values.filter((value, at) => steps[at] >= low && steps[at] <= high && Number.isFinite(value));
      const low = Math.ceil(from / BUCKET) * BUCKET;
      const stretch = [low + 1, low + 8 * BUCKET];
      assert.equal(Math.min(...within(extremes, ...stretch)), Math.min(...within(exact, ...stretch)));
    }
    const gaps = ({ values }) => values.reduce((count, value) => count + Number.isNaN(value), 0);
    assert.ok(gaps(extremes) > 0.9 * gaps(exact) && gaps(extremes) === gaps(means));
    const mean = (values) => finite(values).reduce((sum, value) => sum + value, 0) / finite(values).length;
    assert.ok(Math.abs(mean(means.values) - mean(exact.values)) < 0.02);
  }
});
