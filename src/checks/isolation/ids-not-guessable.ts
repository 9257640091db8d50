import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import { reveals } from '../../core/reply.js';
import type { Creation } from '../own-object.js';
import { create } from '../own-object.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import token from '../token/fetch.js';
import example from './owner-reads-back.js';

/** How far from an own id the next one is looked for. */
const reach = 5n;

export default defineCheck({
  id: 'isolation/ids-not-guessable',
  title: "knowing one's own ids, a user can read nothing under the ids beside them",
  severity: 'low',
  impact: 'writes',
  source: ['ASVS 8.2.2', 'WSTG-ATHZ-04'],
  needs: { session, token, secondUser, example },
  problems: {
    'neighbour-read': {
      level: 'fail',
      text: '{url} gave {reader} what belongs to {owner}, under an id next to one of their own',
      hint: 'ask whose it is on every read; ids that cannot be guessed (UUIDv4) are the second line of defence',
    },
  },
  async run(probe, { session, token, secondUser, example: { resource } }) {
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const bearer = secondUser.token.jwt;
    // in turn, so that the ids of both lie side by side where they are counted
    const made: { readonly whose: 'a' | 'b'; readonly canary: string; readonly creation: Creation }[] = [];
    for (const whose of ['a', 'b', 'a', 'b'] as const) {
      const canary = probe.canary();
      const creation = await create(probe, resource, canary, whose === 'a' ? token.jwt : bearer);
      if (creation.made === null)
        return inconclusive(`${creation.reply.url} answered ${creation.reply.status} to a create`);
      made.push({ whose, canary, creation });
    }
    const idsOf = (who: 'a' | 'b') => made.filter(({ whose }) => whose === who);
    const own = idsOf('b').map(({ creation }) => numberOf(creation.made?.id ?? ''));
    // only ids of this run's own objects are asked for: who else lies beside them is nobody's business
    const beside = idsOf('a').filter(({ creation }) => {
      const id = numberOf(creation.made?.id ?? '');
      return id !== null && own.some((mine) => mine !== null && near(mine, id));
    });
    if (beside.length === 0) return pass();
    const reads = await Promise.all(
      beside.map(async ({ canary, creation }) => ({
        canary,
        theirs: await probe.api.get(creation.made?.path ?? '', { bearer }),
        ours: await probe.api.get(creation.made?.path ?? '', { bearer: token.jwt }),
      })),
    );
    const leak = reads.find(({ canary, theirs }) => reveals(theirs, canary));
    if (leak !== undefined)
      return problem('neighbour-read', {
        url: leak.theirs.url,
        reader: secondUser.session.email,
        owner: session.email,
      });
    if (reads.some(({ canary, ours }) => !reveals(ours, canary)))
      return skip('the owner cannot read these objects either');
    return pass();
  },
});

/** The number that an id is; null for one that is no number, or too long to be counted up. */
function numberOf(id: string): bigint | null {
  return /^\d{1,15}$/.test(id) ? BigInt(id) : null;
}

function near(one: bigint, other: bigint): boolean {
  const distance = one > other ? one - other : other - one;
  return distance > 0n && distance <= reach;
}
