import check from '../../../src/checks/isolation/live-channels.js';
import type { HttpRequest, SocketRequest } from '../../../src/world.js';
import { bearerOf, gifts, protectedRoute, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedPeer, ScriptedReply, ScriptedSocket } from '../../support/fake-world.js';

interface Member {
  readonly who: string;
  readonly peer: ScriptedPeer;
  readonly rooms: Set<string>;
}

/** How a server of rooms may differ from the healthy one. */
interface Bent {
  /** whether a member hears what is said in a room */
  readonly hears?: (member: Member, room: string, speaker: Member) => boolean;
  readonly mayJoin?: (room: string, who: string, owner: string | undefined) => boolean;
  readonly maySay?: (member: Member, room: string) => boolean;
  readonly acks?: (who: string) => boolean;
}

/** A WebSocket server with rooms; whoever joins first owns one. */
function rooms(bent: Bent = {}) {
  const members: Member[] = [];
  const owners = new Map<string, string>();
  const socket = ({ url }: SocketRequest): ScriptedSocket => {
    const who = new URL(url).searchParams.get('token') === tokens.a ? 'a' : 'b';
    let self: Member | undefined;
    return {
      messages: bent.acks?.(who) === false ? [] : ['{"type":"ready"}'],
      hears(text, peer) {
        if (self === undefined) {
          self = { who, peer, rooms: new Set() };
          members.push(self);
        }
        const { type, room, text: said } = JSON.parse(text);
        if (type === 'join') {
          const owner = owners.get(room);
          if (!(bent.mayJoin ?? ((_, me, of) => of === undefined || of === me))(room, who, owner)) return;
          owners.set(room, owner ?? who);
          self.rooms.add(room);
          return;
        }
        const speaker = self;
        if (!(bent.maySay ?? ((member, at) => member.rooms.has(at)))(speaker, room)) return;
        const hears = bent.hears ?? ((member: Member, at: string) => member.rooms.has(at));
        for (const member of members) if (hears(member, room, speaker)) member.peer.say(JSON.stringify({ room, said }));
      },
    };
  };
  return { socket };
}

const talk = {
  ask: null,
  join: { type: 'join', room: '{room}' },
  say: { type: 'say', room: '{room}', text: '{canary}' },
};
const stream = { post: '/api/chat', body: { message: '{canary}' }, done: '[DONE]', messages: '/api/chat/messages' };
const withRooms = { target: { routes: { ...target().routes, talk } } };
const withStream = { target: { routes: { ...target().routes, stream } } };

/** A server of streams whose events carry ids; `resumes` says whom it gives the rest of a stream. */
function streams(
  resumes: (owner: string, asker: string) => boolean,
  bent: { ids?: false; list?: true; ignores?: true } = {},
) {
  const stored: { owner: string; prompt: string }[] = [];
  const who = (request: HttpRequest) => (bearerOf(request) === tokens.a ? 'a' : 'b');
  const events = (n: number, from: number): ScriptedReply => {
    const { prompt = '' } = stored[n] ?? {};
    const lines = ['You said ', prompt, '[DONE]'].map(
      (data, i) => `${bent.ids === false ? '' : `id: message-${n}:${i}\n`}data: ${data}\n\n`,
    );
    return { status: 200, text: lines.slice(from).join('') };
  };
  return {
    ...withStream,
    http: {
      'POST /api/chat': (request: HttpRequest): ScriptedReply => {
        const last = request.headers['last-event-id'];
        if (last !== undefined && bent.ignores !== true) {
          const [, n = 0, i = 0] = (/^message-(\d+):(\d+)$/.exec(last) ?? []).map(Number);
          return resumes(stored[n]?.owner ?? '', who(request)) ? events(n, i + 1) : { status: 404 };
        }
        stored.push({ owner: who(request), prompt: JSON.parse(request.body ?? '{}').message });
        return events(stored.length - 1, 0);
      },
      'GET /api/chat/messages': (request: HttpRequest): ScriptedReply => ({
        status: 200,
        json: stored.filter(({ owner }) => bent.list === true || owner === who(request)),
      }),
    },
  };
}
const own = (owner: string, asker: string) => owner === asker;

describeCheck(check, {
  given: {
    session: gifts.session,
    token: gifts.token,
    route: protectedRoute,
    secondUser: { session: gifts.sessionOfB, token: gifts.tokenOfB },
  },
  passes: {
    'rooms are closed': { ...withRooms, ...rooms() },
    'streams are resumed for their owner alone': streams(own),
    'a foreign resume begins a stream anew': streams(own, {}),
  },
  reports: {
    overheard: {
      'all hear all': { ...withRooms, ...rooms({ hears: () => true }) },
      'a room whose name begins the other hears it': {
        ...withRooms,
        ...rooms({ hears: (member, room) => [...member.rooms].some((own) => room.startsWith(own)) }),
      },
    },
    joined: {
      'anybody may join': { ...withRooms, ...rooms({ mayJoin: () => true }) },
      'anybody may speak': { ...withRooms, ...rooms({ maySay: () => true }) },
    },
    resumed: {
      'a stream is found by its id alone': streams(() => true),
      "the stored messages are everybody's": streams(own, { list: true }),
    },
  },
  skips: {
    'nothing is declared': {},
    'events have no ids': streams(own, { ids: false }),
    'a stream cannot be resumed': streams(own, { ignores: true }),
  },
  inconclusive: {
    'the owner does not hear it either': {
      ...withRooms,
      ...rooms({ hears: (member, room) => member.who === 'b' && member.rooms.has(room) }),
    },
    'the other does not hear even themselves': {
      ...withRooms,
      ...rooms({ hears: (member, room) => member.who === 'a' && member.rooms.has(room) }),
    },
    'the socket takes nobody': { ...withRooms, ...rooms({ acks: () => false }) },
    'the socket does not take the second user': { ...withRooms, ...rooms({ acks: (who) => who === 'a' }) },
    'the stream refuses its owner': { ...withStream, http: { 'POST /api/chat': { status: 401 } } },
  },
});
