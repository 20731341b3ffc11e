/**
 * Numbers as people read them. A number that is not finite is shown as what it is, one that is not known as a dash.
 * @module
 */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

const unknown = (value) => value === null || value === undefined;

/** 12,400 */
export function count(value) {
  return unknown(value) ? '–' : Number.isFinite(value) ? whole.format(value) : String(value);
}

/** 1.49M */
export function short(value) {
  return unknown(value) ? '–' : Number.isFinite(value) ? compact.format(value).replace('K', 'k') : String(value);
}

/** A measured value with the digits that matter: 0.6931, 12.35, 2.1e-5. */
export function measure(value) {
  if (unknown(value)) {
    return '–';
  }
  if (!Number.isFinite(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }
  if (size < 1e-3) {
    return value.toExponential(2);
  }
  return size < 10 ? value.toFixed(4) : size < 1000 ? value.toFixed(2) : whole.format(value);
}

/** A time as people say it: 20.0 µs, 0.832 ms, 25.8 ms, 1,040 ms, 12.3 s. */
export function millis(value) {
  if (unknown(value) || !Number.isFinite(value)) {
    return ['–', ''];
  }
  if (value < 0.1) {
    return [(1000 * value).toPrecision(3), 'µs'];
  }
  return value >= 10_000 ? [(value / 1000).toFixed(1), 's'] : [value >= 1000 ? whole.format(value) : value.toPrecision(3), 'ms'];
}

/** 1 dimension, 64 dimensions */
export function several(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A setting as one would type it: 0.0002 → 2e-4, also within a schedule. */
export function setting(value) {
  if (unknown(value)) {
    return '';
  }
  return value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential().replace('e+', 'e') : String(value).replaceAll(/(\d)(?:\.0)?E(-?\d)/g, '$1e$2');
}

/** 12 s, 4:07, 1:02:33, 3 d 4 h */
export function duration(seconds) {
  if (unknown(seconds) || !Number.isFinite(seconds)) {
    return '–';
  }
  const total = Math.round(seconds);
  const two = (value) => String(value).padStart(2, '0');
  if (total < 60) {
    return `${total} s`;
  }
  if (total < 3600) {
    return `${Math.floor(total / 60)}:${two(total % 60)}`;
  }
  if (total < 86400) {
    return `${Math.floor(total / 3600)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  }
  return `${Math.floor(total / 86400)} d ${Math.floor(total / 3600) % 24} h`;
}

/** `batch=128, game.objective=hinge` as settings by path. */
export function typed(text) {
  return Object.fromEntries(
    text
      .split(/,(?=\s*[\w.]+=)/)
      .filter((part) => part.trim() !== '')
      .map((part) => part.trim().split('='))
      .map(([path, ...value]) => [path.trim(), value.join('=').trim()])
      .map(([path, value]) => [path, value !== '' && Number.isFinite(Number(value)) ? Number(value) : value]),
  );
}
