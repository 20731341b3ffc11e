/**
 * Which runs are drawn over this one, and how.
 * @module
 */
import { drawing, element } from '../../app/dom.js';

/** @returns {HTMLElement} that follows what is drawn */
export function overKey(run, view) {
  const node = element('div', { class: 'over', hidden: view.with.length === 0 });
  run.others.addEventListener('change', () => {
    node.hidden = run.others.list.length === 0;
    node.replaceChildren(
      ...run.others.list.map(({ name, dash }) => {
        const line = drawing('line', { x1: 0, y1: 4, x2: 28, y2: 4, 'stroke-dasharray': dash.join(' ') });
        const swatch = drawing('svg', { width: 28, height: 8, 'aria-hidden': 'true' }, line);
        const away = element(
          'button',
          {
            type: 'button',
            class: 'quiet',
            'aria-label': `Draw ${name} no more`,
            onclick: () => view.over(view.with.filter((other) => other !== name)),
          },
          '✕',
        );
        return element('span', { 'data-run': name }, swatch, name, away);
      }),
    );
  });
  return node;
}
