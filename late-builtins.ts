import type { Plugin } from 'rolldown';
import { calling } from './late-chunks.js';

/** `bin/lockstep.js` runs the chunks as scripts, in which `import()` of what Node has built in finds nothing. */
const imported = /\bimport\("(node:[\w/]+)"\)/g;

const opening = /^let (node_(?:crypto|zlib)(?:\$\d+)?) = (require\("node:\w+"\));$/gm;

/**
 * `node:crypto` takes as long to load as half an empty Node process, and many a command that could need it does not; nor what
 * packs and unpacks. A chunk asks for it where it is first used, not where the chunk begins.
 */
export function lateBuiltins(): Plugin {
  return {
    name: 'lockstep-late-builtins',
    renderChunk(chunk) {
      let code = chunk.replaceAll(imported, 'Promise.resolve(require("$1"))');
      for (const [line, name = '', required] of code.matchAll(opening)) {
        const late = `let ${name}_loaded; const ${name} = () => ${name}_loaded ??= ${required};`;
        code = code
          .split(line)
          .map((part) => calling(part, name))
          .join(late);
      }
      return code === chunk ? null : code;
    },
  };
}
