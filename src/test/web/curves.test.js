import assert from 'node:assert/strict';
import test from 'node:test';
import { gaps, grown, smooth, thin } from '../../../web/components/line-chart/curves.js';

const steps = (count) => Float64Array.from({ length: count }, (_, row) => 10 * row);

test('a constant stays what it is, however much it is smoothed', () => {
  const smoothed = smooth(steps(100), new Float64Array(100).fill(3), 200);
  assert.ok(smoothed.every((value) => Math.abs(value - 3) < 1e-12));
});

test('smoothing does not lag: a symmetric peak stays where it is', () => {
  const values = Float64Array.from({ length: 101 }, (_, row) => Math.exp(-((row - 50) ** 2) / 50));
  const smoothed = smooth(steps(101), values, 40);
  assert.equal(smoothed.indexOf(Math.max(...smoothed)), 50);
});

test('what is not finite stays so, and pulls nothing along', () => {
  const values = Float64Array.from([1, 1, NaN, 1, Infinity, 1]);
  const smoothed = smooth(steps(6), values, 30);
  assert.ok(Number.isNaN(smoothed[2]) && Number.isNaN(smoothed[4]));
  assert.ok([0, 1, 3, 5].every((row) => Math.abs(smoothed[row] - 1) < 1e-12));
});

test('thinning keeps the least and the greatest', () => {
  const values = Float64Array.from({ length: 100_000 }, (_, row) => Math.sin(row / 1000));
  values[34_567] = 9;
  values[76_543] = -9;
  const points = thin(steps(100_000), values, 300);
  assert.ok(points.length <= 2 * 3 * 300);
  const drawn = points.filter((_, index) => index % 2 === 1);
  assert.equal(Math.max(...drawn), 9);
  assert.equal(Math.min(...drawn), -9);
  const at = points.filter((_, index) => index % 2 === 0);
  assert.ok(at.every((step, index) => index === 0 || step >= at[index - 1]), 'in order');
});

test('gaps are told by their first and last step', () => {
  assert.deepEqual(gaps(steps(6), Float64Array.from([1, NaN, NaN, 1, 1, NaN])), [
    [0, 30],
    [40, 50],
  ]);
});

test('of a short run a report is seen, of a long one not; enough of them are', () => {
  const upTo = (last) => ({ from: 0, to: last, last });
  assert.ok(grown(upTo(100), upTo(101), 600));
  assert.ok(!grown(upTo(100_000), upTo(100_001), 600));
  assert.ok(grown(upTo(100_000), upTo(100_100), 600));
  assert.ok(grown(upTo(100_100), upTo(100_000), 600), 'the run went back');
  assert.ok(grown(upTo(100_000), { ...upTo(100_000), from: 1 }, 600), 'another window');
});

test('in a window that stays the curves grow until they leave it', () => {
  const window = (last) => ({ from: 0, to: 1000, last });
  assert.ok(grown(window(500), window(501), 600));
  assert.ok(!grown(window(5000), window(6000), 600));
});

test('what is thinned has its gaps', () => {
  const row = (value) => (value % 100 === 50 ? NaN : Math.sin(value));
  const points = thin(steps(1000), Float64Array.from({ length: 1000 }, (_, index) => row(index)), 10);
  const values = points.filter((_, index) => index % 2 === 1);
  const at = points.filter((_, index) => index % 2 === 0);
  assert.equal(values.filter(Number.isNaN).length, 10);
  assert.ok(at.every((step, index) => index === 0 || step > at[index - 1]), 'in order, each once');
});
