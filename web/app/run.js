/**
 * The run as this page knows it: what it is, how it stands, its history and its newest pictures.
 * @module
 */
import { api } from './api.js';
import { Connection } from './connection.js';
import { edits } from './events.js';
import { paced } from './frames.js';
import { History } from './history.js';
import { read } from './scene.js';

/** Rows asked for at once; the server thins evenly to that many, of itself too. */
const HISTORY_LIMIT = 4000;
/** In how many pieces the rest is fetched, and how many rows a piece may have. */
const PIECES = 16;
const PIECE_LIMIT = 40_000;

/**
 * Events: `info`, `status`, `reports`, `edits`, `picture` (detail: the picture),
 * `scene`, `connection`; `tempo`, `exchanges`, `pulse` (detail: as the trainer sends them), `light` (detail: the message shown, or null).
 */
export class Run extends EventTarget {
  /**
   * The charts and the settings there are, once the trainer has said so.
   * @type {Promise<{charts: import('../components/line-chart/plot.js').Chart[], settings: object[]}>}
   */
  catalogue;
  /** Once its history is known, or could not be read. @type {Promise<void>} */
  opened;
  info = null;
  status = null;
  history = new History();
  /** @type {{fake: import('./connection.js').Picture|null, real: import('./connection.js').Picture|null}} */
  pictures = { fake: null, real: null };
  /** The newest of the duel. @type {import('./scene.js').Scene|null} */
  scene = null;
  connection = new Connection();
  /** The runs drawn over this one. @type {import('./others.js').Others} */
  others;
  /** The steps that the charts are zoomed to. @type {import('./zoomed.js').Zoomed} */
  zoomed;
  /** @type {import('./saved-samples.js').SavedSamples} */
  saved;
  /** Those that led to the present. @type {import('./events.js').Edit[]} */
  edits = [];

  /** Reports that came while a gap was being filled, in order; null when none is. */
  #queue = null;
  #protocol;
  #known = '';
  #journalled = '';
  #tellCatalogue;
  #tellOpened;
  /** The history as it was when the page was opened, asked for before anything else; null once it is used. */
  #early = api.opening().catch(() => null);

  constructor() {
    super();
    this.catalogue = new Promise((resolve) => {
      this.#tellCatalogue = resolve;
    });
    this.opened = new Promise((resolve) => {
      this.#tellOpened = resolve;
    });
    this.connection.addEventListener('state', () => this.#tell('connection'));
    this.connection.addEventListener('message', ({ detail }) => this.#message(detail));
    this.connection.addEventListener('scene', ({ detail }) => {
      this.scene = read(detail);
      this.#tell('scene');
    });
    this.connection.addEventListener('picture', ({ detail }) => this.#picture(detail));
  }

  get connected() {
    return this.connection.state === 'open';
  }

  /** STARTING … FAILED as the server says, or DISCONNECTED. */
  get state() {
    return this.connected && this.status ? this.status.state : 'DISCONNECTED';
  }

  /** @throws {import('./api.js').ApiError} with the server's words */
  async command(command, body) {
    this.#setStatus(await api.command(command, body));
  }

  /** @throws {import('./api.js').ApiError} with the server's words */
  async change(settings) {
    this.#setStatus(await api.settings(settings));
  }

  #message(message) {
    switch (message.type) {
      case 'hello':
        this.#hello(message);
        break;
      case 'status':
        // Resumed after a failure, the run is back at its checkpoint. (Only here: answers to commands may overtake reports.)
        if (message.status.step < this.history.lastStep) {
          this.history.truncate(message.status.step);
          this.#tell('reports');
        }
        this.#setStatus(message.status);
        break;
      case 'reports':
        this.#reports(message);
        break;
      default: // `tempo`, `exchanges`, `pulse`
        this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    }
  }

  /** Has the board show a message of a turn; null for none. */
  light(exchange) {
    this.dispatchEvent(new CustomEvent('light', { detail: exchange }));
  }

  #hello({ protocol, info, catalogue, status }) {
    const declared = JSON.stringify(catalogue);
    if (this.info && this.info.name !== info.name) {
      forget(['at', 'zoom', 'latents', 'with']); // What was looked at of one run is nowhere in another.
      location.reload();
      return;
    }
    if (this.info && (protocol !== this.#protocol || declared !== this.#known)) {
      location.reload(); // Another server has come up, with another page.
      return;
    }
    this.#protocol = protocol;
    this.#known = declared;
    this.#tellCatalogue(catalogue);
    const known = this.info !== null && this.info.name === info.name && this.info.startedAt === info.startedAt;
    this.info = info;
    this.#tell('info');
    this.#setStatus(status);
    this.#fill(known && status.step >= this.history.lastStep ? this.history.lastStep : -1);
  }

  #setStatus(status) {
    // An answer to a command is a status too; anything else (an older server's empty body) is not.
    if (status?.state) {
      this.status = status;
      this.#tell('status');
      this.#lookAtJournal();
    }
  }

  /** The journal grows only when the state or a setting changes. */
  async #lookAtJournal() {
    const known = JSON.stringify([this.info?.startedAt, this.status.state, this.status.settings]);
    if (known !== this.#journalled && this.info) {
      this.#journalled = known;
      const entries = await api.journal().catch(() => null);
      if (entries) {
        this.edits = edits(entries, this.info.begun ?? {});
        this.#tell('edits');
      } else {
        this.#journalled = '';
      }
    }
  }

