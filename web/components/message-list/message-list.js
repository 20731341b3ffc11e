/**
 * Messages that come and go in a corner and stop nobody from working.
 * @module
 */
import { element } from '../../app/dom.js';

const GOOD_NEWS_MILLIS = 4000;
const ERROR_MILLIS = 12_000;
/** Messages seen at once. */
const MOST = 3;

/** @param {string} text @param {'info'|'error'} [kind] */
export function notify(text, kind = 'info') {
  document.querySelector('message-list').add(text, kind);
}

class MessageList extends HTMLElement {
  show() {
    this.setAttribute('aria-live', 'polite');
  }

  /** The same words again only stay longer. */
  add(text, kind) {
    [...this.children].find(({ firstChild }) => firstChild.textContent === text)?.remove();
    while (this.children.length >= MOST) {
      this.firstChild.remove();
    }
    const message = element(
      'div',
      { class: `message ${kind}`, 'data-testid': 'message', role: kind === 'error' ? 'alert' : null },
      element('p', {}, text),
      element('button', { type: 'button', class: 'quiet', 'aria-label': 'Dismiss', onclick: () => message.remove() }, '✕'),
    );
    this.append(message);
    setTimeout(() => message.remove(), kind === 'error' ? ERROR_MILLIS : GOOD_NEWS_MILLIS);
  }
}

customElements.define('message-list', MessageList);
