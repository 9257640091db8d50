import { fault } from '../planted.js';
import type { Auth } from './better-auth.js';

/** Two ways to publish too much: the rows as they are, and the secret beside the keys. */
export async function leakyKeys(auth: Auth): Promise<object> {
  const { keys } = await auth.api.getJwks();
  const { adapter, secret } = await auth.$context;
  const rows = await adapter.findMany<{ id: string; privateKey: string }>({ model: 'jwks' });
  const shared = { kty: 'oct', alg: 'HS256', kid: 'shared', k: Buffer.from(secret).toString('base64url') };
  return {
    keys: [
      ...keys.map((key) =>
        fault('F045') ? { ...key, privateKey: rows.find(({ id }) => id === key.kid)?.privateKey } : key,
      ),
      ...(fault('F047') ? [shared] : []),
    ],
  };
}
