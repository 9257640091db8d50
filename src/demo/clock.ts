import { fault } from './planted.js';

/** What time this process believes it is. */
export function clock(): Date {
  return new Date(Date.now() - (fault('F188') ? 600_000 : 0));
}
