import type { Plugin } from 'rolldown';

/** `const require_token = require("./token-1234.cjs");`, as chunks begin */
const opening = /^const (require_\w+(?:\$\d+)?) = (require\("\.\/[^"]+"\));$/gm;

/**
 * A chunk loads another one where it first uses it, not where it begins: what a run does not come past is not loaded, and what
 * it comes past late is not waited for at the start.
 */
export function lateChunks(): Plugin {
  return {
    name: 'lockstep-late-chunks',
    renderChunk(chunk) {
      let code = chunk;
      for (const [line, name = '', required] of chunk.matchAll(opening)) {
        code = calling(code.replace(line, ''), name);
        code = `let ${name}_loaded; const ${name} = () => ${name}_loaded ??= ${required};\n${code}`;
      }
      return code === chunk ? null : code;
    },
  };
}

/** The code with each use of a name as a call of it. */
export function calling(code: string, name: string): string {
  // a member of that name is another thing, and what is spread is not
  const use = new RegExp(`(?<![\\w$]|(?<!\\.\\.)\\.)${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g');
  // `new f().C()` makes an f, `new (f()).C()` a C
  return code.replaceAll(use, (_, at: number) => (code.slice(0, at).endsWith('new ') ? `(${name}())` : `${name}()`));
}
