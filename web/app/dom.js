/**
 * Building elements without HTML strings, so nothing a run is called or says can become markup.
 * @module
 */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `on…` adds a listener; true, false and null set or leave out the attribute
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function drawing(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children);
  return node;
}

/** Writes only what changed: most of a status is as it was a second ago, and every write costs a layout. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** A colour, or another custom property, as the current theme has it. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Event: `change`, when colours are others than before: the system's theme, or the page's own. */
export const darkTheme = new EventTarget();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => darkTheme.dispatchEvent(new Event('change')));

export const calm = matchMedia('(prefers-reduced-motion: reduce)');
