import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

const name = 'virtual:rules';
const folder = fileURLToPath(new URL('./src/rules/', import.meta.url));

/**
 * A plugin for the bundler and the test runner: `virtual:rules` imports every file of `src/rules/`, so that a new rule
 * is one file and no list. What rules share lies in folders beneath.
 */
export function rulesIndex(): Pick<Plugin, 'name' | 'resolveId' | 'load'> {
  return {
    name: 'lockstep-rules-index',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      const files = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
        .map((entry) => `${folder}${entry.name}`)
        .sort();
      const imports = files.map((file, i) => `import rule${i} from ${JSON.stringify(file)};`);
      return `${imports.join('\n')}\nexport const rules = [${files.map((_, i) => `rule${i}`).join(', ')}];`;
    },
  };
}
