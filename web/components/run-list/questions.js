/**
 * What is asked before a run is renamed or deleted.
 * @module
 */
import { element } from '../../app/dom.js';
import { count } from '../../app/format.js';

/** @returns {Promise<string>} the value of the button that was pressed; '' if it was closed otherwise */
function ask(title, ...content) {
  const dialog = element(
    'dialog',
    { class: 'question', 'aria-labelledby': 'question-title' },
    element('form', { method: 'dialog' }, element('h2', { id: 'question-title' }, title), ...content),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

const button = (value, label, kind = '') => element('button', { type: 'submit', value, class: kind }, label);

/** @returns {Promise<string|null>} */
export async function askForName(name) {
  const field = element('input', { type: 'text', id: 'new-name', 'aria-label': 'New name', autocomplete: 'off', spellcheck: 'false', value: name });
  const answer = await ask(`Rename ${name}`, field, element('div', { class: 'buttons' }, button('rename', 'Rename', 'primary'), button('', 'Cancel')));
  return answer === 'rename' ? field.value.trim() : null;
}

/** @param {string[]} branches runs that began from it */
export async function askToDelete(name, step, branches) {
  const kept = branches.length > 0 ? element('p', {}, `Runs that branched from it stay: ${branches.join(', ')}.`) : '';
  const answer = await ask(
    `Delete ${name}?`,
    element('p', {}, `Its ${count(step)} turns, checkpoints, curves and pictures are gone for good, and data that were sent for it alone.`),
    kept,
    element('div', { class: 'buttons' }, button('', 'Keep it', 'primary'), button('delete', 'Delete', 'danger')),
  );
  return answer === 'delete';
}
