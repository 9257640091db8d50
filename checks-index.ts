import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

const name = 'virtual:checks';
const folder = fileURLToPath(new URL('./src/checks/', import.meta.url));
/** The order of the groups on the page: as a user would debug. */
const groups = ['session', 'token', 'refresh', 'ws', 'isolation', 'config', 'secret', 'transport'];

/**
 * A plugin for the bundler and the test runner: `virtual:checks` imports every file of `src/checks/<group>/`, so that a
 * new check is one file and no list. A folder that is not a known group is a mistake, never silently left out.
 */
export function checksIndex(): Pick<Plugin, 'name' | 'resolveId' | 'load'> {
  return {
    name: 'lockstep-checks-index',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      const unknown = found.find((entry) => !groups.includes(entry.name));
      if (unknown !== undefined) throw new Error(`src/checks/${unknown.name} is not one of ${groups.join(', ')}`);
      const files = groups
        .filter((group) => found.some((entry) => entry.name === group))
        .flatMap((group) => filesOf(`${folder}${group}`));
      const imports = files.map((file, i) => `import check${i} from ${JSON.stringify(file)};`);
      return `${imports.join('\n')}\nexport const checks = [${files.map((_, i) => `check${i}`).join(', ')}];`;
    },
  };
}

function filesOf(group: string): string[] {
  return readdirSync(group)
    .sort()
    .map((file) => `${group}/${file}`);
}
