import type { Found, HalfFiles, Material } from '../../src/core/material.js';
import { Secret } from '../../src/core/secret.js';
import { secretsOf } from '../../src/token/secrets.js';

/** One half of a checkout in words: its loader, and the text of its files. */
export interface WrittenHalf {
  readonly loader?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly siblings?: Readonly<Record<string, string>>;
  readonly secret?: string;
  readonly mode?: number;
  readonly tracked?: boolean;
  readonly modified?: number;
}

/** The material of a checkout with two halves; their secrets are candidates, as a run makes them. */
export function checkoutOf(
  frontend: WrittenHalf,
  backend: WrittenHalf,
  more: Partial<Material> = {},
): Partial<Material> {
  const halves = { frontend: half('frontend', frontend), backend: half('backend', backend) };
  const candidates = [frontend, backend].flatMap(({ files }, i) => {
    const text = Object.values(files).join('\n');
    const value = /^BETTER_AUTH_SECRET=(.*)$/m.exec(text)?.[1];
    const found = secretsOf({ BETTER_AUTH_SECRET: value });
    return found === null ? [] : [{ place: i === 0 ? 'the frontend' : 'the backend', set: found.secrets }];
  });
  return { halves, candidates, ...more };
}

function half(side: HalfFiles['side'], written: WrittenHalf): HalfFiles {
  const { loader = side === 'frontend' ? 'next' : 'python-dotenv', files, siblings = {}, secret = null } = written;
  const { mode = 0o600, tracked = false, modified = 0 } = written;
  const found = (text: string): Found => ({ kind: 'file', bytes: Buffer.from(text), mode, linked: false, modified });
  const seen = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([name, text]) => ({ path: `${side}/${name}`, found: found(text), tracked }));
  const names = { secret, database: null };
  return { side, dir: `/project/${side}`, loader, names, files: seen(files), siblings: seen(siblings) };
}

/** A session whose cookie Better Auth signed with this secret, by hand. */
export function sessionSignedBy(secret: string, sign: (secret: string, text: string) => string) {
  const token = 'Zk3vB8mQ2xR7tY1wL5nP9cD4fG6hJ0aS';
  const cookie = `better-auth.session_token=${encodeURIComponent(`${token}.${sign(secret, token)}`)}`;
  return {
    email: 'a@example.test',
    userId: 'user-a',
    jar: { cookieHeader: async () => cookie, store: async () => {} },
    headers: [],
  };
}

export const boxed = (text: string) => new Secret(text);
