import { randomBytes } from 'node:crypto';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import { Secret } from '../core/secret.js';

export interface Person {
  readonly email: string;
  readonly password: Secret;
}

/** Signs somebody up at `auth`, the auth server itself, as a browser on the page at `origin` would: with its Origin. */
export async function signUp(auth: string, origin: string, name: string): Promise<Person> {
  const email = `${name}.${randomBytes(6).toString('hex')}@example.invalid`;
  const password = new Secret(randomBytes(18).toString('base64url'));
  const answer = await fetch(`${auth}/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ name, email, password: password.reveal() }),
  }).catch((error: Error) => {
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    throw new LockstepError('demo-not-started', `no way to the auth server of the demo at ${auth}: ${why}`, {
      exit: Exit.unfinished,
      hint: 'it listens on 127.0.0.1: see that localhost leads there',
    });
  });
  await answer.arrayBuffer();
  if (answer.status !== 200) {
    throw new LockstepError('demo-not-started', `the auth server of the demo answered ${answer.status} to a sign-up`, {
      exit: Exit.unfinished,
    });
  }
  return { email, password };
}
