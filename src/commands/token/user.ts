import { refused } from '../../core/errors.js';
import type { Target, User } from '../../core/target.js';
import type { World } from '../../world.js';

/** User a or b of the target, else by asking at the terminal; where nobody can be asked, refused with the variables. */
export async function someUser(target: Target, name: User['name'], mayAsk: boolean, world: World): Promise<User> {
  const user = target.users[name];
  if (user !== null) return user;
  if (!mayAsk || !world.prompt.interactive) {
    const hint = `give --user-${name} and LOCKSTEP_${name.toUpperCase()}_PASSWORD`;
    throw refused('no-user', `no user ${name} to sign in, and nobody to ask`, hint);
  }
  const email = await world.prompt.text({ question: `E-mail address at ${target.auth}`, usual: '', fault: notAddress });
  const password = await world.prompt.hidden({ question: `Password of ${email}`, fault: notPassword });
  return { name, email, password };
}

function notAddress(text: string): string | null {
  return /^\S+@\S+$/.test(text) ? null : 'an e-mail address has an @ and no spaces';
}

function notPassword(text: string): string | null {
  return text === '' ? 'a password is not empty' : null;
}
