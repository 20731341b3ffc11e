/**
 * Writes animated GIFs (GIF89a, W3C): a palette for each frame, pixels by LZW.
 * @module
 */

const MOST_COLOURS = 256;
const MOST_CODES = 4096;

export class GifWriter {
  #bytes = [];

  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.#text('GIF89a');
    this.#short(width);
    this.#short(height);
    this.#bytes.push(0x70, 0, 0); // no palette for all
    this.#bytes.push(0x21, 0xff, 11);
    this.#text('NETSCAPE2.0');
    this.#bytes.push(3, 1, 0, 0, 0); // again and again
  }

  /** @param {Uint8ClampedArray} rgba of all pixels @param {number} millis how long it is shown */
  frame(rgba, millis) {
    const { palette, indices } = quantise(rgba);
    this.#bytes.push(0x21, 0xf9, 4, 0);
    this.#short(Math.round(millis / 10));
    this.#bytes.push(0, 0);
    this.#bytes.push(0x2c, 0, 0, 0, 0);
    this.#short(this.width);
    this.#short(this.height);
    const bits = Math.max(2, Math.ceil(Math.log2(palette.length)));
    this.#bytes.push(0x80 | (bits - 1));
    for (let colour = 0; colour < 1 << bits; colour++) {
      const [red, green, blue] = palette[colour] ?? [0, 0, 0];
      this.#bytes.push(red, green, blue);
    }
    this.#lzw(indices, bits);
  }

  /** @returns {Blob} */
  end() {
    this.#bytes.push(0x3b);
    return new Blob([Uint8Array.from(this.#bytes)], { type: 'image/gif' });
  }

  #text(text) {
    for (const letter of text) {
      this.#bytes.push(letter.charCodeAt(0));
    }
  }

  #short(value) {
    this.#bytes.push(value & 0xff, value >> 8);
  }

  #lzw(indices, bits) {
    const clear = 1 << bits;
    this.#bytes.push(bits);
    let block = [];
    let buffer = 0;
    let held = 0;
    const flush = () => {
      this.#bytes.push(block.length, ...block);
      block = [];
    };
    let size = bits + 1;
    const write = (code) => {
      buffer |= code << held;
      held += size;
      while (held >= 8) {
        block.push(buffer & 0xff);
        buffer >>= 8;
        held -= 8;
        if (block.length === 255) {
          flush();
        }
      }
    };
    let codes = new Map();
    let next = clear + 2;
    write(clear);
    let prefix = indices[0];
    for (let at = 1; at < indices.length; at++) {
      const key = (prefix << 8) | indices[at];
      const known = codes.get(key);
      if (known !== undefined) {
        prefix = known;
        continue;
      }
      write(prefix);
      if (next < MOST_CODES) {
        codes.set(key, next++);
        if (next > 1 << size && size < 12) {
          size++;
        }
      } else {
        write(clear);
        codes = new Map();
        next = clear + 2;
        size = bits + 1;
      }
      prefix = indices[at];
    }
    write(prefix);
    write(clear + 1);
    if (held > 0) {
      block.push(buffer & 0xff);
    }
    if (block.length > 0) {
      flush();
    }
    this.#bytes.push(0);
  }
}

/** The colours that occur most, each pixel as the nearest of them; five bits a channel are enough to tell colours apart. */
function quantise(rgba) {
  const counts = new Map();
  const keys = new Uint16Array(rgba.length / 4);
  for (let pixel = 0; pixel < keys.length; pixel++) {
    const at = 4 * pixel;
    const key = ((rgba[at] >> 3) << 10) | ((rgba[at + 1] >> 3) << 5) | (rgba[at + 2] >> 3);
    keys[pixel] = key;
    const sums = counts.get(key);
    if (sums) {
      sums[0]++;
      sums[1] += rgba[at];
      sums[2] += rgba[at + 1];
      sums[3] += rgba[at + 2];
    } else {
      counts.set(key, [1, rgba[at], rgba[at + 1], rgba[at + 2]]);
    }
  }
  const common = [...counts].sort((a, b) => b[1][0] - a[1][0]);
  const palette = common.slice(0, MOST_COLOURS).map(([, [count, ...sums]]) => sums.map((sum) => Math.round(sum / count)));
  const places = new Map(common.map(([key, [count, ...sums]], place) => [key, place < MOST_COLOURS ? place : nearest(palette, sums, count)]));
  return { palette, indices: Uint8Array.from(keys, (key) => places.get(key)) };
}

function nearest(palette, sums, count) {
  let best = 0;
  let least = Infinity;
  palette.forEach((colour, place) => {
    const distance = colour.reduce((sum, value, channel) => sum + (value - sums[channel] / count) ** 2, 0);
    if (distance < least) {
      least = distance;
      best = place;
    }
  });
  return best;
}
