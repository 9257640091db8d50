import * as z from 'zod/mini';
import type { Form } from './url.js';

/** The description that editors show. */
export function said<T extends z.ZodMiniType>(description: string, type: T): T {
  return type.check(z.describe(description));
}

/** A text in a form: judged by us, its pattern for editors. */
export function formed({ pattern, judge }: Form) {
  return z.string().check((seen) => {
    const message = judge(seen.value);
    if (message !== null) seen.issues.push({ code: 'custom', message, input: seen.value });
  }, z.meta({ pattern }));
}

/** The same, where it can be left out. */
export function opt(form: Form) {
  return z.exactOptional(formed(form));
}

/** A text that is not blank. */
export function filled() {
  return formed({ pattern: '\\S', judge: (text) => (/\S/.test(text) ? null : 'must not be empty') });
}

/** The name of an environment variable. */
export function variable() {
  const pattern = '^[A-Za-z_][A-Za-z0-9_]*$';
  return formed({
    pattern,
    judge: (text) => (new RegExp(pattern).test(text) ? null : 'must be the name of an environment variable'),
  });
}

/** A JSON Pointer, RFC 6901. */
export function pointer() {
  const pattern = '^(/([^~/]|~[01])*)*$';
  return formed({
    pattern,
    judge: (text) => (new RegExp(pattern).test(text) ? null : 'must be a JSON Pointer (RFC 6901), such as /user/id'),
  });
}
