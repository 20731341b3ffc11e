/**
 * What pointer and keys do on a chart.
 * @module
 */

/** Pixels below which a drag was meant as a click. */
const CLICK = 4;
/** Milliseconds after the page was scrolled in which the wheel goes on scrolling it: a chart that drifts under it must not catch it. */
const SCROLLING = 400;
/** Fewest steps that can be zoomed to. */
const CLOSEST = 10;

let scrolled = -Infinity;
addEventListener(
  'scroll',
  () => {
    scrolled = performance.now();
  },
  { passive: true },
);

export class Pointer {
  #overlay;
  #chart;
  #run;
  #view;
  #from = null;

  constructor(overlay, chart, run, view) {
    this.#overlay = overlay;
    this.#chart = chart;
    this.#run = run;
    this.#view = view;
    overlay.addEventListener('pointerdown', (event) => this.#down(event));
    overlay.addEventListener('pointermove', (event) => this.#move(event));
    overlay.addEventListener('pointerup', (event) => this.#up(event));
    overlay.addEventListener('pointercancel', () => this.#cancel());
    // A finger that is lifted leaves what it pointed at to be read.
    overlay.addEventListener('pointerleave', (event) => event.pointerType === 'touch' || view.hoverAt(null));
    overlay.addEventListener('dblclick', () => view.change({ zoom: null }));
    overlay.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    overlay.addEventListener('keydown', (event) => this.#key(event));
    overlay.addEventListener('blur', () => view.hoverAt(null));
  }

  #x(event) {
    return event.clientX - this.#overlay.getBoundingClientRect().left;
  }

  #down(event) {
    if (event.pointerType === 'touch') {
      this.#view.hoverAt(this.#chart.stepAt(this.#x(event)));
    } else if (event.button === 0) {
      this.#from = this.#x(event);
      this.#overlay.setPointerCapture(event.pointerId);
    }
  }

  #move(event) {
    const x = this.#x(event);
    this.#view.hoverAt(this.#chart.stepAt(x));
    if (this.#from !== null) {
      const { selection } = this.#chart;
      selection.hidden = Math.abs(x - this.#from) < CLICK;
      selection.style.left = `${Math.min(x, this.#from)}px`;
      selection.style.width = `${Math.abs(x - this.#from)}px`;
    }
  }

  #up(event) {
    const x = this.#x(event);
    const from = this.#from;
    this.#cancel();
    if (from === null) {
      return;
    }
    if (Math.abs(x - from) < CLICK) {
      const row = this.#run.history.nearest(this.#chart.stepAt(x));
      if (event.detail < 2 && row >= 0) {
        this.#view.momentAt(this.#run.history.column('step')[row]);
      }
    } else {
      this.#zoom(this.#chart.stepAt(Math.min(x, from)), this.#chart.stepAt(Math.max(x, from)));
    }
  }

  #cancel() {
    this.#from = null;
    this.#chart.selection.hidden = true;
  }

  #wheel(event) {
    const outwards = event.deltaY > 0;
    if (performance.now() - scrolled < SCROLLING || (outwards && !this.#view.zoom) || event.deltaY === 0) {
      return; // The page scrolls.
    }
    event.preventDefault();
    this.#scale(Math.exp(Math.min(1, Math.max(-1, event.deltaY / 400))), this.#chart.stepAt(this.#x(event)));
  }

  /** Zooms about a step, which stays where it is. */
  #scale(factor, about) {
    const { from, to } = this.#chart.span;
    this.#zoom(about - (about - from) * factor, about + (to - about) * factor);
  }

  #zoom(from, to) {
    const last = this.#run.history.lastStep;
    const start = Math.max(0, Math.round(from));
    const end = Math.round(to);
    if (start === 0 && end >= last) {
      this.#view.change({ zoom: null });
    } else if (end - start >= CLOSEST) {
      // A window that reaches the newest step follows it.
      this.#view.change({ zoom: { from: start, to: end >= last ? null : end } });
    }
  }

  #key(event) {
    const { history } = this.#run;
    const row = history.nearest(this.#view.hover ?? history.lastStep);
    const jump = event.shiftKey ? Math.max(1, Math.round(history.length / 50)) : 1;
    const moves = { ArrowLeft: row - jump, ArrowRight: row + jump, Home: 0, End: history.length - 1 };
    if (row < 0 || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key in moves) {
      this.#view.hoverAt(history.column('step')[Math.min(history.length - 1, Math.max(0, moves[event.key]))]);
    } else if (event.key === '+' || event.key === '-') {
      this.#scale(event.key === '+' ? 0.7 : 1 / 0.7, history.column('step')[row]);
    } else if (event.key === '0') {
      this.#view.change({ zoom: null });
    } else if (event.key === 'Escape') {
      this.#view.hoverAt(null);
    } else if (event.key === 'Enter') {
      this.#view.momentAt(history.column('step')[row]);
    } else {
      return;
    }
    event.preventDefault();
  }
}
