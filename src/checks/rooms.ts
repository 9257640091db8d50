import type { Live, Probe } from '../core/probe.js';
import type { Secret } from '../core/secret.js';

/** What came of it when one user spoke in a room of their own and another listened. */
export type Heard =
  | { readonly kind: 'silent' }
  | { readonly kind: 'overheard'; readonly url: string; readonly how: string }
  | { readonly kind: 'joined'; readonly url: string }
  | { readonly kind: 'unclear'; readonly because: string }
  | { readonly kind: 'untold'; readonly because: string };

const sayings = 3;
/** milliseconds for a message to come round */
const patience = 5_000;

/**
 * The owner enters a room and says some canaries in it, all of which must come back: only then does silence elsewhere
 * prove anything. The other user just listens, sits in a room whose name begins the owner's, then tries to enter the
 * owner's room and to speak in it.
 */
export async function roomHeard(probe: Probe, owner: Secret, other: Secret): Promise<Heard> {
  const { talk } = probe.target.routes;
  if (talk.say === null)
    return { kind: 'untold', because: 'no room to speak in: declare join and say of routes.socket' };
  const [speaker, listener] = await Promise.all([probe.connect({ token: owner }), probe.connect({ token: other })]);
  for (const [live, who] of [
    [speaker, 'the first user'],
    [listener, 'the second user'],
  ] as const) {
    if (!live.acked) return { kind: 'unclear', because: `${live.url} does not take the token of ${who}` };
  }
  const { url } = speaker;
  // the name of the listener's own room begins that of the owner's: a match by prefix would mix them up
  const beginning = probe.canary().replace('canary', 'room');
  const rooms = { owner: `${beginning}-10`, listener: `${beginning}-1` };
  enter(speaker, talk.join, rooms.owner);
  enter(listener, talk.join, rooms.listener);

  // a listener that hears not even itself would hear nobody
  const able = await spoken(probe, listener, talk.say, rooms.listener);
  if (able.lost) return { kind: 'unclear', because: `${url} does not give the second user back what they said` };
  const quiet = await spoken(probe, speaker, talk.say, rooms.owner);
  if (quiet.lost)
    return { kind: 'unclear', because: `${url} does not give the first user back what was said in a room of theirs` };
  // what comes after the owner's own copy needs a moment more
  const overheard = (canaries: readonly string[]) =>
    listener.hear((text) => canaries.some((canary) => text.includes(canary)), 300);
  if ((await overheard(quiet.canaries)) !== null)
    return { kind: 'overheard', url, how: await howFar(probe, talk, rooms.owner, { speaker, other }) };
  // who was cut off meanwhile would have heard nothing anyway
  if (listener.closed !== null) return { kind: 'unclear', because: `${url} closed the socket of the second user` };

  if (talk.join !== null) {
    enter(listener, talk.join, rooms.owner);
    const later = await spoken(probe, speaker, talk.say, rooms.owner);
    if (later.lost) return { kind: 'unclear', because: `${url} gave the first user nothing back the second time` };
    if ((await overheard(later.canaries)) !== null) return { kind: 'joined', url };
  }
  const intrusion = probe.canary();
  // a join that is refused may end the socket: who asks for no room may speak all the same
  const mouth = listener.closed === null ? listener : await probe.connect({ token: other });
  mouth.say(said(talk.say, rooms.owner, intrusion));
  const last = await spoken(probe, speaker, talk.say, rooms.owner);
  if (last.lost) return { kind: 'unclear', because: `${url} gave the first user nothing back the third time` };
  return speaker.messages.some((text) => text.includes(intrusion)) ? { kind: 'joined', url } : { kind: 'silent' };
}

/** To whom a room of the owner is open, once somebody whose room begins like it has heard what was said there. */
async function howFar(
  probe: Probe,
  { join, say }: Probe['target']['routes']['talk'],
  room: string,
  { speaker, other }: { readonly speaker: Live; readonly other: Secret },
): Promise<string> {
  const apart = await probe.connect({ token: other });
  enter(apart, join, probe.canary().replace('canary', 'elsewhere'));
  const { canaries } = await spoken(probe, speaker, say, room);
  const heard = await apart.hear((text) => canaries.some((canary) => text.includes(canary)), 300);
  return heard === null ? 'their own room has a name that begins like it' : 'it is sent to every socket';
}

function enter(live: Live, template: unknown, room: string): void {
  if (template !== null) live.say(said(template, room, ''));
}

async function spoken(probe: Probe, speaker: Live, template: unknown, room: string) {
  const canaries = Array.from({ length: sayings }, () => probe.canary());
  for (const canary of canaries) speaker.say(said(template, room, canary));
  const back = await Promise.all(canaries.map((canary) => speaker.hear((text) => text.includes(canary), patience)));
  return { canaries, lost: back.includes(null) };
}

function said(template: unknown, room: string, canary: string): unknown {
  return JSON.parse(JSON.stringify(template).replaceAll('{room}', room).replaceAll('{canary}', canary));
}
