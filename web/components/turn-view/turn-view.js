/**
 * A turn from the inside: a stopped run goes on by one update or one message; a running one as slowly as one likes. Each message that crosses
 * the bus is told with what it carries and how long it took, and lit on the board.
 * @module
 */
import { api } from '../../app/api.js';
import { bytes } from '../../app/bytes.js';
import { element, setText } from '../../app/dom.js';
import { count, measure, millis } from '../../app/format.js';
import { notify } from '../message-list/message-list.js';
import { PARTIES, sentence } from './sentences.js';

/** The slider's places: the last is full speed, the others from a fifth of a turn a second upwards. */
const PLACES = 20;
const SLOWEST = 0.2;
const FASTEST = 500;
/** Milliseconds that a message stays lit before the next one is, if several came at once. */
const LIT = 420;
const MOST_WAITING = 12;
/** Messages of a turn that the list has room for; of longer turns, the newest. */
const LISTED = 7;

const FIGURES = { lossD: 'D’s loss', lossG: 'G’s loss' };

const pace = (place) => (place >= PLACES ? 0 : SLOWEST * (FASTEST / SLOWEST) ** (place / (PLACES - 1)));
const place = (turns) => (turns === 0 ? PLACES : Math.round(((PLACES - 1) * Math.log(turns / SLOWEST)) / Math.log(FASTEST / SLOWEST)));
const words = (turns) =>
  turns === 0 ? 'full speed' : turns < 1 ? `a turn in ${(1 / turns).toFixed(1)} s` : `${turns < 10 ? turns.toFixed(1) : Math.round(turns)} turns a second`;
const shape = ({ name, shape: extents, bytes: size }) => `${name} [${extents.map(count).join(', ')}] ${bytes(size)}`;

class TurnView extends HTMLElement {
  #run;
  #tempo = { turnsPerSecond: 0, held: null };
  #turn = [];
  #waiting = [];
  #timer = 0;
  #dragging = false;
  #busy = false;

