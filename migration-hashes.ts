import { createHash } from 'node:crypto';
import type { Plugin } from 'rolldown';
import { layoutName, layouts, optionalSets } from './migrations/layout.js';
import { script } from './migrations/script.js';

const name = 'virtual:migration-hashes';

/**
 * A plugin for the bundler and the test runner: `virtual:migration-hashes` holds, for each step and each layout, the
 * SHA-256 of the statements that the step compiles to. So the program knows an edited step, and the layout that a
 * database was made with, without compiling anything.
 */
export function migrationHashes(): Pick<Plugin, 'name' | 'resolveId' | 'load'> {
  return {
    name: 'lockstep-migration-hashes',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    async load(id) {
      if (id !== `\0${name}`) return null;
      return `export const hashes = ${JSON.stringify(await hashesOfSteps(), null, 2)};`;
    },
  };
}

async function hashesOfSteps(): Promise<Record<string, Record<string, string>>> {
  const hashes: Record<string, Record<string, string>> = {};
  for (const layout of layouts) {
    for (const step of await script([], 'latest', layout, optionalSets)) {
      const hash = createHash('sha256').update(step.statements.join(';\n')).digest('hex');
      hashes[step.name] = { ...hashes[step.name], [layoutName(layout)]: hash };
    }
  }
  return hashes;
}
