/**
 * Drawing of what layers did over time.
 * @module
 */
import { token } from '../../app/dom.js';
import { short } from '../../app/format.js';
import { figures } from './looks.js';

const LEFT = 56;
const BOTTOM = 18;
const TOP = 8;
const RIGHT = 8;

/** A canvas of its place's size, in CSS pixels. */
function open(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  context.font = `11px ${token('--sans')}`;
  return { context, width, height };
}

const scaled = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

function steps(context, looks, x, height) {
  context.fillStyle = token('--muted');
  context.textBaseline = 'top';
  [looks[0], looks.at(-1)].forEach(({ step }, index) => {
    context.textAlign = index === 0 ? 'left' : 'right';
    context.fillText(short(step), x(step), height - BOTTOM + 4);
  });
}

function mark(context, text, y, width) {
  context.strokeStyle = token('--gridline');
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(LEFT, y);
  context.lineTo(width - RIGHT, y);
  context.stroke();
  context.fillStyle = token('--muted');
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText(text, LEFT - 6, y);
}

function line(context, points) {
  context.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}

/** Update-to-weight ratios of all of a player's tensors, on a logarithmic axis, that of the chosen layer before the others. */
export function drawRatios(canvas, looks, player, chosen) {
  const { context, width, height } = open(canvas);
  const arrays = looks.map((look) => look[`${player}.ratios`].values);
  const decades = [-5, -1];
  arrays.forEach((values) =>
    values.forEach((value) => {
      if (value > 0) {
        decades[0] = Math.min(decades[0], Math.floor(Math.log10(value)));
        decades[1] = Math.max(decades[1], Math.ceil(Math.log10(value)));
      }
    }),
  );
  decades[0] = Math.max(decades[0], -8);
  const y = scaled(decades[0], decades[1], height - BOTTOM, TOP);
  const x = scaled(looks[0].step, looks.at(-1).step, LEFT, width - RIGHT);
  const every = Math.ceil((decades[1] - decades[0]) / 4);
  for (let decade = decades[0]; decade <= decades[1]; decade += every) {
    mark(context, `10${[...String(decade)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit] ?? '⁻').join('')}`, y(decade), width);
  }
  context.setLineDash([2, 4]);
  context.strokeStyle = token('--muted');
  line(context, [
    [LEFT, y(-3)],
    [width - RIGHT, y(-3)],
  ]);
  context.setLineDash([]);
  steps(context, looks, x, height);
  const order = [...arrays[0].keys()].filter((row) => row !== chosen);
  for (const row of chosen >= 0 ? [...order, chosen] : order) {
    const points = looks.map(({ step }, index) => [x(step), y(Math.max(decades[0], Math.log10(arrays[index][row])))]).filter(([, at]) => Number.isFinite(at));
    context.strokeStyle = token(row === chosen ? `--${player}` : '--line-strong');
    context.lineWidth = row === chosen ? 2 : 1;
    line(context, points);
  }
}

/** Histograms over time: one column a look, its bins as dark as they are full; over them the mean, and two deviations about it. */
export function drawSpread(canvas, looks, name, row, tone) {
  const { context, width, height } = open(canvas);
  const all = looks.map((look) => figures(look[name], row));
  const finite = all.filter(({ mean, deviation }) => Number.isFinite(mean) && Number.isFinite(deviation));
  if (finite.length === 0) {
    return;
  }
  // Room for what there is, but not for a single outlier.
  const low = Math.max(Math.min(...finite.map(({ low: least }) => least)), Math.min(...finite.map(({ mean, deviation }) => mean - 5 * deviation)));
  const high = Math.min(Math.max(...finite.map(({ high: most }) => most)), Math.max(...finite.map(({ mean, deviation }) => mean + 5 * deviation)));
  const room = (high - low) * 0.05 || Math.abs(high) * 0.1 || 1;
  const y = scaled(low - room, high + room, height - BOTTOM, TOP);
  const x = scaled(looks[0].step, looks.at(-1).step, LEFT, width - RIGHT);
  for (const value of low < 0 && high > 0 ? [low, 0, high] : [low, (low + high) / 2, high]) {
    mark(context, value === 0 ? '0' : Math.abs(value) < 1e-3 || Math.abs(value) >= 1e4 ? value.toExponential(1) : value.toPrecision(2), y(value), width);
  }
  steps(context, looks, x, height);
  const colour = token(`--${tone}`);
  context.save();
  context.beginPath();
  context.rect(LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM);
  context.clip();
  context.fillStyle = colour;
  looks.forEach((look, index) => {
    const bins = look[`${name}.histograms`];
    const count = bins.shape[1];
    const { low: least, high: most } = all[index];
    const from = index === 0 ? LEFT : (x(looks[index - 1].step) + x(look.step)) / 2;
    const to = index === looks.length - 1 ? width - RIGHT : (x(look.step) + x(looks[index + 1].step)) / 2;
    for (let bin = 0; bin < count; bin++) {
      const full = bins.values[row * count + bin];
      if (full > 0) {
        const bottom = y(least + ((most - least) * bin) / count);
        const top = y(least + ((most - least) * (bin + 1)) / count);
        context.globalAlpha = 0.08 + 0.5 * full;
        context.fillRect(from, top, Math.max(0.5, to - from), Math.max(0.5, bottom - top));
      }
    }
  });
  context.globalAlpha = 1;
  context.strokeStyle = token('--ink');
  for (const deviations of [0, -2, 2]) {
    context.lineWidth = deviations === 0 ? 1.5 : 1;
    context.setLineDash(deviations === 0 ? [] : [3, 3]);
    line(
      context,
      looks.map(({ step }, index) => [x(step), y(all[index].mean + deviations * all[index].deviation)]).filter(([, at]) => Number.isFinite(at)),
    );
  }
  context.restore();
}
