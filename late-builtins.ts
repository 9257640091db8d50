import type { Plugin } from 'rolldown';

/**
 * `node:crypto` takes as long to load as half an empty Node process, and many a command that could need it does not.
 * A chunk asks for it where it is first used, not where the chunk begins.
 */
export function lateBuiltins(): Plugin {
  return {
    name: 'lockstep-late-builtins',
    renderChunk(code) {
      const [opening, name] = /^let (node_crypto(?:\$\d+)?) = require\("node:crypto"\);$/m.exec(code) ?? [];
      if (opening === undefined || name === undefined) return null;
      const use = new RegExp(`(?<![\\w$.])${name.replace('$', '\\$')}(?![\\w$])`, 'g');
      const late = `let ${name}_loaded; const ${name} = () => ${name}_loaded ??= require("node:crypto");`;
      return code.replaceAll(use, `${name}()`).replace(opening.replaceAll(use, `${name}()`), late);
    },
  };
}
