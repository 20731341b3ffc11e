/**
 * What keys and pointer do; `?` opens it.
 * @module
 */
import { element } from '../../app/dom.js';

const KEYS = [
  ['Space', 'stop, or resume'],
  ['s', 'step'],
  ['← →', 'on a chart: read values; with Shift in larger steps'],
  ['Home End', 'on a chart: the first, the newest value'],
  ['+ − 0', 'on a chart: zoom in, out, show all'],
  ['Enter', 'on a chart: the whole page shows that moment'],
  ['Esc', 'back to now; in a field: take back what was typed'],
  ['?', 'this help'],
];
const POINTER = [
  ['Drag, wheel', 'zoom a chart'],
  ['Click', 'the whole page shows that moment'],
  ['Double click', 'show all'],
  ['Finger', 'read values'],
];

class KeyHelp extends HTMLElement {
  show(run, view) {
    const list = (entries) =>
      element('dl', {}, ...entries.flatMap(([keys, does]) => [element('dt', {}, element('kbd', {}, keys)), element('dd', {}, does)]));
    const dialog = element(
      'dialog',
      { id: 'help', 'aria-labelledby': 'help-title' },
      element(
        'form',
        { method: 'dialog' },
        element('h2', { id: 'help-title' }, 'Keys'),
        list(KEYS),
        element('h2', {}, 'Pointer'),
        list(POINTER),
        element('button', { type: 'submit' }, 'Close'),
      ),
    );
    const open = () => dialog.open || dialog.showModal();
    this.append(
      element('button', { type: 'button', id: 'help-button', class: 'quiet', 'aria-label': 'Help: keys', title: 'Keys (?)', onclick: open }, '?'),
      dialog,
    );
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
    document.addEventListener('keydown', (event) => {
      const typing = event.target instanceof Element && event.target.closest('input:not([type="range"]), select, textarea, dialog');
      if (event.key === '?' && !typing) {
        event.preventDefault();
        open();
      } else if (event.key === 'Escape' && !typing && !event.defaultPrevented) {
        view.momentAt(null);
      }
    });
  }
}

customElements.define('key-help', KeyHelp);
