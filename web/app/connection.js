/**
 * The WebSocket to the trainer. It comes back by itself: after 0.5 s, then twice as long each time, at most 10 s, at once when
 * the page is looked at again or the network returns.
 * @module
 */
import { api } from './api.js';
import { line } from './early.js';
import { unpack } from './packed.js';

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
  /** The newest frame that is yet to be acknowledged. @type {{socket: WebSocket, frame: number}|null} */
  #drawn = null;

  constructor() {
    super();
    addEventListener('online', () => this.retry());
    document.addEventListener('visibilitychange', () => document.hidden || this.retry());
    setInterval(() => this.#listen(), SILENCE / 4);
  }

  open() {
    this.#become('connecting');
    const { socket, events } = line();
    socket.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.#heard = Date.now();
      this.#become('open');
    };
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = () => this.#socket === socket && (this.state === 'open' ? this.#lost() : this.#refused());
    this.#socket = socket;
    events.forEach((event) => socket[`on${event.type}`](event));
  }

  /** A refused WebSocket does not tell the page why, so it asks over HTTP. */
  async #refused() {
    this.#socket = null;
    const refusal = await api.run().then(
      () => null,
      (error) => error,
    );
    if (refusal?.denied) {
      this.denial = refusal;
      this.#become('denied');
    } else {
      this.#lost();
    }
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
      this.#acknowledge(socket, detail.frame);
    }
  }

  /**
   * Tells the server that a frame is drawn, and all before it; until then it sends no others. A page that nobody sees takes its time. The answer
   * goes by the socket that the frame came by: on a newer one its number means nothing.
   */
  #acknowledge(socket, frame) {
    const asked = this.#drawn?.socket === socket;
    this.#drawn = { socket, frame };
    if (asked) {
      return;
    }
    const send = () => {
      clearTimeout(timer);
      const drawn = this.#drawn;
      if (drawn?.socket === socket) {
        this.#drawn = null;
        if (socket.readyState === WebSocket.OPEN) {
          socket.send(JSON.stringify({ type: 'ack', frame: drawn.frame }));
        }
      }
    };
    const timer = setTimeout(send, 1000);
    requestAnimationFrame(send);
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
