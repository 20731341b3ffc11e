/**
 * One chart of the run's history. Its head is legend and read-out in one: the newest values, or those under the crosshair, which
 * all charts share. Drag to zoom, wheel to zoom, double-click for everything; a click looks at the samples of that moment.
 * @module
 */
import { darkTheme, element, setText } from '../../app/dom.js';
import { words } from '../../app/events.js';
import { count, measure } from '../../app/format.js';
import { shown } from '../../app/moment.js';
import { paced } from '../../app/frames.js';
import { grown } from './curves.js';
import { MARGIN, Plot } from './plot.js';
import { ruled } from './ruler.js';
import { ValueTable } from './value-table.js';
import { Pointer } from './pointer.js';

/** The slider's 100 averages over this share of the steps shown. */
const MOST_SMOOTHING = 0.05;
/** Curves that are there from the first turn: of the players. */
const PLAYERS = 2;
/** Edits marked at most, the newest. */
const MOST_MARKS = 100;
/** Pixels from the crosshair within which an edit is told. */
const NEAR = 6;
/** Milliseconds after which curves are drawn again however little they have grown. */
const LATEST = 1000;
/** Pixels outside the window from which on a chart is drawn: it may be scrolled to. */
const BESIDE = 100;

class LineChart extends HTMLElement {
  #run;
  #view;
  #charts;
  #chart;
  #plot;
  #logButton;
  #values = new Map();
  #entries = new Map();
  #dots = new Map();
  #marked = '';
  #draw = paced(() => this.#drawNow());
  #drawn = null; // how far the curves go; null if they are to be drawn anew
  #timer = 0;
  #wide = null; // whether it takes any room, as in a tab that is shown; null if not known yet
  #near = true; // whether it is in the window
  #plotted = Plot.maker();
  #makePlot = null;

