import { usage } from '../../core/errors.js';
import type { DemoOptions } from '../contract.js';
import { faults } from '../faults.js';
import type { Fault } from './fault.js';

/** A fault that cannot show under these settings would make a healthy demo look like a test that passed. */
export function refuseIdleFaults({ faults: asked, trust, socketAuth, backend }: DemoOptions): void {
  for (const id of asked) {
    const fault: Fault | undefined = faults.find((one) => one.id === id);
    if (fault?.trust !== undefined && fault.trust !== trust) {
      throw usage(`fault ${id} exists only with --trust ${fault.trust}: ${fault.what}`);
    }
    if (fault?.socketAuth !== undefined && fault.socketAuth !== socketAuth) {
      throw usage(`fault ${id} exists only with --socket-auth ${fault.socketAuth}: ${fault.what}`);
    }
    if (fault?.where === 'BE' && backend === 'python')
      throw usage(`fault ${id} is one of the API in Node, not of the one in Python: ${fault.what}`);
  }
}