  #reports(message) {
    if (this.#queue) {
      this.#queue.push(message);
    } else if (message.after > this.history.lastStep) {
      this.#fill(this.history.lastStep, [message]);
    } else {
      this.#append(message);
    }
  }

  /** Fetches what happened after step `since` (-1: everything, in place of what is known), then adds what came meanwhile. */
  async #fill(since, queue = []) {
    this.#queue = queue;
    const early = since < 0 ? this.#early : null;
    this.#early = null;
    // If it fails the curves keep a gap; the connection's own state tells that the server is away.
    const table = await (early ?? api.history(since, HISTORY_LIMIT).catch(() => null));
    if (this.#queue !== queue) {
      return; // A newer connection fills the gap itself.
    }
    if (table) {
      if (since < 0) {
        this.history.clear();
      }
      this.history.add(table);
    }
    if (early && this.history.length > 0) {
      this.#tell('reports');
      this.#tellOpened();
      this.#fill(this.history.lastStep, queue); // what was reported before the connection was open
      this.#complete();
      return;
    }
    this.#queue = null;
    const last = this.history.lastStep;
    for (const { columns, rows } of queue) {
      const step = columns.indexOf('step');
      this.history.append(
        columns,
        rows.filter((row) => row[step] > last),
      );
    }
    this.#tell('reports');
    this.#tellOpened();
    if (since < 0) {
      this.#complete();
    }
  }

  /** Fetches all that the first answer had only some of, in a history that takes the place of the one shown when it is whole. */
  async #complete() {
    const { history } = this;
    if (history.length < HISTORY_LIMIT / 2) {
      return; // It had all.
    }
    await new Promise((resolve) => paced(resolve)()); // First what is known is drawn.
    const last = history.lastStep;
    const whole = new History();
    for (let piece = 0; piece < PIECES; piece++) {
      const to = Math.floor(((piece + 1) * last) / PIECES);
      const table = await api.window(whole.length === 0 ? -1 : Math.floor((piece * last) / PIECES), to, PIECE_LIMIT).catch(() => null);
      if (!table || this.history !== history || history.lastStep < last) {
        return; // The trainer is away, or the run went back: what is shown is true, if coarse.
      }
      whole.add(table);
    }
    const { columns, rows } = history.after(whole.lastStep);
    whole.append(columns, rows);
    this.history = whole;
    this.#tell('reports');
  }

  /** Tells all that is known, for those that have only begun to listen. */
  tellAgain() {
    ['info', 'connection', 'status', 'reports', 'edits'].forEach((event) => this.#tell(event));
    this.scene && this.#tell('scene');
    [this.pictures.real, this.pictures.fake].filter(Boolean).forEach((picture) => this.#picture(picture));
  }

  #append({ columns, rows }) {
    this.history.append(columns, rows);
    this.#tell('reports');
  }

  #picture(picture) {
    this.pictures[picture.source] = picture;
    this.dispatchEvent(new CustomEvent('picture', { detail: picture }));
  }

  #tell(event) {
    this.dispatchEvent(new Event(event));
  }
}

/** Takes parts out of the address. */
function forget(parts) {
  const looks = new URLSearchParams(location.hash.slice(1));
  parts.forEach((part) => looks.delete(part));
  history.replaceState(null, '', `#${looks}`);
}
