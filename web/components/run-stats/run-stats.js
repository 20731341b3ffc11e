/**
 * The run in numbers, and how far it is.
 * @module
 */
import { element, setText } from '../../app/dom.js';
import { count, duration, millis } from '../../app/format.js';
import { paced } from '../../app/frames.js';
import { shown } from '../../app/moment.js';

class RunStats extends HTMLElement {
  show(run, view) {
    const bar = element('div', { class: 'bar' });
    const progress = element(
      'div',
      { class: 'progress', id: 'progress', role: 'progressbar', 'aria-label': 'Turns made', 'aria-valuemin': '0' },
      bar,
    );
    const list = element('dl');
    const stat = (id, label, title) => {
      const value = element('span', { id, 'data-testid': id }, '–');
      const more = element('span', { class: 'more' });
      list.append(element('div', { title }, element('dt', {}, label), element('dd', { class: 'number' }, value, more)));
      return { value, more };
    };
    const step = stat('step', 'Step', 'Turns completed');
    const epoch = stat('epoch', 'Epoch', 'Passes over the data set');
    const speed = stat('speed', 'Images / s', 'Real samples consumed per second');
    const turn = stat('turn-millis', 'Turn', 'Mean wall time of a turn');
    const left = stat('time-left', 'Time left', 'At the present speed');
    const checkpoint = stat('checkpoint', 'Checkpoint', 'Step of the newest verified checkpoint');
    this.append(progress, list);

    const render = () => {
      const { status, history } = run;
      if (!status) {
        return;
      }
      const { past, row, step: now } = shown(run, view);
      const [time, unit] = millis(history.value('turnMillis', row));
      setText(step.value, count(now));
      setText(step.more, past ? 'in the past' : status.steps > 0 ? `of ${count(status.steps)}` : '');
      step.value.dataset.step = now;
      setText(epoch.value, past ? '–' : status.epoch.toFixed(2));
      setText(speed.value, past ? count(history.value('imagesPerSecond', row)) : status.state === 'RUNNING' ? count(status.imagesPerSecond) : '–');
      setText(turn.value, time);
      setText(turn.more, unit);
      setText(left.value, past ? '–' : status.steps > 0 || status.state !== 'RUNNING' ? duration(status.secondsLeft) : 'endless');
      this.toggleAttribute('data-past', past);
      setText(checkpoint.value, status.checkpointStep === null ? 'none yet' : count(status.checkpointStep));
      progress.toggleAttribute('data-endless', !(status.steps > 0));
      progress.setAttribute('aria-valuenow', now);
      progress.setAttribute('aria-valuemax', status.steps > 0 ? status.steps : now);
      bar.style.transform = `scaleX(${status.steps > 0 ? Math.min(1, now / status.steps) : 0})`;
    };
    run.addEventListener('connection', () => this.toggleAttribute('data-stale', !run.connected));
    view.addEventListener('moment', render);
    run.addEventListener('status', render);
    run.addEventListener('reports', paced(render));
  }
}

customElements.define('run-stats', RunStats);
