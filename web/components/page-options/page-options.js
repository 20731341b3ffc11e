/**
 * How this browser shows the page: its theme, and whether it tells when a run ends or wants to be looked at. Both are kept in the browser.
 * @module
 */
import { darkTheme, drawing, element } from '../../app/dom.js';
import { count } from '../../app/format.js';
import { notify } from '../message-list/message-list.js';

const THEMES = ['system', 'light', 'dark'];
const MEDIA = { system: '(prefers-color-scheme: dark)', light: 'not all', dark: 'all' };
const THEME = 'vertigan-theme';
const TELL = 'vertigan-notify';

/** What is kept in the browser, if it keeps anything. */
const kept = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Then it holds until the page is left.
    }
  },
};

class PageOptions extends HTMLElement {
  #theme = THEMES.includes(kept.get(THEME)) ? kept.get(THEME) : 'system';
  #tells = kept.get(TELL) === 'yes';
  #before = null;
  #run;

  show(run) {
    this.#run = run;
    const picture = (...shapes) =>
      drawing('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, ...shapes.map((d) => drawing('path', { d })));
    this.theme = element(
      'button',
      { type: 'button', class: 'quiet', id: 'theme', onclick: () => this.#next() },
      picture('M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z', 'M8 2v12a6 6 0 0 0 0-12Z'),
    );
    this.bell = element(
      'button',
      { type: 'button', class: 'quiet', id: 'notify', hidden: !('Notification' in window) || !isSecureContext, onclick: () => this.#toggle() },
      picture('M8 2a4 4 0 0 0-4 4v3l-1.2 2.4h10.4L12 9V6a4 4 0 0 0-4-4Z', 'M6.6 13a1.5 1.5 0 0 0 2.8 0Z'),
    );
    this.append(this.bell, this.theme);
    run.addEventListener('status', () => this.#watch());
    this.#dress();
    this.#ring();
  }

  #next() {
    this.#theme = THEMES[(THEMES.indexOf(this.#theme) + 1) % THEMES.length];
    kept.set(THEME, this.#theme);
    this.#dress();
  }

  #dress() {
    document.querySelector('#dark').media = MEDIA[this.#theme];
    document.documentElement.dataset.theme = this.#theme;
    const next = THEMES[(THEMES.indexOf(this.#theme) + 1) % THEMES.length];
    this.theme.title = `Theme: ${this.#theme}; press for ${next}`;
    this.theme.setAttribute('aria-label', this.theme.title);
    darkTheme.dispatchEvent(new Event('change'));
  }

  async #toggle() {
    if (!this.#tells && (await Notification.requestPermission()) !== 'granted') {
      notify('The browser does not allow notifications of this page: its settings say so.', 'error');
      return;
    }
    this.#tells = !this.#tells;
    kept.set(TELL, this.#tells ? 'yes' : 'no');
    this.#ring();
  }

  #ring() {
    const on = this.#tells && this.bell.hidden === false && Notification.permission === 'granted';
    this.bell.setAttribute('aria-pressed', on);
    this.bell.title = on ? 'You are told when the run finishes, fails or raises an alarm' : 'Tell me when the run finishes, fails or raises an alarm';
    this.bell.setAttribute('aria-label', this.bell.title);
  }

  /** Tells of what was not so a moment ago: whoever opens the page sees what is. */
  #watch() {
    const { name } = this.#run.info ?? {};
    const { state, step, failure, findings } = this.#run.status;
    const alarms = (findings ?? []).map(({ message }) => message);
    const before = this.#before;
    this.#before = { name, state, alarms };
    if (before === null || before.name !== name || this.bell.getAttribute('aria-pressed') !== 'true') {
      return;
    }
    if (state !== before.state && state === 'FINISHED') {
      new Notification(`${name} has finished`, { body: `All ${count(step)} turns are made.`, tag: name });
    } else if (state !== before.state && state === 'FAILED') {
      new Notification(`${name} has failed`, { body: failure?.message ?? '', tag: name });
    }
    const raised = alarms.filter((alarm) => !before.alarms.includes(alarm));
    if (raised.length > 0) {
      new Notification(`${name}: look at it`, { body: raised.join('\n'), tag: `${name} alarm` });
    }
  }
}

customElements.define('page-options', PageOptions);
