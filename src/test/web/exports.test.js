import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

const sources = ['../../../web', '.'].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.js') && !file.includes('node_modules'))
    .map((file) => readFileSync(join(folder, file), 'utf8')),
);

test('what is exported is imported somewhere', () => {
  const imported = new Set(
    sources.flatMap((text) => [...text.matchAll(/(?:import|const)\s*\{([^}]*)\}\s*(?:from|= await import)/g)].flatMap(([, names]) => names.split(',').map((name) => name.trim().split(' ')[0]))),
  );
  const exported = sources.flatMap((text) => [...text.matchAll(/^export (?:async )?(?:const|let|class|function\*?) (\w+)/gm)].map(([, name]) => name));
  assert.deepEqual(
    exported.filter((name) => !imported.has(name)),
    [],
  );
});
