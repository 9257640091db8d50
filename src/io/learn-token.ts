/** A token, and the parts of it that a forged one shares; the header is no secret and stays readable. */
export function learnToken(token: string, learn: (secret: string) => void): void {
  const [, payload = '', signature = ''] = token.split('.');
  for (const secret of [token, payload, signature]) if (secret.length >= 12) learn(secret);
}
