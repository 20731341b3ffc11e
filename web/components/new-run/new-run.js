/**
 * Begins another run from the page: a preset chosen by what its data look like, or data of one's own, drawn or dropped.
 * @module
 */
import { api } from '../../app/api.js';
import { element, setText } from '../../app/dom.js';
import { typed } from '../../app/format.js';
import { notify } from '../message-list/message-list.js';
import { filesOf, ofFiles, ofSketch } from './own-data.js';
import { Sketch } from './sketch.js';

/** Files on their way at once. */
const AT_ONCE = 4;

class NewRun extends HTMLElement {
  #own = null; // data of one's own, if they are chosen
  #named = false;

  show(run) {
    this.#build();
    this.append(
      element('button', { type: 'button', id: 'new-run', class: 'quiet', title: 'Begin another run', onclick: () => this.#open() }, 'New run'),
      this.dialog,
    );
    run.addEventListener('info', () => this.dialog.open && this.#told && this.dialog.close());
  }

  #told = false;

  #build() {
    this.presets = element('div', { class: 'presets', role: 'radiogroup', 'aria-label': 'Preset' });
    this.sketch = new Sketch(() => {
      this.toggleAttribute('data-drawn', !this.sketch.empty);
      this.#choose(this.sketch.empty ? null : { sketch: true, preset: 'ring', words: 'your drawing' });
    });
    this.cue = element('p', { class: 'cue muted' }, 'Draw here: G learns to put points where it is dark.');
    const clear = element('button', { type: 'button', class: 'quiet', onclick: () => this.sketch.clear() }, 'Clear');
    this.picker = element('input', { type: 'file', id: 'own-files', multiple: true, accept: '.png,.jpg,.jpeg,.webp,.bmp,.zip,.npy,.csv', 'aria-label': 'Files' });
    this.picker.addEventListener('change', () => this.#take([...this.picker.files]));
    this.drop = element(
      'div',
      { class: 'drop' },
      element('p', {}, 'Drop a folder of images, a .zip of one, a .npy of points or images, or a .csv of numbers here, or choose files:'),
      this.picker,
    );
    this.drop.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.drop.toggleAttribute('data-over', true);
    });
    this.drop.addEventListener('dragleave', () => this.drop.removeAttribute('data-over'));
    this.drop.addEventListener('drop', async (event) => {
      event.preventDefault();
      this.drop.removeAttribute('data-over');
      this.#take(await filesOf(event.dataTransfer.items));
    });
    this.name = element('input', { type: 'text', id: 'new-run-name', autocomplete: 'off', spellcheck: 'false', oninput: () => (this.#named = true) });
    this.settings = element('input', {
      type: 'text',
      id: 'new-run-settings',
      placeholder: 'batch=128, game.objective=hinge',
      autocomplete: 'off',
      spellcheck: 'false',
    });
    this.told = element('p', { class: 'told', id: 'new-run-told', role: 'status' });
    this.go = element('button', { type: 'submit', class: 'primary', id: 'begin' }, 'Begin');
    const form = element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'new-run-title' }, 'New run'),
      element('p', { class: 'muted' }, 'It takes the place of this run, which is saved first and stays in the list.'),
      this.presets,
      element('h3', {}, 'Or data of your own'),
      element('div', { class: 'own' }, element('div', { class: 'sketch' }, this.sketch.canvas, this.cue, clear), this.drop),
      element(
        'div',
        { class: 'fields' },
        element('label', {}, 'Name', this.name),
        element('label', {}, 'Settings that differ', this.settings),
      ),
      this.told,
      element(
        'div',
        { class: 'buttons' },
        this.go,
        element('button', { type: 'button', onclick: () => this.dialog.close() }, 'Cancel'),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#begin();
    });
    this.dialog = element('dialog', { id: 'new-run-dialog', 'aria-labelledby': 'new-run-title' }, form);
  }

  async #open() {
    setText(this.told, '');
    this.dialog.showModal();
    if (this.presets.children.length === 0) {
      const presets = await api.presets().catch((problem) => {
        setText(this.told, problem.message);
        return [];
      });
      this.presets.replaceChildren(...presets.map((preset, index) => this.#card(preset, index === 0)));
      this.#suggest();
    }
  }

  #card({ name, data, objective }, checked) {
    const radio = element('input', { type: 'radio', name: 'preset', value: name, checked, onchange: () => this.#choose(null) });
    const picture = element('img', { src: `api/presets/${name}.png`, alt: '', loading: 'lazy', width: 72, height: 72 });
    picture.addEventListener('error', () => picture.replaceWith(element('span', { class: 'blank muted' }, 'data not here yet')));
    return element('label', { class: 'preset' }, radio, picture, element('strong', {}, name), element('span', { class: 'muted' }, `${data}, ${objective}`));
  }

  get #preset() {
    return this.#own?.preset ?? this.presets.querySelector(':checked')?.value;
  }

  /** @param {object|null} own null: the preset's own data */
  #choose(own) {
    this.#own = own;
    if (own) {
      this.presets.querySelectorAll(':checked').forEach((radio) => (radio.checked = false));
    }
    this.toggleAttribute('data-own', own !== null);
    setText(this.told, own ? `${own.words}, learned by the networks of ${own.preset}` : '');
    this.#suggest();
  }

  #suggest() {
    if (!this.#named && this.#preset) {
      const date = new Date();
      const two = (value) => String(value).padStart(2, '0');
      const stamp = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
      this.name.value = `${stamp}-${this.#own ? 'own' : this.#preset}`;
    }
  }

  async #take(files) {
    try {
      this.#choose(await ofFiles(files));
    } catch (problem) {
      this.#choose(null);
      setText(this.told, problem.message);
    }
  }

  async #begin() {
    this.go.disabled = true;
    try {
      const name = this.name.value.trim();
      const settings = typed(this.settings.value);
      let set = null;
      if (this.#own) {
        const own = this.#own.sketch ? ofSketch(await this.sketch.picture()) : this.#own;
        set = `own-${Date.now()}`;
        await this.#send(set, own.files);
        Object.assign(settings, { ...own.settings, ...settings });
      }
      setText(this.told, 'reading its data …');
      await api.begin(name, this.#preset, settings, set);
      setText(this.told, 'saving this run …');
      await api.play(name);
      this.#told = true;
      this.#own = null;
      this.#named = false;
      this.dialog.close();
      notify(`${name} is opened: this run is saved and closed first.`);
    } catch (problem) {
      setText(this.told, problem.message);
    }
    this.go.disabled = false;
  }

  async #send(set, files) {
    let sent = 0;
    const rest = [...files];
    const worker = async () => {
      for (let file = rest.shift(); file; file = rest.shift()) {
        await api.upload(set, file.name, file.blob);
        sent++;
        setText(this.told, `sent ${sent} of ${files.length}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
}

customElements.define('new-run', NewRun);
