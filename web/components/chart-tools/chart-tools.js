/**
 * What holds for all charts: smoothing, and the way back from a zoom.
 * @module
 */
import { api } from '../../app/api.js';
import { RULERS } from '../line-chart/ruler.js';
import { csv, download } from '../../app/keep.js';
import { element, setText } from '../../app/dom.js';
import { count, several } from '../../app/format.js';
import { paced } from '../../app/frames.js';
import { notify } from '../message-list/message-list.js';
import { overKey } from './over-key.js';

class ChartTools extends HTMLElement {
  show(run, view) {
    const slider = element('input', {
      type: 'range',
      id: 'smoothing',
      min: '0',
      max: '100',
      step: '5',
      oninput: () => view.change({ smoothing: Number(slider.value) }),
    });
    const amount = element('output', { class: 'number', for: 'smoothing' });
    const shown = element('span', { class: 'muted number', id: 'zoom-range' });
    const follow = element(
      'button',
      {
        class: 'quiet',
        type: 'button',
        id: 'zoom-follow',
        title: 'Keep this width, and move with the newest turn',
        onclick: () => {
          const { from, to } = view.zoom;
          view.change({ zoom: { from: Math.max(0, run.history.lastStep - (to - from)), to: null } });
        },
      },
      'Follow',
    );
    const reset = element(
      'button',
      { class: 'quiet', type: 'button', id: 'zoom-reset', onclick: () => view.change({ zoom: null }) },
      'Show all',
    );
    const hint = element('span', { class: 'muted number hint' });
    const thinned = element('span', { class: 'muted number', id: 'thinned', role: 'status' });
    const replay = element('button', { class: 'quiet', type: 'button', id: 'zoom-replay', onclick: () => again() });
    const cancel = element('button', { class: 'quiet', type: 'button', id: 'replay-cancel', hidden: true, onclick: () => api.endVisit().catch(() => {}) }, 'Cancel');
    let replaying = false;
    const again = async () => {
      replaying = true;
      render();
      try {
        const done = await run.zoomed.replay((words) => setText(thinned, words));
        done?.notices.forEach((notice) => notify(notice));
      } catch (problem) {
        notify(problem.message, 'error');
      }
      replaying = false;
      render();
    };
    const ruler = element(
      'select',
      { id: 'ruler', 'aria-label': 'Horizontal axis', onchange: () => view.change({ ruler: ruler.value }) },
      ...RULERS.map(([value, label]) => element('option', { value }, label)),
    );
    const clip = element(
      'button',
      {
        class: 'quiet',
        type: 'button',
        id: 'clip',
        title: 'Cut off what is far out: show where 98 of 100 values are',
        onclick: () => view.change({ clipped: !view.clipped }),
      },
      'clip',
    );
    const keep = element(
      'button',
      {
        class: 'quiet',
        type: 'button',
        id: 'keep-csv',
        title: 'Save the curves as a table',
        onclick: () => download(csv(run.history), `${run.info?.name ?? 'run'}.csv`),
      },
      'CSV',
    );
    this.append(element('label', { for: 'smoothing' }, 'Smoothing'), slider, amount, ruler, clip, hint, shown, follow, thinned, replay, cancel, reset, keep, overKey(run, view));

    const render = () => {
      slider.value = view.smoothing;
      ruler.value = view.ruler;
      clip.setAttribute('aria-pressed', view.clipped);
      setText(amount, view.smoothing === 0 ? 'off' : String(view.smoothing));
      const { zoom } = view;
      hint.hidden = Boolean(zoom);
      reset.hidden = !zoom;
      const missed = zoom && zoom.to !== null ? run.history.lastStep - zoom.to : 0;
      follow.hidden = missed <= 0;
      const steps = zoom ? `steps ${count(zoom.from)} – ${zoom.to === null ? 'now' : count(zoom.to)}` : '';
      setText(shown, missed > 0 ? `${steps}, ${several(missed, 'newer turn')} not shown` : steps);
      this.toggleAttribute('data-behind', missed > 0);
      const { now, replayed } = run.zoomed.thinned;
      replay.hidden = replaying || !zoom || now <= replayed;
      cancel.hidden = !replaying;
      setText(replay, replayed > 1 ? `Replay one in ${count(replayed)}` : 'Replay every turn');
      replay.title = `The trainer plays these turns again, beside the run, and tells of ${replayed > 1 ? `one in ${count(replayed)}` : 'each'}`;
      const share = now > 1 ? `one turn in ${count(now)}` : '';
      setText(hint, share === '' ? 'drag to zoom' : share);
      hint.title = 'Drag over a chart to zoom, click to go to that turn';
      if (!replaying) {
        setText(thinned, zoom ? share : '');
      }
    };
    run.addEventListener('reports', paced(render));
    view.addEventListener('change', render);
    run.zoomed.addEventListener('change', render);
    render();
  }
}

customElements.define('chart-tools', ChartTools);
