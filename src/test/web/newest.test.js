import assert from 'node:assert/strict';
import test from 'node:test';
import { Newest } from '../../../web/components/latent-explorer/newest.js';

test('one question at a time, and of those that wait the newest alone', async () => {
  const newest = new Newest();
  const asked = [];
  let answer;
  const first = newest.ask(() => new Promise((resolve) => {
    asked.push(1);
    answer = resolve;
  }));
  [2, 3, 4].forEach((number) => newest.ask(async () => asked.push(number)));
  answer();
  await first;
  assert.deepEqual(asked, [1, 4]);
});

test('a question that fails does not stop the next', async () => {
  const newest = new Newest();
  await newest.ask(() => Promise.reject(new Error('refused')));
  let reached = false;
  await newest.ask(async () => {
    reached = true;
  });
  assert.ok(reached);
});
