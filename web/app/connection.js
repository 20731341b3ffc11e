/**
 * The WebSocket to the trainer. It comes back by itself: after 0.5 s, then twice as long each time, at most 10 s, at once when
 * the page is looked at again or the network returns.
 * @module
 */
import { api, base } from './api.js';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** A connection that says nothing for this long is asked whether it lives: a network may vanish without closing anything. */
const SILENCE = 20_000;

/**
 * Events: `state` (see {@link Connection#state}), `message` (detail: parsed JSON), `picture` (detail: {@link Picture}), `scene`
 * (detail: {@link import('./scene.js').Frame}).
 *
 * @typedef {{frame: number, source: 'fake'|'real', format: 'png'|'points', step: number, count: number, width: number,
 *   height: number, payload: ArrayBuffer}} Picture
 */
export class Connection extends EventTarget {
  /** @type {'connecting'|'open'|'waiting'|'denied'} */
  state = 'connecting';
  /** When the next attempt will be made, in the milliseconds of `Date.now()`; 0 unless waiting. */
  retryAt = 0;
  /** Why access was denied. @type {import('./api.js').ApiError|null} */
  denial = null;

  #socket = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #heard = 0;

  constructor() {
    super();
    addEventListener('online', () => this.retry());
    document.addEventListener('visibilitychange', () => document.hidden || this.retry());
    setInterval(() => this.#listen(), SILENCE / 4);
  }

  /** Opens it. Asks over HTTP first, since a refused WebSocket does not tell the page why. */
  async open() {
    this.#become('connecting');
    try {
      await api.run();
    } catch (error) {
      if (error.denied) {
        this.denial = error;
        this.#become('denied');
      } else {
        this.#lost();
      }
      return;
    }
    const address = new URL('live', base);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.#heard = Date.now();
      this.#become('open');
    };
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = () => this.#socket === socket && this.#lost();
    this.#socket = socket;
  }

  /** Tries at once, if it was waiting to. */
  retry() {
    if (this.state === 'waiting') {
      clearTimeout(this.#timer);
      this.open();
    }
  }

  #receive(socket, data) {
    this.#heard = Date.now();
    const detail = typeof data === 'string' ? JSON.parse(data) : unpack(data);
    const type = typeof data === 'string' ? 'message' : detail.arrays ? 'scene' : 'picture';
    this.dispatchEvent(new CustomEvent(type, { detail }));
    if (detail.frame !== undefined) {
      acknowledge(socket, detail.frame);
    }
  }

  #lost() {
    this.#socket = null;
    // A little chance in it keeps fifty browsers from knocking at the same moment.
    const wait = this.#wait * (0.8 + 0.4 * Math.random());
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
    this.retryAt = Date.now() + wait;
    this.#timer = setTimeout(() => this.open(), wait);
    this.#become('waiting');
  }

  async #listen() {
    const socket = this.#socket;
    if (this.state !== 'open' || Date.now() - this.#heard < SILENCE) {
      return;
    }
    this.#heard = Date.now();
    try {
      await api.run();
    } catch {
      socket.close();
      if (this.#socket === socket) {
        this.#lost();
      }
    }
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}

/**
 * Tells the server that a frame is drawn; until then it sends no other of that kind. A page that nobody sees takes its time. The
 * answer goes by the socket that the frame came by: on a newer one its number means nothing.
 */
function acknowledge(socket, frame) {
  const send = () => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ type: 'ack', frame }));
  if (document.hidden) {
    setTimeout(send, 1000);
  } else {
    requestAnimationFrame(send);
  }
}

/** @returns {Picture|import('./scene.js').Frame} u32 little-endian length of the JSON header, the header, the payload */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  // Copied, because a Float32Array may only begin at a multiple of four.
  return { ...header, payload: buffer.slice(4 + length) };
}
