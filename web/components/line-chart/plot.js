/**
 * Draws curves with ECharts: axes, lines, reference lines and gaps, nothing that moves with the pointer.
 *
 * ECharts' own tooltip and zoom are not used: its tooltip is HTML with inline styles, which the page's Content-Security-Policy
 * forbids, and redrawing thousands of points for a crosshair would cost time that the training needs.
 * @module
 */
import * as echarts from '/lib/echarts.esm.min.js';
import { token } from '../../app/dom.js';
import { gaps, smooth, thin } from './curves.js';

/** Room for the axes, in CSS pixels; the same in all charts, so that steps stand above steps. */
export const MARGIN = { left: 46, right: 14, top: 10, bottom: 24 };

const axisNumber = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 3 });
const tick = (value) => (value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(0) : axisNumber.format(value));

export class Plot {
  /** @param {HTMLElement} host @param {import('./catalog.js').Chart} chart */
  constructor(host, chart) {
    this.chart = chart;
    this.host = host;
    this.echart = echarts.init(host, null, { renderer: 'canvas' });
  }

  resize() {
    this.echart.resize();
  }

  /**
   * @param {import('../../app/history.js').History} history
   * @param {{from: number, to: number}} span steps shown
   * @param {number} smoothing share of the span that is averaged over, 0 = none
   * @param {boolean} logarithmic
   */
  draw(history, span, smoothing, logarithmic) {
    // One row beyond each edge, so that lines run out of the picture instead of ending short of it.
    const first = Math.max(0, history.indexAfter(span.from) - 2);
    const end = Math.min(history.length, history.indexAfter(span.to) + 1);
    const steps = history.column('step').subarray(first, end);
    const buckets = Math.max(50, Math.round(this.host.clientWidth / 2));
    const series = this.chart.series.flatMap((one, index) => {
      const values = history.column(one.column).subarray(first, end);
      const shown = logarithmic ? values.map((value) => (value > 0 ? value : NaN)) : values;
      const colour = token(`--${one.tone}`);
      const scale = smoothing * (span.to - span.from);
      const raw = line(`${one.column}-raw`, thin(steps, shown, buckets), colour, scale > 0 ? 0.22 : 1, scale > 0 ? 1 : 1.5);
      const curves = scale > 0 ? [raw, line(one.column, thin(steps, smooth(steps, shown, scale), buckets), colour, 1, 1.75)] : [raw];
      if (index === 0) {
        curves[0].markArea = this.#missing(gaps(steps, values));
        curves[0].markLine = this.#references();
      }
      return curves;
    });
    this.echart.setOption({
      animation: false,
      grid: { ...MARGIN, outerBoundsMode: 'none' },
      xAxis: this.#steps(span),
      yAxis: this.#values(logarithmic),
      series,
    }, { notMerge: true });
  }

  /** @returns {number} pixel below the host's top, or NaN */
  y(value) {
    const [, y] = this.echart.convertToPixel('grid', [0, value]) ?? [];
    return y ?? NaN;
  }

  #steps({ from, to }) {
    return {
      type: 'value', min: from, max: to, splitNumber: Math.max(2, Math.round(this.host.clientWidth / 110)),
      axisLine: { lineStyle: { color: token('--line-strong') } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: token('--muted'), fontSize: 11, fontFamily: token('--sans'), formatter: tick, hideOverlap: true,
        showMinLabel: from === 0, showMaxLabel: false,
      },
    };
  }

  #values(logarithmic) {
    const [min, max] = this.chart.range ?? [];
    return {
      type: logarithmic ? 'log' : 'value', min, max, scale: true, splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: token('--gridline') } },
      axisLabel: { color: token('--muted'), fontSize: 11, fontFamily: token('--sans'), formatter: tick, hideOverlap: true },
    };
  }

  #references() {
    return {
      silent: true, symbol: 'none', animation: false,
      data: this.chart.references.map(({ value, label, tone }) => ({
        yAxis: value,
        lineStyle: { color: token(`--${tone}`), type: [3, 4], width: 1, opacity: 0.65 },
        label: {
          formatter: label, position: 'insideEndTop', color: token(`--${tone}`), fontSize: 11, fontFamily: token('--sans'),
          textBorderColor: token('--surface'), textBorderWidth: 3,
        },
      })),
    };
  }

  #missing(found) {
    return {
      silent: true, animation: false,
      itemStyle: { color: token('--bad'), opacity: 0.12 },
      label: { show: true, formatter: 'not finite', position: 'insideTop', color: token('--bad'), fontSize: 11, fontFamily: token('--sans') },
      data: found.map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
    };
  }
}

function line(name, data, color, opacity, width) {
  return {
    name, data, type: 'line', showSymbol: false, silent: true, animation: false, clip: true, connectNulls: false,
    lineStyle: { color, opacity, width, join: 'round' },
    emphasis: { disabled: true },
  };
}