  show(run) {
    this.#run = run;
    const step = (id, part, label, title) =>
      element('button', { type: 'button', id, title, onclick: (event) => this.#advance(event.currentTarget, part) }, label);
    this.forD = step('update-d', 'update', 'D-update', 'The discriminator learns once, then the turn is held');
    this.forG = step('update-g', 'update', 'G-update', 'The generator learns once, which ends the turn');
    this.forMessage = step('next-message', 'message', 'Message', 'One message and its answer, then the turn is held');
    this.slider = element('input', {
      type: 'range',
      id: 'pace',
      min: '0',
      max: PLACES,
      step: '1',
      value: PLACES,
      'aria-label': 'Speed',
      oninput: () => this.#pace(),
      onchange: () => (this.#dragging = false),
    });
    this.speed = element('output', { id: 'pace-told', for: 'pace' }, words(0));
    this.told = element('p', { class: 'muted told', id: 'turn-told' });
    this.list = element('ol', { class: 'messages', id: 'turn-messages' });
    this.sentence = element('p', { class: 'sentence', id: 'turn-sentence', 'aria-live': 'polite' });
    this.facts = element('dl', { class: 'facts number' });
    // Before a turn is seen: what one is made of.
    const plan = Object.entries(PARTIES).map(([message, [tone, who, what, result]]) =>
      element(
        'li',
        { class: tone, 'data-message': message },
        element('span', { class: 'who' }, who),
        element('span', { class: 'what' }, what),
        element('span', { class: 'muted' }, result),
      ),
    );
    this.plan = element('ol', { class: 'messages plan', id: 'turn-plan', 'aria-label': 'The messages of a turn' }, ...plan);
    this.inside = element('div', { class: 'inside' }, this.list, element('div', { class: 'words' }, this.sentence, this.plan, this.facts));
    this.append(
      element('header', { class: 'panel-head' }, element('h2', {}, 'Inside a turn'), this.told),
      element(
        'div',
        { class: 'steps' },
        element('span', { class: 'buttons', role: 'group', 'aria-label': 'Step inside a turn' }, this.forD, this.forG, this.forMessage),
        element('label', { class: 'pace' }, element('span', { class: 'muted' }, 'Speed'), this.slider, this.speed),
      ),
      this.inside,
    );
    run.addEventListener('tempo', ({ detail }) => {
      this.#tempo = detail;
      this.#render();
    });
    run.addEventListener('exchanges', ({ detail }) => this.#exchanges(detail.exchanges));
    ['status', 'connection'].forEach((event) => run.addEventListener(event, () => this.#render()));
    this.#render();
  }

  async #advance(button, part) {
    if (button.getAttribute('aria-disabled') === 'true') {
      return;
    }
    this.#busy = true;
    button.setAttribute('aria-busy', 'true');
    try {
      await this.#run.command('advance', { part });
    } catch (error) {
      notify(error.message, 'error');
    }
    this.#busy = false;
    button.removeAttribute('aria-busy');
    this.#render();
  }

  async #pace() {
    this.#dragging = true;
    const turns = pace(Number(this.slider.value));
    this.#tell(turns);
    try {
      await api.command('pace', { turnsPerSecond: turns });
    } catch (error) {
      notify(error.message, 'error');
    }
    this.#dragging = false;
  }

  #tell(turns) {
    setText(this.speed, words(turns));
    this.slider.setAttribute('aria-valuetext', words(turns));
  }

  #render() {
    const { state } = this.#run;
    const { held, turnsPerSecond } = this.#tempo;
    const still = state === 'STOPPED' || state === 'FAILED';
    const next = held?.next ?? 'discriminator';
    this.forD.setAttribute('aria-disabled', !still || next !== 'discriminator');
    this.forG.setAttribute('aria-disabled', !still || next !== 'generator');
    this.forMessage.setAttribute('aria-disabled', !still);
    if (!this.#dragging) {
      this.slider.value = place(turnsPerSecond);
      this.#tell(turnsPerSecond);
    }
    this.slider.disabled = !this.#run.connected;
    const who = next === 'generator' ? 'G' : 'D';
    const which = held && held.updates > 1 ? ` (${held.update} of ${held.updates})` : '';
    setText(
      this.told,
      held
        ? `turn ${count(held.step)} is held: ${who} learns next${which}`
        : still
          ? 'stopped between two turns: D learns next'
          : state === 'RUNNING' && turnsPerSecond > 0
            ? 'in slow motion'
            : '',
    );
    if (state === 'RUNNING' && turnsPerSecond === 0 && !this.#busy) {
      this.#clear();
    }
    this.#plan();
    if (this.#turn.length === 0) {
      setText(
        this.sentence,
        still
          ? 'A turn is these messages. Press D-update to see each as it crosses the bus, with what it carries and how long it takes.'
          : 'A turn is these messages. Stop the run and step into one, or turn the speed down, to see each as it crosses the bus.',
      );
    }
  }

  #clear() {
    if (this.#turn.length > 0) {
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.#waiting = [];
      this.#turn = [];
      this.list.replaceChildren();
      this.facts.replaceChildren();
      this.#run.light(null);
    }
  }

  /** Those that come at once are shown one after the other. */
  #exchanges(exchanges) {
    this.#waiting.push(...exchanges);
    this.#waiting = this.#waiting.slice(-MOST_WAITING);
    if (!this.#timer) {
      this.#next();
    }
  }

  #next() {
    const exchange = this.#waiting.shift();
    this.#timer = exchange ? setTimeout(() => this.#next(), LIT) : 0;
    if (exchange) {
      if (this.#turn.length > 0 && this.#turn[0].step !== exchange.step) {
        this.#turn = [];
      }
      this.#turn = [...this.#turn, exchange].slice(-LISTED);
      this.#write(exchange);
      this.#run.light(exchange);
    }
  }

  /** Shown until a message is. */
  #plan() {
    this.plan.hidden = this.#turn.length > 0;
    this.toggleAttribute('data-empty', this.#turn.length === 0);
  }

  #write(exchange) {
    this.#plan();
    this.list.replaceChildren(
      ...this.#turn.map((each) => {
        const [tone, who, what] = PARTIES[each.message] ?? ['', '', each.message];
        return element(
          'li',
          { class: tone, 'aria-current': each === exchange ? 'step' : null, 'data-message': each.message },
          element('span', { class: 'who' }, who),
          element('span', { class: 'what' }, what),
          element('span', { class: 'number muted' }, millis(each.millis).join(' ')),
        );
      }),
    );
    setText(this.sentence, sentence(exchange));
    const figures = Object.entries(exchange.figures)
      .filter(([column]) => column in FIGURES)
      .map(([column, value]) => `${FIGURES[column]} ${measure(Number(value))}`);
    const facts = [
      ['Address', exchange.address],
      ['Carried', exchange.sent.map(shape).join(', ') || 'no tensor'],
      ['Came back', [...exchange.answered.map(shape), ...figures].join(', ') || 'no tensor'],
      ['Took', `${millis(exchange.millis).join(' ')}${exchange.learnMillis > 0 ? `, of which the optimiser ${millis(exchange.learnMillis).join(' ')}` : ''}`],
    ];
    this.facts.replaceChildren(...facts.flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, text)]));
  }
}

customElements.define('turn-view', TurnView);
