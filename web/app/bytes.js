/**
 * Sizes as people read them.
 * @module
 */

/** 2,048 B, 784 kB, 3.1 MB */
export function bytes(value) {
  if (value < 10_000) {
    return `${Math.round(value).toLocaleString('en')} B`;
  }
  return value < 1e6 ? `${Math.round(value / 1e3)} kB` : value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
}
