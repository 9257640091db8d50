import type { Half } from '../../setup/half.js';
import type { Consent } from '../../setup/shared-secret.js';
import type { Asker } from './asker.js';
import type { Options } from './options.js';

/** What flags say about secrets that are there; where they differ and somebody is there, what that person says. */
export async function consentOf(options: Options, frontend: Half, backend: Half, asker: Asker): Promise<Consent> {
  const given: Consent = {
    adopt: options.adopt ?? null,
    replace: options.replaceSecret === true,
    confirm: options.confirm ?? null,
  };
  const [one, other] = [frontend, backend].map((half) => half.value(half.service.names.secret));
  const differ = one && other && !one.equals(other);
  const { secret: name } = frontend.service.names;
  if (given.replace && given.confirm === null && (one || other)) {
    return { ...given, confirm: await asker.typed(`type ${name} to replace the secret`) };
  }
  if (!differ || given.adopt !== null || given.replace) return given;
  const choice = await asker.pick('the two sides hold different secrets', [
    { value: 'frontend', name: `keep the frontend's (${frontend.path})` },
    { value: 'backend', name: `keep the backend's (${backend.path})` },
    { value: 'new', name: 'make a new one for both' },
    { value: 'stop', name: 'change nothing' },
  ]);
  if (choice === 'frontend' || choice === 'backend') return { ...given, adopt: choice };
  if (choice !== 'new') return given;
  return { adopt: null, replace: true, confirm: await asker.typed(`type ${name} to replace the secret`) };
}