  async show(run, view) {
    this.#run = run;
    this.#view = view;
    this.#charts = (await run.catalogue).charts;
    this.#build(this.#charts.find(({ name }) => name === this.getAttribute('chart')));
    new Pointer(this.overlay, this, run, view);
    run.addEventListener('reports', this.#draw);
    view.addEventListener('change', () => this.#redraw());
    view.addEventListener('hover', () => this.#readOut());
    view.addEventListener('moment', () => this.#readOut());
    run.others.addEventListener('change', () => this.#redraw());
    run.zoomed.addEventListener('change', () => this.#redraw());
    run.addEventListener('edits', () => this.#mark());
    darkTheme.addEventListener('change', () => {
      this.#plot?.restyle();
      this.#redraw();
    });
    new ResizeObserver(([{ contentRect }]) => {
      this.#wide = contentRect.width > 0;
      if (this.#wide) {
        this.#plot?.resize();
        this.#redraw();
      }
    }).observe(this);
    const near = (entries) => {
      this.#near = entries.at(-1).isIntersecting;
      this.#draw();
    };
    new IntersectionObserver(near, { rootMargin: `${BESIDE}px` }).observe(this);
    addEventListener('beforeprint', () => this.#wide && this.#makePlot && this.#drawCurves());
    [this.#makePlot] = await Promise.all([this.#plotted, run.opened]); // The first drawing costs most: it is of all there is.
    this.#draw();
  }

  /** The steps shown now. */
  get span() {
    const last = Math.max(this.#run.history.lastStep, this.#run.others.lastStep);
    const { from, to } = this.#view.zoom ?? { from: 0, to: null };
    const end = to ?? last;
    return end > from ? { from, to: end } : { from, to: from + 100 };
  }

  /** Step at a pixel right of the overlay's left edge. */
  stepAt(x) {
    const { from, to } = this.span;
    return from + ((x - MARGIN.left) / this.#width) * (to - from);
  }

  #xOf(step) {
    const { from, to } = this.span;
    return MARGIN.left + ((step - from) / (to - from)) * this.#width;
  }

  get #width() {
    return Math.max(1, (this.#plot?.width ?? 0) - MARGIN.left - MARGIN.right);
  }

  #build(chart) {
    this.#chart = chart;
    const legend = chart.series.map(({ column, label, tone, help }) => {
      const value = element('output', { class: 'number value', 'data-column': column });
      this.#values.set(column, value);
      this.#dots.set(column, element('span', { class: `dot ${tone}`, hidden: true }));
      const entry = element('span', { class: 'entry', title: help }, element('span', { class: `swatch ${tone}` }), label, value);
      this.#entries.set(column, entry);
      return entry;
    });
    this.#logButton = element(
      'button',
      {
        class: 'quiet',
        type: 'button',
        title: 'Logarithmic vertical axis',
        hidden: !['either', 'logarithmic'].includes(chart.axis),
        onclick: () => this.#view.toggleLog(chart, this.#charts),
      },
      'log',
    );
    this.table = new ValueTable(chart);
    this.at = element('div', { class: 'at number', hidden: true });
    this.told = element('div', { class: 'told', hidden: true });
    this.marks = element('div', { class: 'marks' });
    this.canvas = element('div', { class: 'canvas' });
    this.crosshair = element('div', { class: 'crosshair', hidden: true });
    this.moment = element('div', { class: 'moment', hidden: true, title: 'The samples shown were drawn here' });
    this.selection = element('div', { class: 'selection', hidden: true });
    this.overlay = element(
      'div',
      {
        class: 'overlay',
        tabindex: '0',
        role: 'slider',
        'aria-label': `${chart.title}: read values by step with the arrow keys`,
        'aria-valuenow': '0',
      },
      this.marks,
      this.selection,
      this.moment,
      this.crosshair,
      this.at,
      this.told,
      ...this.#dots.values(),
    );
    this.append(
      element(
        'header',
        { class: 'panel-head' },
        element('h2', { title: chart.note }, chart.title),
        element('span', { class: 'unit muted' }, chart.unit),
        this.#logButton,
        element('div', { class: 'legend' }, ...legend),
      ),
      element('div', { class: 'plot' }, this.canvas, this.overlay),
      this.table.node,
    );
  }

  /** Draws although no report was added. */
  #redraw() {
    this.#drawn = null;
    this.#draw();
  }

  #drawNow() {
    this.#wide ??= this.clientWidth > 0;
    if (!this.#wide || !this.#makePlot) {
      return; // In a tab that is not shown, or too early.
    }
    if (this.#near && this.#differs()) {
      this.#drawCurves();
    }
    this.table.draw(this.#run.zoomed.history(this.span), this.span);
    this.dataset.points = this.#run.history.length;
    this.dataset.lastStep = this.#run.history.lastStep;
    this.#mark();
    this.#readOut();
  }

  /** Whether someone would see a difference if the curves were drawn again; if it is too small for that, they are in a while. */
  #differs() {
    if (this.#drawn?.history !== this.#run.history || grown(this.#drawn, this.#extent, this.#width)) {
      return true;
    }
    this.#timer ||= setTimeout(() => this.#redraw(), LATEST);
    return false;
  }

  get #extent() {
    const { history } = this.#run;
    return { ...this.span, history, last: history.lastStep };
  }

  #drawCurves() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { span } = this;
    this.#drawn = this.#extent;
    this.#plot ??= this.#makePlot(this.canvas, this.#chart);
    const { others } = this.#run;
    const history = this.#run.zoomed.history(span);
    const logarithmic = this.#view.logarithmic(this.#chart);
    this.#plot.draw(history, span, MOST_SMOOTHING * (this.#view.smoothing / 100) ** 2, logarithmic, {
      ruled: ruled(this.#view.ruler, history, this.#run.info?.batch ?? 1),
      clipped: this.#view.clipped,
      joint: others.joint,
      others: others.list.map((other) => ({ ...other, joint: others.jointOf(other) })),
    });
    this.dataset.others = others.list.map(({ name }) => name).join(' ');
    this.#logButton.setAttribute('aria-pressed', logarithmic);
    this.dataset.rows = history.length;
    this.dataset.drawnStep = this.#drawn.last;
  }

  /** Where a setting was changed. */
  #mark() {
    if (!this.#plot) {
      return;
    }
    const { from, to } = this.span;
    const visible = this.#run.edits.filter(({ step }) => step >= from && step <= to).slice(-MOST_MARKS);
    const key = JSON.stringify([from, to, this.#width, visible.map(({ step, time }) => [step, time])]);
    if (key !== this.#marked) {
      this.#marked = key;
      this.marks.replaceChildren(
        ...visible.map(({ step, changes }) => {
          const mark = element('div', { class: 'edit', 'data-step': step, title: changes.map(words).join(', ') });
          place(mark, true, this.#xOf(step));
          return mark;
        }),
      );
    }
  }

  /** The edit nearest to a pixel, if one is near. */
  #editAt(x) {
    const near = (edit) => Math.abs(this.#xOf(edit.step) - x);
    const found = this.#run.edits.reduce((best, edit) => (best === null || near(edit) <= near(best) ? edit : best), null);
    return found && near(found) < NEAR ? found : null;
  }

  #readOut() {
    const { hover, moment } = this.#view;
    const { from, to } = this.span;
    const history = hover === null ? this.#run.history : this.#run.zoomed.history(this.span);
    const row = hover === null ? shown(this.#run, this.#view).row : history.nearest(hover);
    const step = row < 0 ? NaN : history.column('step')[row];
    const visible = hover !== null && row >= 0 && step >= from && step <= to;
    for (const [index, { column }] of this.#chart.series.entries()) {
      const value = history.value(column, row);
      const output = this.#values.get(column);
      setText(output, measure(value));
      this.#entries.get(column).hidden = value === undefined && (history.length > 0 || index >= PLAYERS); // as a penalty that the game has not
      output.classList.toggle('missing', Number.isNaN(value));
      const y = visible && this.#plot ? this.#plot.y(value) : NaN;
      place(this.#dots.get(column), Number.isFinite(y), this.#xOf(step), y);
    }
    const edit = visible ? this.#editAt(this.#xOf(step)) : null;
    setText(this.told, edit ? edit.changes.map(words).join(', ') : '');
    place(this.told, edit !== null, 0);
    setText(this.at, row < 0 ? '' : count(step));
    place(this.at, visible, this.#xOf(step));
    place(this.crosshair, visible, this.#xOf(step));
    place(this.moment, moment !== null && moment >= from && moment <= to, this.#xOf(moment ?? 0));
    if (row >= 0) {
      this.overlay.setAttribute('aria-valuemax', history.lastStep);
      this.overlay.setAttribute('aria-valuenow', step);
      this.overlay.setAttribute(
        'aria-valuetext',
        `step ${count(step)}: ${this.#chart.series.map(({ column, label }) => `${label} ${measure(history.value(column, row))}`).join(', ')}`,
      );
    }
  }
}

function place(node, visible, x, y = 0) {
  node.hidden = !visible;
  if (visible) {
    node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }
}

customElements.define('line-chart', LineChart);
