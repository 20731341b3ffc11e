/**
 * What may be changed while the run goes on, built from what the trainer declares. A field is sent when it is left or on Enter; the
 * trainer judges it, and its words stand under the field. Below it the newest edits, each with a way back.
 * @module
 */
import { element, setText } from '../../app/dom.js';
import { words } from '../../app/events.js';
import { count, setting } from '../../app/format.js';
import { notify } from '../message-list/message-list.js';

/** Edits listed, the newest. */
const LISTED = 6;
const TONES = { generator: 'generator', discriminator: 'discriminator' };

/** Values that are longer are schedules, and take more room. */
const WIDE = 12;

/** `generator.optimiser.rate` stands in the group `generator.optimiser`, `steps` in none. */
const group = (path) => path.slice(0, Math.max(0, path.lastIndexOf('.')));
const name = (path, title) => (title === '' ? path : path.slice(title.length + 1));

/** The groups of fields by title, those that would stand alone together with those in none. */
function grouped(settings) {
  const groups = Map.groupBy(settings, ({ path }) => group(path));
  return Map.groupBy(settings, ({ path }) => (groups.get(group(path)).length > 1 ? group(path) : ''));
}

class SettingsForm extends HTMLElement {
  async show(run) {
    this.append(
      element(
        'header',
        { class: 'panel-head' },
        element('h2', {}, 'Settings'),
        element('span', { class: 'muted hint' }, 'take effect with the next turn, and are kept in the journal'),
      ),
    );
    const { settings } = await run.catalogue;
    const fields = [];
    const help = element('p', { class: 'help', role: 'status' });
    this.addEventListener('focusin', ({ target }) => {
      const at = fields.find(({ box }) => box.contains(target));
      at?.box.append(help);
      setText(help, at?.help() ?? '');
    });
    this.addEventListener('focusout', () => help.remove());
    for (const [title, declared] of grouped(settings)) {
      const members = declared.map((one) => this.#field(one, title, run));
      fields.push(...members);
      const caption = title === '' ? [] : [element('legend', {}, ...swatch(title), title)];
      const boxes = members.map(({ box }) => box);
      this.append(element('fieldset', {}, ...caption, element('div', { class: 'fields' }, ...boxes)));
    }
    const edits = element('section', { class: 'edits', hidden: true });
    this.append(edits);
    run.addEventListener('edits', () => this.#list(edits, run));
    const render = () => fields.forEach((field) => field.render());
    ['status', 'connection'].forEach((event) => run.addEventListener(event, render));
    render();
  }

  /** What was changed when, newest first. */
  #list(section, run) {
    section.hidden = run.edits.length === 0;
    section.replaceChildren(
      element('h3', {}, 'Edits'),
      element(
        'ol',
        {},
        ...run.edits
          .slice(-LISTED)
          .reverse()
          .map((edit) => entry(edit, run)),
      ),
    );
  }

  #field({ path, meaning, expected, kind, choices, default: initial }, title, run) {
    const id = `setting-${path.replaceAll('.', '-')}`;
    const error = element('p', { class: 'error', id: `${id}-error`, role: 'alert' });
    const done = element('span', { class: 'done', 'aria-hidden': 'true' }, 'saved');
    const attributes = {
      id,
      'data-testid': id,
      'data-path': path,
      title: `${meaning}: ${expected}`,
      'aria-describedby': `${id}-error`,
      onchange: () => apply(),
      onkeydown: (event) => event.key === 'Escape' && restore(),
    };
    const input =
      kind === 'choice'
        ? element('select', attributes, ...choices.map((choice) => element('option', { value: choice }, String(choice))))
        : element('input', {
            ...attributes,
            type: 'text',
            inputmode: { whole: 'numeric', real: 'decimal' }[kind] ?? 'text',
            autocomplete: 'off',
            spellcheck: 'false',
          });
    let sending = false;

    const inForce = () => setting(run.status?.settings?.[path]);
    const refuse = (message) => {
      setText(error, message);
      input.setAttribute('aria-invalid', message !== '');
    };
    const restore = () => {
      input.value = inForce();
      refuse('');
    };
    const apply = async () => {
      const text = input.value.trim();
      if (text === inForce()) {
        refuse('');
        return;
      }
      sending = true;
      input.setAttribute('aria-busy', 'true');
      try {
        await run.change({ [path]: text !== '' && Number.isFinite(Number(text)) ? Number(text) : text });
        restore();
        done.animate({ opacity: [1, 1, 0] }, 1800);
      } catch (problem) {
        refuse(problem.message);
      }
      sending = false;
      input.setAttribute('aria-busy', 'false');
    };
    const render = () => {
      input.disabled = !run.connected || run.state === 'STARTING';
      // What a person is typing, or has typed wrong, is theirs.
      if (document.activeElement !== input && !sending && input.getAttribute('aria-invalid') !== 'true') {
        input.value = inForce();
      }
      box.classList.toggle('wide', input.value.length > WIDE);
    };
    const caption = element('label', { for: id }, name(path, title), done);
    const box = element('div', { class: 'field' }, caption, input, error);
    const help = () => `${meaning}: ${expected}; at first ${setting(run.info?.begun?.[path] ?? initial)}`;
    return { render, help, box };
  }
}

/** An edit, and the button that takes it back: by another edit, from here on. */
function entry({ step, changes }, run) {
  const known = changes.filter(({ before }) => before !== undefined);
  const undo = async () => {
    try {
      await run.change(Object.fromEntries(known.map(({ path, before }) => [path, before])));
      notify(`As before: ${known.map(({ path, before, after }) => words({ path, before: after, after: before })).join(', ')}.`);
    } catch (problem) {
      notify(problem.message, 'error');
    }
  };
  return element(
    'li',
    {},
    element('span', { class: 'number muted' }, count(step)),
    element('span', { class: 'words' }, changes.map(words).join(', ')),
    element('button', { type: 'button', class: 'quiet undo', hidden: known.length === 0, onclick: undo }, 'Undo'),
  );
}

/** The colour of whose setting it is. */
function swatch(title) {
  const tone = TONES[title.split('.')[0]];
  return tone ? [element('span', { class: `swatch ${tone}` })] : [];
}

customElements.define('settings-form', SettingsForm);
