/**
 * The charts one looks at now and then, one at a time; only the one shown is drawn.
 * @module
 */
import { element } from '../../app/dom.js';
import { catalog } from '../line-chart/catalog.js';

const NAMES = ['gradient', 'ratio', 'speed'];

class ChartTabs extends HTMLElement {
  show(run, view) {
    const tabs = NAMES.map((name) =>
      element(
        'button',
        {
          class: 'quiet',
          type: 'button',
          role: 'tab',
          id: `tab-${name}`,
          'aria-controls': `panel-${name}`,
          onclick: () => view.change({ tab: name }),
          onkeydown: (event) => {
            const turn = { ArrowRight: 1, ArrowLeft: NAMES.length - 1 }[event.key];
            if (turn) {
              const next = NAMES[(NAMES.indexOf(name) + turn) % NAMES.length];
              view.change({ tab: next });
              this.querySelector(`#tab-${next}`).focus();
            }
          },
        },
        catalog[name].title,
      ),
    );
    const charts = NAMES.map((name) => element('line-chart', { chart: name, id: `${name}-chart` }));
    const panels = NAMES.map((name, index) =>
      element(
        'div',
        {
          id: `panel-${name}`,
          role: 'tabpanel',
          'aria-labelledby': `tab-${name}`,
        },
        charts[index],
      ),
    );
    this.append(element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'More charts' }, ...tabs), ...panels);

    const render = () => {
      const shown = NAMES.includes(view.tab) ? view.tab : NAMES[0];
      NAMES.forEach((name, index) => {
        tabs[index].setAttribute('aria-selected', name === shown);
        tabs[index].tabIndex = name === shown ? 0 : -1;
        panels[index].hidden = name !== shown;
      });
    };
    render();
    charts.forEach((chart) => chart.show(run, view));
    view.addEventListener('change', render);
  }
}

customElements.define('chart-tabs', ChartTabs);
