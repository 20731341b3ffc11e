/**
 * What a person must know at once: the run failed, the trainer is away, the page may not look.
 * @module
 */
import { element, setText } from '../../app/dom.js';
import { count, setting } from '../../app/format.js';
import { notify } from '../message-list/message-list.js';

const RATES = ['generator.optimiser.rate', 'discriminator.optimiser.rate'];

class RunNotices extends HTMLElement {
  show(run) {
    const failed = notice('failure', 'alert');
    const undone = notice('undone', 'status');
    const lost = notice('connection-lost', 'status');
    const denied = notice('access-denied', 'alert');
    const retry = element('button', { type: 'button', class: 'quiet', onclick: () => run.connection.retry() }, 'Try now');
    lost.box.append(retry);
    const enter = element('button', { type: 'button', class: 'quiet', onclick: () => location.reload() }, 'Enter it');
    denied.box.append(enter);
    const ended = notice('ended', 'status');
    const found = notice('findings', 'status');
    const preparing = notice('evaluator', 'status');
    const mend = element('button', { type: 'button', class: 'primary', id: 'failure-resume', onclick: () => again(run, mend) });
    failed.box.append(mend);
    this.append(denied.box, lost.box, undone.box, failed.box, ended.box, found.box, preparing.box);

    const render = () => {
      const { state, retryAt, denial } = run.connection;
      denied.box.hidden = state !== 'denied';
      setText(denied.title, 'Access denied.');
      const tokenAsked = denial?.status === 401;
      setText(denied.text, tokenAsked ? 'The trainer asks for a token.' : (denial?.message ?? ''));
      enter.hidden = !tokenAsked;

      lost.box.hidden = !(state === 'waiting' || (state === 'connecting' && !lost.box.hidden));
      const seconds = Math.ceil((retryAt - Date.now()) / 1000);
      setText(lost.title, run.status ? 'Connection lost.' : 'The trainer does not answer.');
      setText(
        lost.text,
        `${run.status ? 'You see the last that arrived; what was reported since will be filled in. ' : ''}${
          state === 'waiting' && seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again …'
        }`,
      );
      retry.disabled = state !== 'waiting';

      const turns = run.status?.undone ?? 0;
      undone.box.hidden = !turns || !lost.box.hidden;
      setText(undone.title, `${count(turns)} ${turns === 1 ? 'turn' : 'turns'} undone.`);
      setText(undone.text, 'They were played once but not saved before the trainer ended. They are played again, to the same result.');

      const reason = run.status?.reason;
      ended.box.hidden = !reason;
      setText(ended.title, `Ended at step ${count(run.status?.step ?? 0)}.`);
      setText(ended.text, reason ?? '');

      const findings = run.status?.findings ?? [];
      found.box.hidden = !findings.length;
      setText(found.title, findings.map(({ message }) => `${sentence(message)}.`).join(' '));
      setText(found.advice, findings.map(({ advice }) => `${sentence(advice)}.`).join(' '));

      const trained = run.history.value('evaluatorTrained', run.history.length - 1) ?? 1;
      preparing.box.hidden = trained >= 1;
      setText(preparing.title, 'Samples are not evaluated yet.');
      setText(
        preparing.text,
        `The network that images are seen with is ${Math.floor(100 * trained)} % trained, within the share of the time that evaluation may take.`,
      );
      setText(preparing.advice, '“vertigan evaluate --prepare” has it ready before a run.');

      const failure = run.status?.failure;
      failed.box.hidden = !failure;
      if (failure) {
        setText(failed.title, `Failed in step ${count(failure.step)}.`);
        setText(failed.text, `${failure.message}.`);
        setText(failed.advice, failure.advice ? `${sentence(failure.advice)}.` : '');
        setText(mend, failure.kind === 'non-finite' && halvable(run) ? 'Halve the learning rates and resume' : 'Resume');
        mend.hidden = failure.kind === 'out-of-memory' || failure.kind === 'defect';
        mend.disabled = run.state !== 'FAILED' || mend.ariaBusy === 'true';
      }
    };
    ['status', 'connection', 'reports'].forEach((event) => run.addEventListener(event, render));
    setInterval(() => run.connection.state === 'waiting' && render(), 500);
    render();
  }
}

/** With a capital first letter. */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Half of a number, or of all values of a schedule. */
const half = (rate) =>
  typeof rate === 'number' ? rate / 2 : rate.replaceAll(/^[^,]+|(?<=to )\S+/g, (value) => String(Number(value) / 2));

/** Whether both rates are numbers: a schedule is for its author to change. */
const halvable = (run) => RATES.every((path) => Number.isFinite(run.status.settings[path]));

/** Does what the notice advises. */
async function again(run, button) {
  button.disabled = true;
  button.ariaBusy = 'true';
  try {
    if (run.status.failure.kind === 'non-finite' && halvable(run)) {
      const halved = RATES.map((path) => [path, half(run.status.settings[path])]);
      await run.change(Object.fromEntries(halved));
      notify(`Learning rates are now ${halved.map(([, rate]) => setting(rate)).join(' (G) and ')} (D).`);
    }
    await run.command('resume');
  } catch (error) {
    notify(error.message, 'error');
  }
  button.ariaBusy = 'false';
  button.disabled = run.state !== 'FAILED';
}

function notice(id, role) {
  const title = element('strong');
  const text = element('span', { class: 'text' });
  const advice = element('span', { class: 'advice' });
  return {
    title,
    text,
    advice,
    box: element('div', { class: 'notice', id, 'data-testid': id, role, hidden: true }, element('p', {}, title, text, advice)),
  };
}

customElements.define('run-notices', RunNotices);
