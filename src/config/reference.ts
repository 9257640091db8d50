import type { Form } from './url.js';
import { judgeDatabaseUrl } from './url.js';

const written = /^env:([A-Z_][A-Z0-9_]*)$/;

/**
 * The variable that `env:NAME` names, or null for any other text. Capitals only (POSIX.1-2017, 8.1): `env:hunter2` is
 * a password in the wrong place, and must not be named in a message about a variable that is not set.
 */
export function referenced(text: string): string | null {
  return written.exec(text)?.[1] ?? null;
}

const misnamed = 'names no variable: env: is followed by capitals, digits and _';

/** A password is never in the file, only the name of the variable that holds it. */
export const password: Form = {
  pattern: written.source,
  judge(text) {
    if (written.test(text)) return null;
    return text.startsWith('env:') ? misnamed : 'must not be in the file: write env:NAME, and set NAME';
  },
};

/** An e-mail address, or the name of the variable that holds it. Whether it exists is for the deployment to say. */
export const email: Form = {
  pattern: '^(env:[A-Z_][A-Z0-9_]*|(?!env:)\\S+)$',
  judge(text) {
    if (text.startsWith('env:')) return written.test(text) ? null : misnamed;
    return /^\S+$/.test(text) ? null : 'must be an e-mail address, or env:NAME';
  },
};

/** A database URL without a password, or the name of the variable that holds one with it. */
export const database: Form = {
  pattern: '^(env:[A-Z_][A-Z0-9_]*|postgres(ql)?(\\+\\w+)?://(?!.*:.*@).*)$',
  judge(text) {
    if (text.startsWith('env:')) return written.test(text) ? null : misnamed;
    const wrong = judgeDatabaseUrl(text);
    if (wrong === 'has-password') return 'has a password in it: write env:NAME, and set NAME';
    return wrong === null ? null : 'must be env:NAME, or a postgresql:// URL without a password';
  },
};
