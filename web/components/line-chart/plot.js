/**
 * Draws curves with ECharts: axes, lines, reference lines and gaps, nothing that moves with the pointer.
 *
 * ECharts' own tooltip and zoom are not used: its tooltip is HTML with inline styles, which the page's Content-Security-Policy
 * forbids, and redrawing thousands of points for a crosshair would cost time that the training needs.
 * @module
 */
import { token } from '../../app/dom.js';
import { some } from '../../app/keep.js';
import { joined } from '../../app/others.js';
import { gaps, smooth, thin } from './curves.js';

/** ECharts is larger than all else of the page, which need not wait for it. */
const library = import('../../lib/echarts.esm.min.js');

/** Room for the axes, in CSS pixels; the same in all charts, so that steps stand above steps. */
export const MARGIN = { left: 46, right: 38, top: 10, bottom: 24 };

/** Values of a column by which outliers are told. */
const SAMPLE = 5000;

/** Pixels that a label needs for itself. */
const LABEL = 15;

const axisNumber = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 3 });
const tick = (value) =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(0) : axisNumber.format(value).replace('K', 'k');

/**
 * A chart as the trainer declares it.
 * @typedef {object} Chart
 * @property {string} name
 * @property {string} title
 * @property {string} unit
 * @property {'linear'|'from-zero'|'probability'|'either'|'logarithmic'} axis the vertical one; `either` is linear at first
 * @property {string} note what to look for
 * @property {{column: string, label: string, tone: string, unit: string, help: string}[]} series
 * @property {{value: number, label: string, tone: string}[]} references lines to hold the curves against
 */

export class Plot {
  #styled = '';
  #extent = [1, 1];
  #limits = null;

  /** What makes plots, once it is here. @returns {Promise<(host: HTMLElement, chart: Chart) => Plot>} */
  static async maker() {
    const echarts = await library;
    return (host, chart) => new Plot(host, chart, echarts.init(host, null, { renderer: 'canvas' }));
  }

  constructor(host, chart, echart) {
    this.chart = chart;
    this.host = host;
    this.echart = echart;
    this.#measure();
  }

  resize() {
    this.#measure();
    this.echart.resize();
  }

