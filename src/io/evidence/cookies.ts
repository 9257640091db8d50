/** The names of Better Auth's session cookie over http and https, where nobody changed them. */
const usual = ['better-auth.session_token', '__Secure-better-auth.session_token'];

/** Every name under which a session cookie is to be sent: those that the server clears, and the usual ones. */
export function cookieNames(cleared: readonly string[]): string[] {
  return [...new Set([...cleared, ...usual])];
}
