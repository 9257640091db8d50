import { configFaults } from './faults/config.js';
import { isolationFaults } from './faults/isolation.js';
import { refreshFaults } from './faults/refresh.js';
import { secretFaults } from './faults/secret.js';
import { sessionFaults } from './faults/session.js';
import { forgeryFaults } from './faults/token-forgery.js';
import { issueFaults } from './faults/token-issue.js';
import { refusalFaults } from './faults/token-refusal.js';
import { transportFaults } from './faults/transport.js';
import { wsFaults } from './faults/ws.js';

export type { Fault } from './faults/fault.js';

/**
 * Every fault that can be planted. In the code each is one line beside the healthy one, `if (fault('F149')) ...`, so
 * that the difference is the documentation. Ids are never reused.
 */
export const faults = [
  ...sessionFaults,
  ...issueFaults,
  ...forgeryFaults,
  ...refusalFaults,
  ...refreshFaults,
  ...wsFaults,
  ...isolationFaults,
  ...configFaults,
  ...secretFaults,
  ...transportFaults,
] as const;

export type FaultId = (typeof faults)[number]['id'];

/** Whether a text, from a command line say, names a fault. */
export function isFaultId(text: string): text is FaultId {
  return faults.some(({ id }) => id === text);
}