  /** Once, not at each drawing: that would have the browser lay the page out each time. */
  #measure() {
    this.width = this.host.clientWidth;
    this.height = this.host.clientHeight;
  }

  /**
   * @param {import('../../app/history.js').History} history
   * @param {{from: number, to: number}} span steps shown
   * @param {number} smoothing share of the span that is averaged over, 0 = none
   * @param {boolean} logarithmic
   * @param {object} more
   * @param {((step: number) => string)|null} [more.ruled] what steps are called
   * @param {boolean} [more.clipped] whether what is far out is cut off
   * @param {import('../../app/others.js').Joint|null} [more.joint] where the run left its parent
   * @param {{history: import('../../app/history.js').History, dash: number[], joint: object|null}[]} [more.others] runs drawn over it
   */
  draw(history, span, smoothing, logarithmic, { ruled = null, clipped = false, joint = null, others = [] } = {}) {
    const buckets = Math.max(50, Math.round(this.width / 2.5));
    const scale = smoothing * (span.to - span.from);
    const series = this.#within(history, span, scale, joint);
    const beside = others.flatMap((other) => this.#within(other.history, span, scale, other.joint));
    const drawable = (values) => (logarithmic ? values.map((value) => (value > 0 ? value : NaN)) : values);
    const raw = ({ extremes: { steps, values } }) => thin(steps, drawable(values), buckets);
    const smoothed = ({ means: { steps, values } }) => thin(steps, smooth(steps, drawable(values), scale), buckets);
    const curves = series.flatMap((one) => (scale > 0 ? [raw(one), smoothed(one)] : [raw(one)]));
    const compared = beside.map((one) => (scale > 0 ? smoothed(one) : raw(one)));
    this.#style(scale > 0, logarithmic, others.map(({ dash }) => dash));
    this.#limits = clipped ? limits([...series, ...beside].map(({ all }) => some(all().values, SAMPLE))) : null;
    this.echart.setOption({
      xAxis: { min: span.from, max: span.to, axisLabel: { showMinLabel: span.from === 0, formatter: ruled ?? tick } },
      series: [
        ...this.chart.references.map(({ value }) => ({ data: new Float64Array([span.from, value, span.to, value]) })),
        ...[...curves, ...compared].map((data) => ({ data, showSymbol: data.length === 2 })),
        {
          data: new Float64Array(0),
          markArea: { data: gaps(series[0].extremes.steps, series[0].extremes.values).map(([from, to]) => [{ xAxis: from }, { xAxis: to }]) },
        },
      ],
    });
  }

  /**
   * What is shown of each column, one row beyond each edge, so that lines run out of the picture instead of ending short of it. Of very many rows
   * their outline; but what is averaged over fewer than a bucket holds is averaged row by row.
   */
  #within(history, span, scale, joint) {
    const first = Math.max(0, history.indexAfter(span.from) - 2);
    const end = Math.min(history.length, history.indexAfter(span.to) + 1);
    return this.chart.series.map(({ column }) => {
      const { extremes, means, bucket } = history.outline(column, first, end);
      const coarse = (bucket * (span.to - span.from)) / (end - first) > scale;
      const all = () => history.series(column, first, end);
      const averaged = bucket > 1 && scale > 0 && coarse ? all() : means;
      return first === 0
        ? { all, extremes: joined(extremes, joint, column), means: joined(averaged, joint, column) }
        : { all, extremes, means: averaged };
    });
  }

  /** @returns {number} pixel below the host's top, or NaN */
  y(value) {
    const [, y] = this.echart.convertToPixel('grid', [0, value]) ?? [];
    return y ?? NaN;
  }

  /** The theme is another: colours are read again with the next drawing. */
  restyle() {
    this.#styled = '';
  }

  /** Sets all that is not data; rarely, since it makes ECharts begin anew. */
  #style(smoothed, logarithmic, dashes) {
    const style = JSON.stringify([smoothed, logarithmic, dashes, Math.round(this.width / 110)]);
    if (style === this.#styled) {
      return;
    }
    this.#styled = style;
    const curves = this.chart.series.flatMap(({ tone }) => {
      const colour = token(`--${tone}`);
      return smoothed ? [line(colour, 0.22, 1), line(colour, 1, 1.75)] : [line(colour, 1, 1.5)];
    });
    const compared = dashes.flatMap((dash) => this.chart.series.map(({ tone }) => line(token(`--${tone}`), 0.85, 1.5, dash)));
    this.echart.setOption(
      {
        animation: false,
        grid: { ...MARGIN, outerBoundsMode: 'none' },
        xAxis: this.#steps(),
        yAxis: this.#values(logarithmic),
        series: [...this.chart.references.map(reference), ...curves, ...compared, missing()],
      },
      { notMerge: true, lazyUpdate: true }, // Drawn with the data.
    );
  }

  #steps() {
    return {
      type: 'value',
      minInterval: 1,
      splitNumber: Math.max(2, Math.round(this.width / 110)),
      axisLine: { lineStyle: { color: token('--line-strong') } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...text('--muted'), formatter: tick, hideOverlap: true, showMaxLabel: false },
    };
  }

  #values(logarithmic) {
    const { axis } = this.chart;
    const [min, max] = axis === 'probability' ? [0, 1] : [];
    return {
      type: logarithmic ? 'log' : 'value',
      min: logarithmic ? (extent) => (this.#extent[0] = round(this.#kept(extent).min, Math.floor)) : (extent) => this.#end(min, extent, 'min'),
      max: logarithmic ? (extent) => (this.#extent[1] = round(this.#kept(extent).max, Math.ceil)) : (extent) => this.#end(max, extent, 'max'),
      interval: axis === 'probability' ? (max - min) / 4 : undefined,
      scale: axis !== 'from-zero',
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: token('--gridline') } },
      axisLabel: { ...text('--muted'), formatter: logarithmic ? (value) => this.#decade(value) : tick, hideOverlap: true },
    };
  }

  /** Where an axis ends: where it must, or where most values do; else as ECharts likes. */
  #end(fixed, extent, side) {
    return fixed ?? (this.#limits && this.chart.axis !== 'from-zero' ? this.#kept(extent)[side] : null);
  }

  #kept(extent) {
    const within = this.#limits;
    return within ? { min: Math.max(extent.min, within.min), max: Math.min(extent.max, within.max) } : extent;
  }

  /** A label of a logarithmic axis: its ends give way to a power of ten beside them. */
  #decade(value) {
    const [low, high] = this.#extent;
    const exponent = Math.log10(value);
    const room = (this.height - MARGIN.top - MARGIN.bottom) / (Math.log10(high) - Math.log10(low));
    const power = 10 ** Math.round(exponent);
    const off = Math.abs(exponent - Math.round(exponent));
    return off > 1e-6 && off * room < LABEL && power >= low && power <= high ? '' : tick(value);
  }
}

/** What 98 in 100 values lie within, and a little room. */
function limits(series) {
  const values = series.flatMap((column) => [...column]).filter(Number.isFinite).sort((a, b) => a - b);
  if (values.length < 10) {
    return null;
  }
  const min = values[Math.floor(0.01 * values.length)];
  const max = values[Math.ceil(0.99 * values.length) - 1];
  const room = 0.05 * (max - min);
  return max > min ? { min: min > 0 ? Math.max(min - room, min / 2) : min - room, max: max + room } : null;
}

const text = (colour) => ({ color: token(colour), fontSize: 11, fontFamily: token('--sans') });

function line(color, opacity, width, type = 'solid') {
  return {
    type: 'line',
    showSymbol: false,
    symbol: 'circle',
    symbolSize: 5,
    itemStyle: { color, opacity },
    silent: true,
    clip: true,
    connectNulls: false,
    dimensions: ['step', 'value'],
    lineStyle: { color, opacity, width, type, join: 'round' },
    emphasis: { disabled: true },
  };
}

/** A series rather than a mark, so that the axis always reaches to it. */
function reference({ label, tone }) {
  const endLabel = { ...text(`--${tone}`), show: true, formatter: label, distance: 4 };
  return { ...line(token(`--${tone}`), 0.65, 1, [3, 4]), endLabel, labelLayout: { hideOverlap: true } };
}

function missing() {
  const label = { ...text('--bad'), show: true, formatter: 'not finite', position: 'insideTopRight' };
  return {
    ...line('transparent', 0, 0),
    markArea: { silent: true, itemStyle: { color: token('--bad'), opacity: 0.12 }, label, data: [] },
  };
}

/** Up or down to 1, 2 or 5 times a power of ten, so that a logarithmic axis is not mostly empty. */
function round(value, direction) {
  if (!(value > 0)) {
    return direction === Math.floor ? 1e-3 : 1; // Nothing to show yet.
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const places = [1, 2, 5, 10];
  const found =
    direction === Math.floor
      ? places.findLast((place) => place * power <= value)
      : places.find((place) => place * power >= value);
  return Number(((found ?? 1) * power).toPrecision(1));
}
