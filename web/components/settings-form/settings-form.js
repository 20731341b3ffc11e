/**
 * What may be changed while the run goes on. A field is sent when it is left or on Enter; the trainer judges it, and its words
 * stand under the field.
 * @module
 */
import { element, setText } from '../../app/dom.js';
import { setting } from '../../app/format.js';

const FIELDS = [
  { name: 'generatorRate', label: 'Generator rate', tone: 'generator', whole: false },
  { name: 'discriminatorRate', label: 'Discriminator rate', tone: 'discriminator', whole: false },
  { name: 'discriminatorSteps', label: 'Discriminator steps k', whole: true },
  { name: 'reportEvery', label: 'Report every … turns', whole: true },
];

class SettingsForm extends HTMLElement {
  show(run) {
    const fields = FIELDS.map((field) => this.#field(field, run));
    this.append(
      element(
        'header',
        { class: 'panel-head' },
        element('h2', {}, 'Settings'),
        element('span', { class: 'muted hint' }, 'take effect with the next turn, and are kept in the journal'),
      ),
      element('div', { class: 'fields' }, ...fields.map(({ box }) => box)),
    );
    const render = () => fields.forEach((field) => field.render());
    ['status', 'connection'].forEach((event) => run.addEventListener(event, render));
    render();
  }

  #field({ name, label, tone, whole }, run) {
    const id = `setting-${name}`;
    const error = element('p', { class: 'error', id: `${id}-error`, role: 'alert' });
    const done = element('span', { class: 'done', 'aria-hidden': 'true' }, 'saved');
    const input = element('input', {
      type: 'text',
      inputmode: whole ? 'numeric' : 'decimal',
      id,
      'data-testid': id,
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-describedby': `${id}-error`,
      onchange: () => apply(),
      onkeydown: (event) => event.key === 'Escape' && restore(),
    });
    let sending = false;

    const inForce = () => setting(run.status?.settings?.[name]);
    const refuse = (message) => {
      setText(error, message);
      input.setAttribute('aria-invalid', message !== '');
    };
    const restore = () => {
      input.value = inForce();
      refuse('');
    };
    const apply = async () => {
      const value = Number(input.value.trim());
      if (input.value.trim() === inForce()) {
        refuse('');
        return;
      }
      if (input.value.trim() === '' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
        refuse(`Expected ${whole ? 'a whole number' : 'a number, as in 2e-4'}, found “${input.value}”.`);
        return;
      }
      sending = true;
      input.setAttribute('aria-busy', 'true');
      try {
        await run.change({ [name]: value });
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
    };
    const caption = element('label', { for: id }, ...(tone ? [element('span', { class: `swatch ${tone}` })] : []), label, done);
    return { render, box: element('div', { class: 'field' }, caption, input, error) };
  }
}

customElements.define('settings-form', SettingsForm);
