import type { Plugin } from 'rolldown';

/** `bin/lockstep.js` runs the chunks as scripts, in which `import()` of what Node has built in finds nothing. */
const imported = /\bimport\("(node:[\w/]+)"\)/g;

/**
 * `node:crypto` takes as long to load as half an empty Node process, and many a command that could need it does not.
 * A chunk asks for it where it is first used, not where the chunk begins.
 */
export function lateBuiltins(): Plugin {
  return {
    name: 'lockstep-late-builtins',
    renderChunk(chunk) {
      const code = chunk.replaceAll(imported, 'Promise.resolve(require("$1"))');
      const [opening, name] = /^let (node_crypto(?:\$\d+)?) = require\("node:crypto"\);$/m.exec(code) ?? [];
      if (opening === undefined || name === undefined) return code === chunk ? null : code;
      const use = new RegExp(`(?<![\\w$.])${name.replace('$', '\\$')}(?![\\w$])`, 'g');
      const late = `let ${name}_loaded; const ${name} = () => ${name}_loaded ??= require("node:crypto");`;
      // `new f().C()` makes an f, `new (f()).C()` a C
      const called = (_: string, at: number) => (code.slice(0, at).endsWith('new ') ? `(${name}())` : `${name}()`);
      return code.replaceAll(use, called).replace(opening.replaceAll(use, `${name}()`), late);
    },
  };
}
