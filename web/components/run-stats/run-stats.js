/**
 * The run in numbers, and how far it is.
 * @module
 */
import { element, setText } from '../../app/dom.js';
import { count, duration } from '../../app/format.js';
import { paced } from '../../app/frames.js';

class RunStats extends HTMLElement {
  show(run) {
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
      // Reports come twenty times a second, a status once: the newer of the two counts.
      const now = Math.max(status.step, status.state === 'RUNNING' ? history.lastStep : 0);
      const millis = history.column('turnMillis').at(-1);
      setText(step.value, count(now));
      setText(step.more, status.steps > 0 ? `of ${count(status.steps)}` : '');
      step.value.dataset.step = now;
      setText(epoch.value, status.epoch.toFixed(2));
      setText(speed.value, status.state === 'RUNNING' ? count(status.imagesPerSecond) : '–');
      setText(turn.value, millis === undefined ? '–' : millis.toPrecision(3));
      setText(turn.more, millis === undefined ? '' : 'ms');
      setText(left.value, status.steps > 0 || status.state !== 'RUNNING' ? duration(status.secondsLeft) : 'endless');
      setText(checkpoint.value, status.checkpointStep === null ? 'none yet' : count(status.checkpointStep));
      progress.toggleAttribute('data-endless', !(status.steps > 0));
      progress.setAttribute('aria-valuenow', now);
      progress.setAttribute('aria-valuemax', status.steps > 0 ? status.steps : now);
      bar.style.transform = `scaleX(${status.steps > 0 ? Math.min(1, now / status.steps) : 0})`;
    };
    run.addEventListener('connection', () => this.toggleAttribute('data-stale', !run.connected));
    run.addEventListener('status', render);
    run.addEventListener('reports', paced(render));
  }
}

customElements.define('run-stats', RunStats);
