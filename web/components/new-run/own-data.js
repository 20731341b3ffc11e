/**
 * Data of one's own, from what was dropped: which files are sent, and the preset and settings that learn them.
 * @module
 */

/** Images of one's own are sent one by one: more are better put into a .zip. */
const MOST_FILES = 20_000;
const IMAGE = /\.(png|jpe?g|webp|bmp)$/i;
const IMAGES_PRESET = 'cifar10-dcgan';
/** As the setting data.columns takes. */
const MOST_COLUMNS = 1024;
/** Bytes of a table in which its first two lines are looked for. */
const MOST_HEAD = 1 << 17;

/**
 * @typedef {{files: {name: string, blob: Blob}[], preset: string, settings: Record<string, unknown>, words: string}} Own
 */

/** @param {Blob} picture @returns {Own} */
export function ofSketch(picture) {
  return {
    files: [{ name: 'drawing.png', blob: picture }],
    preset: 'ring',
    settings: { 'data.name': 'drawing', 'data.spread': 1.5 },
    words: 'your drawing',
  };
}

/**
 * @param {File[]} given
 * @returns {Promise<Own>}
 * @throws {Error} with what was expected
 */
export async function ofFiles(given) {
  const files = given.filter(({ name, size }) => size > 0 && !name.startsWith('.'));
  const images = files.filter(({ name }) => IMAGE.test(name));
  if (images.length > 0 && images.length === files.length) {
    if (images.length > MOST_FILES) {
      throw new Error(`Expected at most ${MOST_FILES} images, found ${images.length}: put them into a .zip and drop that.`);
    }
    const digits = String(images.length).length;
    return {
      files: images.map((blob, index) => ({ name: `${String(index).padStart(digits, '0')}${IMAGE.exec(blob.name)[0].toLowerCase()}`, blob })),
      preset: IMAGES_PRESET,
      settings: { 'data.name': 'images' },
      words: `${images.length} image${images.length === 1 ? '' : 's'}`,
    };
  }
  const [file] = files;
  if (files.length !== 1) {
    const strange = files.find(({ name }) => !IMAGE.test(name));
    throw new Error(
      files.length === 0
        ? 'Expected images, a .zip of them, a .npy or a .csv; found nothing.'
        : `Expected images alone, a .zip of them, one .npy or one .csv; found ${files.length} files, among them ${strange.name}.`,
    );
  }
  if (/\.zip$/i.test(file.name)) {
    return { files: [{ name: 'images.zip', blob: file }], preset: IMAGES_PRESET, settings: { 'data.name': 'images' }, words: file.name };
  }
  if (/\.npy$/i.test(file.name)) {
    return ofArray(file, shapeOf(await file.slice(0, 4096).arrayBuffer()));
  }
  if (/\.csv$/i.test(file.name)) {
    return ofTable(file, await file.slice(0, MOST_HEAD).text());
  }
  throw new Error(`Expected images, a .zip of them, a .npy or a .csv; found ${file.name}.`);
}

/** Networks that learn so many numbers. */
const ofColumns = (count) => (count === 1 ? 'gaussian' : 'ring');

/** The columns that are named and have a number in the first row. */
function ofTable(file, head) {
  const [names = [], first = []] = head
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 2)
    .map((line) => (line.match(/("([^"]|"")*"|[^,])*(,|$)/g) ?? []).map((cell) => cell.replace(/,$/, '').trim().replace(/^"(.*)"$/, '$1')));
  const columns = names.filter((name, index) => name !== '' && !/[,"]/.test(name) && (first[index] ?? '') !== '' && Number.isFinite(Number(first[index])));
  if (columns.length === 0) {
    throw new Error(`Expected a table with the columns' names in its first line and numbers below, found ${file.name} without.`);
  }
  return {
    files: [{ name: 'table.csv', blob: file }],
    preset: ofColumns(columns.length),
    settings: { 'data.name': 'table', 'data.columns': columns.join(', ') },
    words: `${file.name}, ${columns.length} column${columns.length === 1 ? '' : 's'} of numbers`,
  };
}

function ofArray(file, shape) {
  const files = [{ name: 'array.npy', blob: file }];
  const words = `${file.name}, ${shape.join('×')}`;
  const columns = shape[1] ?? 1;
  if (shape.length <= 2 && columns >= 1 && columns <= MOST_COLUMNS) {
    const named = columns <= 2 ? ['0', '0, 1'][columns - 1] : `0-${columns - 1}`;
    return { files, preset: ofColumns(columns), settings: { 'data.name': 'array', 'data.columns': named }, words };
  }
  if (shape.length === 3 || (shape.length === 4 && [1, 3].includes(shape[3]))) {
    return { files, preset: IMAGES_PRESET, settings: { 'data.name': 'array', 'data.channels': shape[3] ?? 1 }, words };
  }
  throw new Error(`Expected points [n, columns] of at most ${MOST_COLUMNS} columns, or images [n, height, width] or [n, height, width, 1 or 3]; found ${words}.`);
}

/**
 * What shape the array of a .npy file has.
 * @param {ArrayBuffer} head the file's first bytes
 * @returns {number[]}
 * @throws {Error} if it is no such file
 */
export function shapeOf(head) {
  const bytes = new Uint8Array(head);
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  const view = new DataView(head);
  if (magic !== '\x93NUMPY' || head.byteLength < 12) {
    throw new Error('Expected a NumPy array, found a file that does not begin like one.');
  }
  const [start, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  const shape = /'shape': \(([\d, ]*)\)/.exec(header);
  if (!shape) {
    throw new Error('Expected a NumPy array, found one without a shape.');
  }
  return shape[1]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
}

/** All files of what was dropped, folders and theirs among them. @param {DataTransferItemList} items @returns {Promise<File[]>} */
export async function filesOf(items) {
  const files = [];
  const take = async (entry) => {
    if (entry.isFile) {
      files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
      return;
    }
    const reader = entry.createReader();
    let part;
    do {
      part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
      for (const inner of part) {
        await take(inner);
      }
    } while (part.length > 0 && files.length <= MOST_FILES);
  };
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  for (const entry of entries) {
    await take(entry);
  }
  return files;
}
