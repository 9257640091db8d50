import { isLoopbackHost } from '../core/host.js';

/** Names under which anybody can have one: no browser takes a cookie for them. The usual ones; there are thousands. */
const ofEverybody =
  /^([^.]+|(co|com|org|net|gov|ac|edu|or|ne|go)\.[a-z]{2}|(vercel|netlify|web|firebaseapp|herokuapp|onrender|railway|fly|pages|workers|github|gitlab|azurewebsites|cloudfront|amazonaws|ngrok|ngrok-free)\.(app|dev|io|com|net)|up\.railway\.app)$/;

/**
 * The narrowest name that two hosts (`URL.hostname`) have in common, so that they are one site to a browser: the host
 * itself where they are the same or both this machine. Null for two sites.
 */
export function sharedSite(own: string, other: string): string | null {
  if (own === other || (isLoopbackHost(own) && isLoopbackHost(other))) return own;
  if ([own, other].some((host) => /^[\d.]+$|^\[/.test(host))) return null;
  const [labels, others] = [own, other].map((host) => host.split('.').toReversed()) as [string[], string[]];
  const different = labels.findIndex((label, n) => label !== others[n]);
  const shared = labels
    .slice(0, different === -1 ? labels.length : different)
    .toReversed()
    .join('.');
  return shared === '' || ofEverybody.test(shared) ? null : shared;
}
