import check from '../../../src/checks/isolation/cache-crosstalk.js';
import { protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import type { TaskApi } from '../../support/task-api.js';
import { pair, taskApi } from '../../support/task-api.js';

const { object: _, ...people } = pair;
const me = (answer: NonNullable<TaskApi['me']>) => taskApi({ me: answer });
const of = (who: string, more: Partial<ScriptedReply> = {}): ScriptedReply => ({
  status: 200,
  json: { id: `user-${who}` },
  ...more,
});
/** Answers with somebody else now and then. */
const sometimes = (when: (nth: number) => boolean) => {
  let nth = 0;
  return me((who) => of(when(nth++) ? (who === 'a' ? 'b' : 'a') : who));
};

describeCheck(check, {
  given: { ...people, route: protectedRoute },
  passes: {
    'each gets their own': taskApi(),
    'a tag of A is no match for B': me((who) => of(who, { headers: [['etag', `"${who}"`]] })),
    'a tag of A is a match for B, without a body': me((who, { headers }) =>
      headers['if-none-match'] === undefined ? of(who, { headers: [['etag', '"1"']] }) : { status: 304 },
    ),
  },
  reports: {
    swapped: {
      'the first answer is kept for everybody': me(() => of('a')),
      'a cache keeps it for a while': sometimes((nth) => nth >= 2 && nth < 6),
      'one of many at once is mixed up': sometimes((nth) => nth === 30),
      'ids are numbers, and that of the one begins that of the other': {
        ...me(() => ({ status: 200, json: { id: 12 } })),
        given: {
          session: { ...people.session, userId: '12' },
          token: { ...people.token, names: ['12', 'a@example.test'] },
          secondUser: {
            session: { ...people.secondUser.session, userId: '1' },
            token: { ...people.secondUser.token, names: ['1', 'b@example.test'] },
          },
        },
      },
      'a tag of A is a match for B, who has another': me((who, { headers }) =>
        headers['if-none-match'] === undefined ? of(who, { headers: [['etag', `"${who}"`]] }) : { status: 304 },
      ),
      'a match sends the body of A': me((who, { headers }) =>
        headers['if-none-match'] === undefined ? of(who, { headers: [['etag', '"1"']] }) : of('a'),
      ),
    },
  },
  inconclusive: {
    'the route names nobody': me(() => ({ status: 200, json: { ok: true } })),
    'B is refused': me((who) => (who === 'a' ? of('a') : { status: 401 })),
    'a good token is refused meanwhile': (() => {
      let nth = 0;
      return me((who) => (nth++ > 20 ? { status: 503 } : of(who)));
    })(),
  },
});
