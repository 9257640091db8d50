import type { User } from '../core/target.js';
import type { Desk } from './desk.js';
import type { TargetConfig } from './schema.js';
import { sources } from './sources.js';

const judgeEmail = (text: string) => (/^\S+$/.test(text) ? null : 'must be an e-mail address');
const anything = () => null;

/** One of the two users, null where none is given. Half a user is a mistake that names the variable of the other half. */
export function settleUser(desk: Desk, name: User['name'], entry: TargetConfig | null): User | null {
  const written = entry?.users?.[name];
  const email = desk.text(`users.${name}.email`, judgeEmail, written?.email);
  const password = desk.secret(`users.${name}.password`, anything, written?.password);
  if (email !== null && password !== null) {
    return {
      name,
      email: desk.settle(`users.${name}.email`, email),
      password: desk.settle(`users.${name}.password`, password),
    };
  }
  // a wrong file may hold the other half, and a half that says nothing of use is on the list already
  const missing = (half: 'email' | 'password') =>
    desk.fileIsSound && written?.[half] === undefined && !desk.overridden(`users.${name}.${half}`);
  if (email !== null && missing('password')) {
    const hint = `set ${sources[`users.${name}.password`].variable}`;
    desk.mistakes.push({ origin: email.origin, text: `user ${name} has an e-mail address and no password`, hint });
  }
  if (password !== null && missing('email')) {
    const hint = `set ${sources[`users.${name}.email`].variable} or give --user-${name}`;
    desk.mistakes.push({ origin: password.origin, text: `user ${name} has a password and no e-mail address`, hint });
  }
  return null;
}
