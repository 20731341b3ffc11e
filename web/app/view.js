/**
 * How a person looks at the run: what belongs in the address, so that a reload or a shared link shows the same, and the
 * crosshair, which does not.
 * @module
 */

/** Events: `change` (how curves are shown), `hover`, `moment`, `explore`, `with`. */
export class View extends EventTarget {
  /** 0 … 100 */
  smoothing = 30;
  /** Charts with a logarithmic axis; null as long as each has its own. @type {Set<string>|null} */
  log = null;
  tab = 'gradient';
  /** What the horizontal axis says. */
  ruler = 'step';
  /** Whether what is far out is cut off. */
  clipped = false;
  /** What is drawn of the duel. @type {Set<string>} */
  layers = new Set(['field', 'push', 'best']);
  /** Which two columns of points are seen, across and up. @type {[number, number]} */
  axes = [0, 1];
  /** Steps shown; `to` null means "up to now", the whole null means everything. @type {{from: number, to: number|null}|null} */
  zoom = null;
  /** The step under the crosshair of all charts, or null. */
  hover = null;
  /** The step that the page shows; null is now. */
  moment = null;
  /** The two latents that are explored. @type {[number, number]|null} */
  latents = null;
  /** Names of the runs that are drawn over this one. @type {string[]} */
  with = [];

  #timer = 0;
  #layered = false;

  constructor() {
    super();
    this.#read();
    addEventListener('hashchange', () => {
      this.#read();
      this.dispatchEvent(new Event('change'));
      this.dispatchEvent(new Event('moment'));
      this.dispatchEvent(new Event('explore'));
      this.dispatchEvent(new Event('with'));
    });
  }

  /** @param {Partial<Pick<View, 'smoothing'|'log'|'tab'|'zoom'|'ruler'|'clipped'|'axes'>>} changes */
  change(changes) {
    Object.assign(this, changes);
    this.dispatchEvent(new Event('change'));
    this.#write();
  }

  #write() {
    // Browsers refuse more than a hundred of these in half a minute, and a zoom by wheel makes that many.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => history.replaceState(null, '', `#${this.#written()}`), 250);
  }

  /** Whether a chart's vertical axis is logarithmic. @param {import('../components/line-chart/plot.js').Chart} chart */
  logarithmic({ name, axis }) {
    return axis === 'logarithmic' ? (this.log?.has(name) ?? true) : axis === 'either' && Boolean(this.log?.has(name));
  }

  /** @param {import('../components/line-chart/plot.js').Chart[]} charts all there are */
  toggleLog(chart, charts) {
    const log = new Set(charts.filter((other) => this.logarithmic(other)).map(({ name }) => name));
    if (!log.delete(chart.name)) {
      log.add(chart.name);
    }
    this.change({ log });
  }

  toggleLayer(layer) {
    this.layers = new Set(this.layers);
    if (!this.layers.delete(layer)) {
      this.layers.add(layer);
    }
    this.#layered = true;
    this.change({});
  }

  /** Which two of so many columns are seen. @param {number} columns @returns {[number, number]} */
  axesOf(columns) {
    return this.axes.every((axis) => axis < columns) ? this.axes : [0, 1];
  }

  hoverAt(step) {
    if (this.hover !== step) {
      this.hover = step;
      this.dispatchEvent(new Event('hover'));
    }
  }

  momentAt(step) {
    if (this.moment !== step) {
      this.moment = step;
      this.dispatchEvent(new Event('moment'));
      this.#write();
    }
  }

  /** @param {[number, number]|null} latents */
  explore(latents) {
    this.latents = latents;
    this.dispatchEvent(new Event('explore'));
    this.#write();
  }

  /** @param {string[]} names of the runs to be drawn over this one */
  over(names) {
    this.with = names;
    this.dispatchEvent(new Event('with'));
    this.#write();
  }

  #written() {
    const parts = { smooth: this.smoothing, tab: this.tab };
    if (this.ruler !== 'step') {
      parts.by = this.ruler;
    }
    if (this.clipped) {
      parts.clip = 1;
    }
    if (this.log) {
      parts.log = [...this.log].join(',') || 'none';
    }
    if (this.#layered) {
      parts.layers = [...this.layers].join(',') || 'none';
    }
    if (String(this.axes) !== '0,1') {
      parts.axes = this.axes.join('-');
    }
    if (this.zoom) {
      parts.zoom = `${Math.round(this.zoom.from)}-${this.zoom.to === null ? 'now' : Math.round(this.zoom.to)}`;
    }
    if (this.with.length > 0) {
      parts.with = this.with.map(encodeURIComponent).join(',');
    }
    if (this.latents) {
      parts.latents = this.latents.join('-');
    }
    if (this.moment !== null) {
      parts.at = this.moment;
    }
    return Object.entries(parts)
      .map(([key, value]) => `${key}=${value}`)
      .join('&');
  }

  #read() {
    const parts = new URLSearchParams(location.hash.slice(1));
    const smoothing = Number(parts.get('smooth') ?? this.smoothing);
    this.smoothing = Number.isFinite(smoothing) ? Math.min(100, Math.max(0, smoothing)) : this.smoothing;
    this.log = parts.has('log')
      ? new Set(
          parts
            .get('log')
            .split(',')
            .filter((name) => name !== 'none'),
        )
      : null;
    if (parts.has('layers')) {
      this.#layered = true;
      this.layers = new Set(parts.get('layers').split(','));
    }
    const axes = /^(\d+)-(\d+)$/.exec(parts.get('axes') ?? '');
    this.axes = axes ? [Number(axes[1]), Number(axes[2])] : [0, 1];
    this.ruler = parts.get('by') ?? 'step';
    this.clipped = parts.has('clip');
    this.tab = parts.get('tab') ?? this.tab;
    this.moment = /^\d+$/.test(parts.get('at') ?? '') ? Number(parts.get('at')) : null;
    this.with = (parts.get('with') ?? '').split(',').filter(Boolean);
    const latents = /^(\d+)-(\d+)$/.exec(parts.get('latents') ?? '');
    this.latents = latents && [Number(latents[1]), Number(latents[2])];
    const zoom = /^(\d+)-(\d+|now)$/.exec(parts.get('zoom') ?? '');
    this.zoom = zoom ? { from: Number(zoom[1]), to: zoom[2] === 'now' ? null : Number(zoom[2]) } : null;
  }
}
