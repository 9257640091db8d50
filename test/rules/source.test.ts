import { rules } from 'virtual:rules';
import { describe, expect, it } from 'vitest';
import { lookAtCheckout } from '../../src/checkout/look.js';
import { diagnose } from '../../src/core/diagnosis.js';
import type { Evidence } from '../../src/core/evidence/evidence.js';
import type { Holder } from '../../src/core/evidence/holder.js';
import { changed, evidenceOf, treeOf } from '../checkout/tree.js';

const codes = (evidence: Evidence) => diagnose(rules, evidence).verdicts.map(({ code }) => code);

describe('rules over sources', () => {
  const tree = changed(
    treeOf('own-signer'),
    'api/main.py',
    'os.environ["BETTER_AUTH_SECRET"]',
    'os.environ["JWT_SECRET"]',
  );
  const evidence = evidenceOf(lookAtCheckout(tree));
  const backend = (secretNames: string[], names: string[] = []): Evidence => ({
    ...evidence,
    holders: names.map((name) => ({ kind: 'shell', name }) as unknown as Holder),
    files: {
      agree: null,
      relation: null,
      sameText: false,
      findings: [],
      backend: {
        loader: 'python-dotenv',
        files: [],
        holder: 'backend',
        otherReleases: 'same',
        name: 'BETTER_AUTH_SECRET',
        secretNames,
        settings: [],
      },
    },
  });

  it('a name that the backend reads and its files do not set is told', () => {
    const [verdict] = diagnose(rules, backend(['BETTER_AUTH_SECRET'])).verdicts;
    expect(verdict?.code).toBe('diagnose/secret-name.not-set');
    expect(verdict?.text).toBe(
      'the backend reads its secret from JWT_SECRET, and its env files set BETTER_AUTH_SECRET only',
    );
    expect(verdict?.fix[0]).toMatch(/^at api\/main\.py:\d+:\d+: read BETTER_AUTH_SECRET$/);
  });

  it.each([
    ['no files were seen', evidence],
    ['the files set it', backend(['BETTER_AUTH_SECRET', 'JWT_SECRET'])],
    ['the files set no secret at all: it comes from elsewhere', backend([])],
    ['the shell sets it', backend(['BETTER_AUTH_SECRET'], ['JWT_SECRET'])],
  ])('nothing is told where %s', (_, given) => {
    expect(codes(given)).not.toContain('diagnose/secret-name.not-set');
  });

  it('what the running deployment disproves is not told', () => {
    const seen = evidenceOf(lookAtCheckout(treeOf('quickstart')));
    const answer = (status: number) => ({ status, body: 'json', says: null });
    const works = {
      url: 'http://api',
      route: '/api/me',
      anonymous: answer(401),
      stranger: answer(401),
      token: answer(200),
      names: true,
      second: null,
      minted: [],
      untried: 0,
      claims: [],
      clock: null,
      again: null,
    };
    expect(codes(seen)).toContain('diagnose/algorithm-in-source.pinned');
    expect(codes({ ...seen, backend: works })).not.toContain('diagnose/algorithm-in-source.pinned');
  });

  it('what the sources exclude is said', () => {
    const { excluded } = diagnose(rules, evidenceOf(lookAtCheckout(treeOf('right'))));
    expect(excluded).toEqual(
      expect.arrayContaining([
        'the algorithm: the sources of both sides say EdDSA',
        'the options of the jwt plugin: none is ignored',
        'the jwt plugin: it is set up',
      ]),
    );
  });
});
