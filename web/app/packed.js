/**
 * Numbers as the trainer sends them.
 * @module
 */

/** @param {ArrayBuffer} buffer u32 little-endian length of the JSON header, the header, the payload */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  // Copied, because a Float32Array may only begin at a multiple of four.
  return { ...header, payload: buffer.slice(4 + length) };
}
