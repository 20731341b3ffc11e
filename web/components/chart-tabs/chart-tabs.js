/**
 * The charts one looks at now and then, one at a time; only the one shown is drawn.
 * @module
 */
import { element } from '../../app/dom.js';

class ChartTabs extends HTMLElement {
  async show(run, view) {
    const { charts: all } = await run.catalogue;
    const declared = all.filter(({ name }) => !document.querySelector(`line-chart[chart="${name}"]`));
    const names = declared.map(({ name }) => name);
    const tabs = declared.map(({ name, title }) =>
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
            const turn = { ArrowRight: 1, ArrowLeft: names.length - 1 }[event.key];
            if (turn) {
              const open = names.filter((_, index) => !tabs[index].hidden);
              const next = open[(open.indexOf(name) + (turn === 1 ? 1 : open.length - 1)) % open.length];
              view.change({ tab: next });
              this.querySelector(`#tab-${next}`).focus();
            }
          },
        },
        title,
      ),
    );
    const charts = names.map((name) => element('line-chart', { chart: name, id: `${name}-chart` }));
    const panels = names.map((name, index) =>
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

    // A chart that has nothing to show yet has no tab, unless someone asks for it by the address.
    const full = () => declared.map(({ series }) => series.some(({ column }) => run.history.any(column)));
    const render = () => {
      const present = full();
      const shown = names.includes(view.tab) ? view.tab : names[0];
      names.forEach((name, index) => {
        tabs[index].hidden = !present[index] && name !== shown;
        tabs[index].setAttribute('aria-selected', name === shown);
        tabs[index].tabIndex = name === shown ? 0 : -1;
        panels[index].hidden = name !== shown;
      });
    };
    render();
    charts.forEach((chart) => chart.show(run, view));
    view.addEventListener('change', render);
    let known = '';
    run.addEventListener('reports', () => {
      const now = full().join();
      if (now !== known) {
        known = now;
        render();
      }
    });
  }
}

customElements.define('chart-tabs', ChartTabs);
