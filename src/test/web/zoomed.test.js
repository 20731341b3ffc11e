import assert from 'node:assert/strict';
import test from 'node:test';
import { History } from '../../../web/app/history.js';

globalThis.location = { hash: '' };
const { merged } = await import('../../../web/app/zoomed.js');

test('what is measured again comes between what was known, which has what nobody measures twice', () => {
  const known = new History();
  known.append(
    ['step', 'time', 'lossD', 'modes', 'turnMillis'],
    [
      [0, 100, 1, 8, 4],
      [10, 200, 2, null, 5],
      [20, 300, 3, 7, 6],
      [30, 400, 4, 6, 7],
    ],
  );
  const rows = [
    [9, 0, 'NaN'],
    [10, 0, 2],
    [11, 0, 2.5],
  ];
  const both = merged(known, { columns: ['step', 'time', 'lossD'], rows }, 5, 20);
  assert.deepEqual([...both.column('step')], [9, 10, 11, 20], 'no more than the span');
  assert.deepEqual([...both.column('lossD')], [NaN, 2, 2.5, 3]);
  assert.deepEqual([...both.column('time')], [200, 200, 200, 300], 'of the nearest report');
  assert.deepEqual([...both.column('turnMillis')], [5, 5, 5, 6]);
  assert.deepEqual([...both.series('modes', 0, 4).steps], [20], 'not measured again');
});
