import assert from 'node:assert/strict';
import test from 'node:test';
import { ofFiles, shapeOf } from '../../../web/components/new-run/own-data.js';

/** The first bytes of a .npy file. */
function array(shape, version = 1) {
  const header = new TextEncoder().encode(`{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }\n`);
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + header.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0]);
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  bytes.set(header, start);
  return bytes;
}
const npy = (shape) => new File([array(shape)], 'x.npy');

test('the shape of an array is read from its head, of both versions', () => {
  assert.deepEqual(shapeOf(array('60000, 28, 28').buffer), [60000, 28, 28]);
  assert.deepEqual(shapeOf(array('7,', 2).buffer), [7]);
  assert.throws(() => shapeOf(new ArrayBuffer(64)), /does not begin like one/);
});

test('points and images in an array choose the networks that can learn them', async () => {
  assert.deepEqual((await ofFiles([npy('100, 2')])).settings, { 'data.name': 'array', 'data.columns': '0, 1' });
  assert.equal((await ofFiles([npy('100,')])).preset, 'gaussian');
  assert.deepEqual((await ofFiles([npy('9, 28, 28')])).settings, { 'data.name': 'array', 'data.channels': 1 });
  assert.equal((await ofFiles([npy('9, 32, 32, 3')])).settings['data.channels'], 3);
  assert.deepEqual((await ofFiles([npy('9, 5')])).settings, { 'data.name': 'array', 'data.columns': '0-4' });
  await assert.rejects(ofFiles([npy('9, 5, 2, 2')]), /Expected points .* found x.npy, 9×5×2×2/);
});

test('of a table those columns are learned that have names and numbers', async () => {
  const csv = (text) => new File([text], 'T.CSV');
  const own = await ofFiles([csv('id,"body height",weight,,"a, b"\r\nx7,1.8,"70",5,6\r\n')]);
  assert.deepEqual(own.settings, { 'data.name': 'table', 'data.columns': 'body height, weight' });
  assert.equal(own.preset, 'ring');
  assert.deepEqual(own.files.map(({ name }) => name), ['table.csv']);
  await assert.rejects(ofFiles([csv('a,b\nx,y\n')]), /Expected a table with the columns' names/);
});

test('a folder of images is sent by names that cannot clash, and hidden files are left', async () => {
  const file = (name) => new File(['x'], name);
  const own = await ofFiles([file('Ä b.PNG'), file('.DS_Store'), file('c/d.jpeg')]);
  assert.deepEqual(
    own.files.map(({ name }) => name),
    ['0.png', '1.jpeg'],
  );
  assert.equal(own.words, '2 images');
  await assert.rejects(ofFiles([file('a.png'), file('b.txt')]), /found 2 files, among them b.txt/);
  await assert.rejects(ofFiles([file('b.txt')]), /found b.txt/);
  await assert.rejects(ofFiles([]), /found nothing/);
});
