import type { Account, User } from '../core/target.js';
import type { Desk } from './desk.js';
import type { TargetConfig } from './schema.js';
import { sources, spelled } from './sources.js';

const judgeEmail = (text: string) => (/^\S+$/.test(text) ? null : 'must be an e-mail address');
const anything = () => null;

/** One of the two users, null where none is given. */
export function settleUser(desk: Desk, name: User['name'], entry: TargetConfig | null): User | null {
  const account = settleAccount(desk, `users.${name}`, `user ${name}`, entry?.users?.[name]);
  return account === null ? null : { name, ...account };
}

/** Who may remove users, null where nobody is given. */
export function settleAdmin(desk: Desk, entry: TargetConfig | null): Account | null {
  return settleAccount(desk, 'admin', 'the administrator', entry?.admin);
}

/** Half an account is a mistake that names the variable of the other half. */
function settleAccount(
  desk: Desk,
  at: 'users.a' | 'users.b' | 'admin',
  who: string,
  written: { readonly email?: string; readonly password?: string } | undefined,
): Account | null {
  const email = desk.text(`${at}.email`, judgeEmail, written?.email);
  const password = desk.secret(`${at}.password`, anything, written?.password);
  if (email !== null && password !== null) {
    return { email: desk.settle(`${at}.email`, email), password: desk.settle(`${at}.password`, password) };
  }
  // a wrong file may hold the other half, and a half that says nothing of use is on the list already
  const missing = (half: 'email' | 'password') =>
    desk.fileIsSound && written?.[half] === undefined && !desk.overridden(`${at}.${half}`);
  if (email !== null && missing('password')) {
    const hint = `set ${sources[`${at}.password`].variable}`;
    desk.mistakes.push({ origin: email.origin, text: `${who} has an e-mail address and no password`, hint });
  }
  if (password !== null && missing('email')) {
    const { flag, variable } = sources[`${at}.email`];
    const hint = `set ${variable} or give ${spelled(flag)}`;
    desk.mistakes.push({ origin: password.origin, text: `${who} has a password and no e-mail address`, hint });
  }
  return null;
}
