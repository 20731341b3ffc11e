/**
 * Draws curves with ECharts: axes, lines, reference lines and gaps, nothing that moves with the pointer.
 *
 * ECharts' own tooltip and zoom are not used: its tooltip is HTML with inline styles, which the page's Content-Security-Policy
 * forbids, and redrawing thousands of points for a crosshair would cost time that the training needs.
 * @module
 */
import * as echarts from '../../lib/echarts.esm.min.js';
import { token } from '../../app/dom.js';
import { gaps, smooth, thin } from './curves.js';

/** Room for the axes, in CSS pixels; the same in all charts, so that steps stand above steps. */
export const MARGIN = { left: 46, right: 38, top: 10, bottom: 24 };

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

  /** @param {HTMLElement} host @param {Chart} chart */
  constructor(host, chart) {
    this.chart = chart;
    this.host = host;
    this.width = host.clientWidth;
    this.echart = echarts.init(host, null, { renderer: 'canvas' });
  }

  resize() {
    this.width = this.host.clientWidth;
    this.echart.resize();
  }

  /**
   * @param {import('../../app/history.js').History} history
   * @param {{from: number, to: number}} span steps shown
   * @param {number} smoothing share of the span that is averaged over, 0 = none
   * @param {boolean} logarithmic
   * @param {{ruled: ((step: number) => string)|null, clipped: boolean}} axes what steps are called, and whether what is far out is cut off
   */
  draw(history, span, smoothing, logarithmic, { ruled = null, clipped = false } = {}) {
    // One row beyond each edge, so that lines run out of the picture instead of ending short of it.
    const first = Math.max(0, history.indexAfter(span.from) - 2);
    const end = Math.min(history.length, history.indexAfter(span.to) + 1);
    const buckets = Math.max(50, Math.round(this.width / 2.5));
    const scale = smoothing * (span.to - span.from);
    const series = this.chart.series.map(({ column }) => history.series(column, first, end));
    const curves = series.flatMap(({ steps, values }) => {
      const shown = logarithmic ? values.map((value) => (value > 0 ? value : NaN)) : values;
      const raw = thin(steps, shown, buckets);
      return scale > 0 ? [raw, thin(steps, smooth(steps, shown, scale), buckets)] : [raw];
    });
    this.#style(scale > 0, logarithmic);
    this.#limits = clipped ? limits(series.map(({ values }) => values)) : null;
    this.echart.setOption({
      xAxis: { min: span.from, max: span.to, axisLabel: { showMinLabel: span.from === 0, formatter: ruled ?? tick } },
      series: [
        ...this.chart.references.map(({ value }) => ({ data: new Float64Array([span.from, value, span.to, value]) })),
        ...curves.map((data) => ({ data, showSymbol: data.length === 2 })),
        {
          data: new Float64Array(0),
          markArea: { data: gaps(series[0].steps, series[0].values).map(([from, to]) => [{ xAxis: from }, { xAxis: to }]) },
        },
      ],
    });
  }

  /** @returns {number} pixel below the host's top, or NaN */
  y(value) {
    const [, y] = this.echart.convertToPixel('grid', [0, value]) ?? [];
    return y ?? NaN;
  }

  /** Sets all that is not data; rarely, since it makes ECharts begin anew. */
  #style(smoothed, logarithmic) {
    const style = JSON.stringify([smoothed, logarithmic, Math.round(this.width / 110), token('--surface')]);
    if (style === this.#styled) {
      return;
    }
    this.#styled = style;
    const curves = this.chart.series.flatMap(({ tone }) => {
      const colour = token(`--${tone}`);
      return smoothed ? [line(colour, 0.22, 1), line(colour, 1, 1.75)] : [line(colour, 1, 1.5)];
    });
    this.echart.setOption(
      {
        animation: false,
        grid: { ...MARGIN, outerBoundsMode: 'none' },
        xAxis: this.#steps(),
        yAxis: this.#values(logarithmic),
        series: [...this.chart.references.map(reference), ...curves, missing()],
      },
      { notMerge: true },
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
      min: logarithmic ? (extent) => (this.#extent[0] = round(this.#within(extent).min, Math.floor)) : (extent) => this.#end(min, extent, 'min'),
      max: logarithmic ? (extent) => (this.#extent[1] = round(this.#within(extent).max, Math.ceil)) : (extent) => this.#end(max, extent, 'max'),
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
    return fixed ?? (this.#limits && this.chart.axis !== 'from-zero' ? this.#within(extent)[side] : null);
  }

  #within(extent) {
    const within = this.#limits;
    return within ? { min: Math.max(extent.min, within.min), max: Math.min(extent.max, within.max) } : extent;
  }

  /** A label of a logarithmic axis: its ends give way to a power of ten beside them. */
  #decade(value) {
    const [low, high] = this.#extent;
    const exponent = Math.log10(value);
    const room = (this.host.clientHeight - MARGIN.top - MARGIN.bottom) / (Math.log10(high) - Math.log10(low));
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
