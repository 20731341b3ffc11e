/**
 * The trainer's REST interface.
 * @module
 */
import { unpack } from './packed.js';

/** Where the trainer serves this page, which may be below a path of a reverse proxy. */
export const base = new URL('../', import.meta.url);

/** An answer that is not 2xx; the message is the server's own words. */
class ApiError extends Error {
  /** @param {number} status HTTP status, 0 if there was no answer at all */
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** True if the server wants a token, or does not serve this address. */
  get denied() {
    return this.status === 401 || this.status === 403;
  }
}

/** The server speaks to programs too; whoever looks at the page does not need the names of requests. */
function plain(text) {
  const clauses = text.split('; ').filter((clause) => !/(GET|POST|PATCH) \/api/.test(clause));
  const kept = clauses.length > 0 ? clauses.join('; ') : text;
  const begin = /^\S+:/.test(kept) ? kept : kept.charAt(0).toUpperCase() + kept.slice(1); // the name of a setting stays as it is
  return begin + (/[.!?…]$/.test(kept) ? '' : '.');
}

async function ask(method, path, body) {
  let response;
  try {
    response = await fetch(new URL(path, base), {
      method,
      headers: body === undefined ? {} : { 'content-type': body instanceof Blob ? 'application/octet-stream' : 'application/json' },
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, 'The trainer does not answer.');
  }
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    throw new ApiError(response.status, plain(answer.error ?? `The trainer answered ${response.status} ${response.statusText}`.trim()));
  }
  return response;
}

const table = async (path) => unpack(await (await ask('GET', path)).arrayBuffer());
const json = async (...request) => (await ask(...request)).json();

export const api = {
  run: () => json('GET', 'api/run'),
  /** @param {'stop'|'resume'|'step'|'checkpoint'} command */
  command: (command, body = {}) => json('POST', `api/run/${command}`, body),
  settings: (changes) => json('PATCH', 'api/run/settings', changes),
  /** Reports of all there was when the page was opened: `index.html` asks for them before any script is there. */
  opening: () => table('api/history?as=table'),
  /** Reports after a step. @returns {Promise<import('./history.js').Table>} */
  history: (since, limit) => table(`api/history?since=${since}&limit=${limit}&as=table`),
  /** Reports after a step up to another. @returns {Promise<import('./history.js').Table>} */
  window: (since, until, limit) => table(`api/history?since=${Math.max(-1, since)}&until=${until}&limit=${limit}&as=table`),
  /** Goes to a step again; {@link api.visited} says how far it is. */
  visit: (journey) => json('POST', 'api/visit', journey),
  visited: () => json('GET', 'api/visit'),
  /** What the turns of a visit that was asked since when would have reported. */
  visitedReports: () => json('GET', 'api/visit/reports'),
  endVisit: () => json('DELETE', 'api/visit'),
  /** @param {'png'|'f32'} format @returns {Promise<ArrayBuffer>} */
  visitedPicture: async (step, format) => (await ask('GET', `api/visit/${step}.${format}`)).arrayBuffer(),
  fork: (step, name, settings) => json('POST', 'api/fork', { step, name, settings }),
  /** What there is to explore. */
  latents: () => json('GET', 'api/latents'),
  /** Samples of latents of one's choice. @returns {Promise<{step: number, payload: ArrayBuffer}>} a PNG, or points as float32 */
  explore: async (of) => {
    const response = await ask('POST', 'api/explore', of);
    return { step: Number(response.headers.get('vertigan-step')), payload: await response.arrayBuffer() };
  },
  nearest: (of) => json('POST', 'api/explore/nearest', of),
  /** Reports of another run. @returns {Promise<import('./history.js').Table>} */
  runHistory: (name, limit) => table(`api/runs/${encodeURIComponent(name)}/history?limit=${limit}&as=table`),
  runSamples: async (name) => (await json('GET', `api/runs/${encodeURIComponent(name)}/samples`)).steps,
  /** @param {'png'|'f32'} format @returns {Promise<ArrayBuffer>} */
  runSample: async (name, step, format) => (await ask('GET', `api/runs/${encodeURIComponent(name)}/samples/${step}.${format}`)).arrayBuffer(),
  checkpoints: async (name) => (await json('GET', `api/runs/${encodeURIComponent(name)}/checkpoints`)).steps,
  /** The address of a checkpoint. */
  checkpoint: (name, step) => new URL(`api/runs/${encodeURIComponent(name)}/checkpoints/${step}.safetensors`, base).href,
  notes: (name, tags, note) => json('PUT', `api/runs/${encodeURIComponent(name)}/notes`, { tags, note }),
  rename: (name, to) => json('POST', `api/runs/${encodeURIComponent(name)}/rename`, { to }),
  deleteRun: (name) => json('DELETE', `api/runs/${encodeURIComponent(name)}`),
  play: (name) => json('POST', `api/runs/${encodeURIComponent(name)}/play`, {}),
  presets: async () => (await json('GET', 'api/presets')).presets,
  /** Makes a run; {@link api.play} plays it. */
  begin: (name, preset, settings, data) => json('POST', 'api/runs', data ? { name, preset, settings, data } : { name, preset, settings }),
  /** Sends a file of a set of data of one's own. @param {Blob} blob */
  upload: async (set, file, blob) => (await ask('PUT', `api/uploads/${set}/${file}`, blob)).json(),
  runs: async () => (await json('GET', 'api/runs')).runs,
  /** What was done to the run, oldest first. @returns {Promise<import('./events.js').Entry[]>} */
  journal: async () => (await json('GET', 'api/journal')).entries,
  /** Steps with saved samples, ascending. */
  samples: async () => (await json('GET', 'api/samples')).steps,
  /** @returns {Promise<ArrayBuffer>} a scene of the duel, as a binary frame has it */
  scene: async (step) => (await ask('GET', `api/scenes/${step}`)).arrayBuffer(),
  /** @param {'png'|'f32'} format @returns {Promise<ArrayBuffer>} as the payload of a {@link import('./connection.js').Picture} */
  sample: async (step, format) => (await ask('GET', `api/samples/${step}.${format}`)).arrayBuffer(),
};
