/**
 * What the run is made of: what never changes while it goes on.
 * @module
 */
import { element } from '../../app/dom.js';
import { count, several, short } from '../../app/format.js';

class RunFacts extends HTMLElement {
  show(run) {
    const list = element('dl');
    this.append(element('h2', { class: 'visually-hidden' }, 'About this run'), list);
    const render = () => {
      const { info } = run;
      const fact = (id, label, value, tone) =>
        element(
          'div',
          {},
          element('dt', {}, label),
          element(
            'dd',
            { class: 'number', id: `fact-${id}`, title: value },
            ...(tone ? [element('span', { class: `swatch ${tone}` })] : []),
            value,
          ),
        );
      list.replaceChildren(
        fact('data', 'Data', `${info.data.name}: ${count(info.data.size)} ${samples(info.data)}`),
        fact('batch', 'Batch', count(info.batch)),
        fact('seed', 'Seed', String(info.seed)),
        fact('latent', 'Latent', several(info.latent, 'dimension')),
        fact('generator', 'Generator', `${short(info.parametersG)} weights`, 'generator'),
        fact('discriminator', 'Discriminator', `${short(info.parametersD)} weights`, 'discriminator'),
        fact('kernels', 'Kernels', info.kernels),
        fact(
          'started',
          'Started',
          new Date(info.startedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
        ),
        fact('folder', 'Folder', info.folder),
        fact('version', 'VertiGAN', info.version),
      );
    };
    run.addEventListener('info', render);
  }
}

/** What a data set is made of. */
function samples({ kind, shape }) {
  return { 'points-1d': 'numbers', 'points-2d': 'points in the plane', points: `rows of ${shape[0]} columns` }[kind] ?? `images of ${shape.slice(0, 2).join('×')}${shape[2] === 3 ? ' in colour' : ''}`;
}

customElements.define('run-facts', RunFacts);
