import { defineCheck, pass, problem, skip, warn } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import { items, pointer } from '../../core/reply.js';
import { openedHalves } from '../../env-file/halves/opened.js';
import { clause, relation } from '../../env-file/halves/relation.js';
import type { Half, Held } from '../../env-file/halves/service.js';
import { held } from '../../env-file/halves/service.js';
import { sharedSecret, usualSecret } from '../../env-file/halves/shared-secret.js';
import { weakness } from '../../env-file/strength.js';
import { siblingValues } from '../file-values.js';

export default defineCheck({
  id: 'secret/files-agree',
  title: 'the files of both halves hold the same secret',
  severity: 'high',
  impact: 'reads',
  core: true,
  judges: 'files',
  source: ['ASVS 13.3.1', 'ASVS 11.2.3', 'RFC 8725 3.5'],
  problems: {
    differ: {
      level: 'fail',
      text: 'the files hold different secrets: {how}',
      hint: '`lockstep env check` shows the lines, `lockstep init --adopt frontend` writes one into both',
    },
    'one-side-only': {
      level: 'fail',
      text: 'only the files of the {side} hold the secret{where}',
      hint: '`lockstep init` writes it into both',
    },
    weak: {
      level: 'warn',
      text: 'the secret of the files is {how}',
      hint: 'make one with `lockstep secret`',
    },
  },
  async run(probe) {
    const opened = openedHalves(probe.material);
    if (opened === null) return skip('no env files: declare services in lockstep.json');
    if (await trustsByKeys(probe)) return skip('tokens are verified by the JWKS: the halves need no secret in common');
    const { frontend, backend } = opened;
    const [front, back] = [sharedSecret(frontend), sharedSecret(backend)];
    if (front === null && back === null) return skip('no file sets the secret of either half');
    if (front === null || back === null) {
      const lacking = front === null ? frontend : backend;
      const other = elsewhere(lacking, (front ?? back) as Held);
      const where = other === null ? '' : `; the other has the value under the name ${other}, which nobody reads`;
      return problem('one-side-only', { side: front === null ? 'backend' : 'frontend', where });
    }
    if (front.value === null || back.value === null)
      return skip('a file does not decide its secret by itself: `lockstep env check` says why');
    if (!front.value.equals(back.value)) {
      const context = { others: siblingValues(probe.material) };
      const known = relation(front.value, back.value, { frontend: context, backend: context });
      return problem('differ', {
        how: known === null ? 'nothing that is known turns one into the other' : clause(known),
      });
    }
    const weak = weakness(front.value);
    return weak === null ? pass() : warn(undefined, { code: 'weak', data: { how: words[weak] } });
  },
});

const words = {
  placeholder: 'a placeholder',
  'public-default': 'the default that is printed in the source of Better Auth',
  short: 'shorter than 32 characters',
  'low-entropy': 'made of few different characters',
} as const;

/** Said by the target, else seen: whoever publishes keys is trusted by them. */
async function trustsByKeys({ auth, target }: Probe): Promise<boolean> {
  if (target.trust !== 'auto') return target.trust === 'jwks';
  const { status, json } = await auth.get('/jwks');
  return status === 200 && items(pointer(json, '/keys')).length > 0;
}

/** The name under which a half holds the other's value all the same. */
function elsewhere(half: Half, { value }: Held): string | null {
  const names = [...half.filed.settings.keys()].filter((name) => name !== (half.service.names.secret ?? usualSecret));
  return names.find((name) => value !== null && held(half, name)?.value?.equals(value) === true) ?? null;
}
