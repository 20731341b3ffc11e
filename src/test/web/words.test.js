import assert from 'node:assert/strict';
import test from 'node:test';
import { count, duration, measure, millis, several, typed } from '../../../web/app/format.js';
import { edits } from '../../../web/app/events.js';
import { verdict } from '../../../web/app/verdict.js';
import { History } from '../../../web/app/history.js';

test('numbers have the digits that matter, and what is unknown is a dash', () => {
  assert.equal(count(12400), '12,400');
  assert.equal(count(null), '–');
  assert.equal(measure(NaN), 'NaN');
  assert.equal(measure(0.69314), '0.6931');
  assert.equal(measure(2.1e-5), '2.10e-5');
  assert.deepEqual(millis(1040), ['1,040', 'ms']);
  assert.equal(several(1, 'dimension'), '1 dimension');
  assert.equal(duration(3753), '1:02:33');
});

test('settings are read as they are typed, schedules with their commas', () => {
  assert.deepEqual(typed('batch=128, generator.optimiser.rate=1e-3, linear to 1e-4 at 1M, game.objective=hinge'), {
    batch: 128,
    'generator.optimiser.rate': '1e-3, linear to 1e-4 at 1M',
    'game.objective': 'hinge',
  });
  assert.deepEqual(typed(''), {});
});

test('an edit knows what was in force before it, and a rollback takes it back', () => {
  const entry = (step, kind, details = {}) => ({ step, time: step, kind, details });
  const found = edits([entry(10, 'edit', { a: 2 }), entry(20, 'edit', { a: 3 }), entry(15, 'rollback'), entry(30, 'edit', { a: 4 })], { a: 1 });
  assert.deepEqual(
    found.map(({ step, changes }) => [step, changes[0].before, changes[0].after]),
    [
      [10, 1, 2],
      [30, 2, 4],
    ],
  );
});

test('a game in which D knows nothing yet is not called even', () => {
  const history = new History();
  history.append(['step', 'lossD'], [[10, 2 * Math.log(2)]]);
  const game = { lossD: 2 * Math.log(2), leastD: 0 };
  assert.match(verdict(game, history, 0), /^Too early/);
  history.append(['step', 'lossD'], [[20, 0.05]]);
  assert.match(verdict(game, history, -1), /^Not a turn/);
});
