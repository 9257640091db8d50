import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import { roomHeard } from '../rooms.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import { resumedByAnother } from '../streams.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

export default defineCheck({
  id: 'isolation/live-channels',
  title: "a user hears nothing of another user's rooms and streams",
  severity: 'critical',
  impact: 'writes',
  core: true,
  source: ['ASVS 8.2.2', 'ASVS 4.4.3', 'WSTG-CLNT-10', 'OWASP API1:2023'],
  needs: { session, token, route, secondUser },
  problems: {
    overheard: {
      level: 'fail',
      text: '{url} told {listener} what was said in a room of {owner} ({how})',
      hint: 'send to the members of that one room alone, compared by its whole name',
    },
    joined: {
      level: 'fail',
      text: '{url} let {listener} into a room of {owner}, to hear or to speak',
      hint: 'ask on every join and every message whether the sender is a member',
    },
    resumed: {
      level: 'fail',
      text: '{url} resumed for {listener} a stream of {owner}',
      hint: 'look a stream up by its id and its owner, on a resume too',
    },
  },
  async run(probe, { session, token, secondUser }) {
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const people = { listener: secondUser.session.email, owner: session.email };
    const [room, stream] = await Promise.all([
      roomHeard(probe, token.jwt, secondUser.token.jwt),
      resumedByAnother(probe, token.jwt, secondUser.token.jwt),
    ]);
    if (room.kind === 'overheard') return problem('overheard', { url: room.url, how: room.how, ...people });
    if (room.kind === 'joined') return problem('joined', { url: room.url, ...people });
    if (stream.kind === 'resumed') return problem('resumed', { url: stream.url, ...people });
    const unclear = [room, stream].find(({ kind }) => kind === 'unclear');
    if (unclear?.kind === 'unclear') return inconclusive(unclear.because);
    if (room.kind === 'silent' || stream.kind === 'silent') return pass();
    return skip(`${room.because}; ${stream.because}`);
  },
});
