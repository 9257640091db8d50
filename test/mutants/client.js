/**
 * Faults that a coordinated refresh, a stream or an auth-gated socket can have, planted one at a time.
 * `test` is the name (a part of it) of the test that must fail; `in` is its file under test/client.
 */
const refresh = 'refresh/races.test.ts';
const refreshes = 'refresh/properties.test.ts';
const client = 'client.test.ts';
const store = 'store/store.test.ts';
const stream = 'stream/stream.test.ts';
const streams = 'stream/properties.test.ts';
const decode = 'stream/decode.test.ts';
const socket = 'socket/races.test.ts';
const sockets = 'socket/properties.test.ts';

/** Replaces the first place where `find` stands in a file under src/client. */
const plant = (file, find, put) => ({ file, find, put });

/** @type {{ name: string, plants: { file: string, find: string, put: string }[], in: string, test: string }[]} */
export const mutants = [
  // refresh
  {
    name: 'every 401 starts a refresh of its own',
    plants: [
      plant('refresh/reduce.ts', '  if (!state.flight) {\n    const guard', '  {\n    const guard'),
      plant('refresh/reduce.ts', "  if (state.flight) return [state, { do: 'wait' }];\n", ''),
    ],
    in: refresh,
    test: 'R1:',
  },
  {
    name: 'a late 401 refreshes again',
    plants: [
      plant('refresh/reduce.ts', 'credential.generation > used.generation && credential.token !== used.token', 'false'),
    ],
    in: refresh,
    test: 'R2:',
  },
  {
    name: 'a request is retried with the credential that was refused',
    plants: [
      plant(
        'refresh/reduce.ts',
        'credential.generation > used.generation && credential.token !== used.token',
        'credential.generation >= used.generation',
      ),
    ],
    in: refreshes,
    test: 'P4',
  },
  {
    name: 'a request is retried without end',
    plants: [
      plant(
        'request.ts',
        'if (second.status === 401) await coordinator.refusedAgain(newer, second);',
        'if (second.status === 401) return send(sender, input, init, extra);',
      ),
    ],
    in: refreshes,
    test: 'P3',
  },
  {
    name: 'no time limit',
    plants: [plant('refresh/renew.ts', "() => land({ kind: 'refresh-timeout' }),", '() => {},')],
    in: refresh,
    test: 'R7:',
  },
  {
    name: 'a refresh that ignores its signal holds everything up',
    plants: [
      plant(
        'refresh/renew.ts',
        'const ask = () => unlessAborted(refresh(signal), signal);',
        'const ask = () => refresh(signal);',
      ),
    ],
    in: store,
    test: 'not held up for ever',
  },
  {
    name: 'a late answer is committed',
    plants: [
      plant(
        'refresh/reduce.ts',
        '  if (event.flight !== state.flight?.id) return [state, nothing];',
        "  if (!state.flight) return event.type === 'obtained' ? [adopt(state, event.token, 'refresh', now), nothing] : [state, nothing];",
      ),
      plant(
        'refresh/renew.ts',
        'const ask = () => unlessAborted(refresh(signal), signal);',
        'const ask = () => refresh(signal);',
      ),
    ],
    in: refresh,
    test: 'R8:',
  },
  {
    name: 'sign-out leaves the epoch as it was',
    plants: [plant('refresh/epoch.ts', 'epoch: epoch + 1, generations, flights', 'epoch, generations, flights')],
    in: refresh,
    test: 'a request of A that is refused after B signed in',
  },
  {
    name: 'sign-out does not end the flight',
    plants: [
      plant(
        'refresh/epoch.ts',
        'epoch: epoch + 1, generations, flights',
        'epoch: epoch + 1, generations, flights, flight: state.flight',
      ),
    ],
    in: refresh,
    test: 'R5:',
  },
  {
    name: 'sign-out leaves the credential in the store',
    plants: [
      plant(
        'store/token-store.ts',
        'kept = credential && storable(credential);',
        'if (!credential) return;\n      kept = storable(credential);',
      ),
    ],
    in: refresh,
    test: 'R5:',
  },
  {
    name: 'the token of another user finishes our requests',
    plants: [plant('refresh/landing.ts', 'if (isAnothers(landed, token))', 'if (false)')],
    in: refresh,
    test: 'a cookie that has become that of B',
  },
  {
    name: 'the first to give up takes the refresh with them',
    plants: [plant('refresh/flight.ts', 'if (--count === 0)', 'if (--count >= 0)')],
    in: refresh,
    test: 'R9:',
  },
  {
    name: 'a refresh that nobody waits for goes on',
    plants: [plant('refresh/flight.ts', 'if (--count === 0) abandoned();', '')],
    in: refresh,
    test: 'R10:',
  },
  {
    name: 'giving up waits for the refresh',
    plants: [plant('refresh/flight.ts', 'await unlessAborted(settled, signal).finally', 'await settled.finally')],
    in: refreshes,
    test: 'P7',
  },
  {
    name: 'no cool-down after a failed refresh',
    plants: [plant('refresh/reduce.ts', 'if (now < state.coolUntil) return reject', 'if (false) return reject')],
    in: refresh,
    test: 'R11:',
  },
  {
    name: 'Retry-After of the auth server is not heard',
    plants: [plant('refresh/landing.ts', 'Math.max(policy.cooldown, askedWait(failure))', 'policy.cooldown')],
    in: refresh,
    test: 'R11:',
  },
  {
    name: 'no breaker: a backend that refuses everything is refreshed for each call',
    plants: [
      plant(
        'refresh/reduce.ts',
        "if ((credential.poisoned || !credential.proven) && age < policy.breaker) return { kind: 'auth-breaker' };",
        '',
      ),
    ],
    in: refreshes,
    test: 'P11:',
  },
  {
    name: 'the breaker never closes again',
    plants: [plant('refresh/reduce.ts', ' && age < policy.breaker) return', ') return')],
    in: refresh,
    test: 'R12:',
  },
  {
    name: 'a route that always refuses is forgotten when another one works',
    plants: [plant('refresh/reduce.ts', '(credential.poisoned || !credential.proven)', '!credential.proven')],
    in: refresh,
    test: 'R13: one route',
  },
  {
    name: 'no least age of a credential',
    plants: [plant('refresh/reduce.ts', "return age < policy.fresh ? { kind: 'auth-fresh' } : null;", 'return null;')],
    in: refresh,
    test: 'R13: a proven credential',
  },
  {
    name: 'a stream as body is sent again',
    plants: [plant('request.ts', 'return !(getReader || next || iterate);', 'return true;')],
    in: refresh,
    test: 'R14: a POST with a stream',
  },
  {
    name: 'a refresh that throws leaves its flight behind',
    plants: [plant('refresh/renew.ts', '.catch(answered)', '.catch(() => {})')],
    in: refresh,
    test: 'R15:',
  },
  {
    name: 'the wall clock is believed',
    plants: [
      plant('transport.ts', 'now: () => anchor.server + (clock.monotonic() - anchor.at),', 'now: () => clock.now(),'),
    ],
    in: refresh,
    test: 'R16: a token is as old as the server says',
  },
  {
    name: 'the same credential passes for a new one',
    plants: [plant('refresh/landing.ts', 'token.token === flight.refused || ', '')],
    in: refreshes,
    test: 'P10:',
  },
  {
    name: 'an expired credential passes for a new one',
    plants: [plant('refresh/landing.ts', ' || token.expiresAt <= now + policy.stale)', ')')],
    in: client,
    test: 'returns an expired token',
  },
  {
    name: 'the end of the session is taken for a passing trouble',
    plants: [plant('refresh/outcome.ts', 'status === 401 || status === 403', 'status === 403')],
    in: client,
    test: 'refused with 401',
  },
  {
    name: 'a passing trouble ends the session',
    plants: [plant('refresh/outcome.ts', 'status === 401 || status === 403', 'status >= 400')],
    in: refreshes,
    test: 'P9',
  },
  {
    name: 'a limit of the API is taken for a refusal',
    plants: [
      plant(
        'request.ts',
        'if (first.status !== 401) return first;',
        'if (first.status !== 401 && first.status !== 429) return first;',
      ),
    ],
    in: refreshes,
    test: 'P9:',
  },
  {
    name: 'an answer reaches somebody who has left',
    plants: [
      plant('request.ts', "if (coordinator.state.epoch !== epoch) throw new ClientError({ kind: 'signed-out' });", ''),
    ],
    in: store,
    test: 'follow a change of user',
  },
  {
    name: 'foreign origins see the credential',
    plants: [plant('request.ts', '!sender.trusted(request?.url ?? String(input)) || ', '')],
    in: client,
    test: 'keeps the credential from other origins',
  },
  {
    name: 'what another holder got meanwhile is not looked at',
    plants: [plant('refresh/renew.ts', 'const stored = news();', 'const stored = null as ReturnType<typeof news>;')],
    in: store,
    test: 'refused together refresh once',
  },
  {
    name: 'changes of other holders are not heard',
    plants: [plant('store/token-store.ts', 'listener(usable(stored))', 'void listener')],
    in: store,
    test: 'see a new credential at once',
  },
  {
    name: 'listeners hear before the commit',
    plants: [
      plant('session.ts', '    snapshot = now;\n    changed.tell();', '    changed.tell();\n    snapshot = now;'),
    ],
    in: client,
    test: 'changes once when it is restored',
  },
  // streams
  {
    name: 'the last id counts before its event is complete',
    plants: [plant('stream/decode.ts', 'id = value;\n    else if', 'lastId = id = value;\n    else if')],
    in: decode,
    test: 'an id before the blank line does not count yet',
  },
  {
    name: 'the id of an event without data is forgotten',
    plants: [
      plant('stream/decode.ts', 'if (id !== undefined) lastId = id;', 'if (id !== undefined && event) lastId = id;'),
    ],
    in: stream,
    test: 'an id that came without data',
  },
  {
    name: 'each chunk is decoded for itself',
    plants: [plant('stream/decode.ts', '{ stream: true }', '{ stream: false }')],
    in: decode,
    test: 'S2:',
  },
  {
    name: 'a line end over two chunks counts twice',
    plants: [plant('stream/decode.ts', "if (afterCarriageReturn && text.startsWith('\\n')) text = text.slice(1);", '')],
    in: decode,
    test: 'lines that end differently in one event',
  },
  {
    name: 'resumes do not say where to go on',
    plants: [plant('stream/stream.ts', "{ 'last-event-id': lastId }", '{}')],
    in: streams,
    test: 'S1: a cut after a complete event',
  },
  {
    name: 'what comes twice is delivered twice',
    plants: [plant('stream/position.ts', 'return isFirst(', 'return true || isFirst(')],
    in: streams,
    test: 'S1: delivers',
  },
  {
    name: 'events without an id are taken for repetitions',
    plants: [plant('stream/position.ts', 'else place++;', '')],
    in: stream,
    test: 'knows events between two ids',
  },
  {
    name: 'a replay takes the place back',
    plants: [plant('stream/stream.ts', 'if (news) lastId = decoder.lastId;', 'lastId = decoder.lastId;')],
    in: streams,
    test: 'S1: delivers',
  },
  {
    name: 'the end of the bytes is the end',
    plants: [plant('stream/stream.ts', 'if (complete) return;', 'if (failure === cut) return;')],
    in: stream,
    test: 'takes an end without a marker for a cut',
  },
  {
    name: 'resumes without end',
    plants: [plant('stream/stream.ts', ' || tries >= (options.maxResumes ?? 5)', '')],
    in: stream,
    test: 'gives up after five resumes',
  },
  {
    name: 'progress does not give the tries back',
    plants: [plant('stream/stream.ts', '            tries = 0;\n', '')],
    in: stream,
    test: 'counts anew',
  },
  {
    name: 'events go on after sign-out in the loop',
    plants: [
      plant(
        'stream/stream.ts',
        '            const gone = over();\n            if (gone) throw new ClientError(gone);\n            const says',
        '            const says',
      ),
    ],
    in: stream,
    test: 'R19:',
  },
  {
    name: 'a POST without ids is sent again',
    plants: [plant('stream/stream.ts', "lastId !== '' || (delivered === 0 && idempotent)", 'true')],
    in: stream,
    test: 'does not send a POST again',
  },
  {
    name: 'the stored message is not asked for',
    plants: [
      plant('stream/stream.ts', 'if (!resumable && delivered > 0 && options.stored) return yield* replaced();', ''),
    ],
    in: stream,
    test: 'without ids shows the stored message',
  },
  {
    name: 'any content type is a stream',
    plants: [
      plant(
        'stream/stream.ts',
        'return /^text\\/event-stream\\s*(;|$)/i.test(type) ? null : ',
        'return type ? null : ',
      ),
    ],
    in: stream,
    test: 'fails at once with 200',
  },
  // sockets
  {
    name: 'a credential that nobody has confirmed opens a socket',
    plants: [plant('socket/gate.ts', ' || !isConfirmed(credential)', ' || !credential')],
    in: socket,
    test: 'opens nothing before auth is confirmed',
  },
  {
    name: 'an unusable credential opens a socket',
    plants: [
      plant(
        'socket/step.ts',
        "if (auth.usable === 'yes') return connect(state, auth);\n  return auth.usable",
        "if (auth.usable !== 'expired') return connect(state, auth);\n  return auth.usable",
      ),
    ],
    in: sockets,
    test: 'W1',
  },
  {
    name: 'a ticket that is no token is sent',
    plants: [plant('socket/wire.ts', 'if (!isToken(token)) return', 'if (false) return')],
    in: socket,
    test: 'a ticket that is no token',
  },
  {
    name: 'messages before the ack are delivered',
    plants: [plant('socket/inbox.ts', 'ack: ack(data), deliver: false', 'ack: true, deliver: true')],
    in: socket,
    test: 'W7:',
  },
  {
    name: 'the tries are given back when the socket opens',
    plants: [plant('socket/reduce.ts', "enter(state, 'confirming'", "enter({ ...state, attempt: 0 }, 'confirming'")],
    in: sockets,
    test: 'W8',
  },
  {
    name: 'the refresh is given back when the socket opens',
    plants: [
      plant('socket/reduce.ts', "enter(state, 'confirming'", "enter({ ...state, refreshed: false }, 'confirming'"),
    ],
    in: sockets,
    test: 'W5',
  },
  {
    name: 'a refresh gives the tries back',
    plants: [
      plant(
        'socket/reduce.ts',
        "  if (auth.usable === 'yes' && auth.generation > state.generation) return connect(state, auth);",
        "  if (auth.usable === 'yes' && auth.generation > state.generation) return connect({ ...state, attempt: 0 }, auth);",
      ),
    ],
    in: sockets,
    test: 'W8',
  },
  {
    name: 'an auth refusal is retried on a timer',
    plants: [
      plant(
        'socket/loss.ts',
        "    case 'auth':\n      return renew(state);",
        "    case 'auth':\n      return state.refreshed ? retry(state, event, random, policy) : renew(state);",
      ),
    ],
    in: sockets,
    test: 'W4',
  },
  {
    name: 'a refresh for each auth refusal',
    plants: [
      plant(
        'socket/step.ts',
        'enter({ ...state, refreshed: true, probing }',
        'enter({ ...state, refreshed: false, probing }',
      ),
    ],
    in: sockets,
    test: 'W5',
  },
  {
    name: 'sign-out while connecting leaks the socket',
    plants: [plant('socket/reduce.ts', 'if (hasSocket({ phase })) return', "if (phase === 'live') return")],
    in: socket,
    test: 'W1:',
  },
  {
    name: 'sign-out leaves the timer running',
    plants: [plant('socket/reduce.ts', "return phase === 'backoff' ? [{ do: 'stop-waiting' }] : [];", 'return [];')],
    in: socket,
    test: 'W2:',
  },
  {
    name: 'a late opening after sign-out is kept',
    plants: [
      plant('socket/reduce.ts', "return event.type === 'opened' ? ", "return false && event.type === 'opened' ? "),
    ],
    in: socket,
    test: 'W1:',
  },
  {
    name: 'an old socket may still say yes',
    plants: [
      plant(
        'socket/reduce.ts',
        "'socket' in event && event.socket !== socket",
        "'socket' in event && event.type !== 'ack' && event.socket !== socket",
      ),
    ],
    in: sockets,
    test: 'W2',
  },
  {
    name: 'an old socket may still go down',
    plants: [plant('socket/connection.ts', 'if (!stage(socket)) return;', 'socket = state.socket;')],
    in: socket,
    test: 'W6:',
  },
  {
    name: 'no jitter',
    plants: [plant('backoff.ts', 'random * Math.min', 'Math.min')],
    in: sockets,
    test: 'W7',
  },
  {
    name: 'no cap',
    plants: [plant('backoff.ts', 'Math.min(cap, base * 2 ** attempt)', 'base * 2 ** attempt')],
    in: sockets,
    test: 'W7',
  },
  {
    name: 'no growth',
    plants: [plant('backoff.ts', 'base * 2 ** attempt', 'base')],
    in: sockets,
    test: 'W7',
  },
  {
    name: 'tries without end',
    plants: [plant('socket/loss.ts', 'attempt >= policy.maxAttempts || ', '')],
    in: sockets,
    test: 'W8',
  },
  {
    name: 'tries that never take too long',
    plants: [plant('socket/loss.ts', ' || now - since > policy.maxElapsed', '')],
    in: socket,
    test: 'gives up after five minutes',
  },
  {
    name: 'a polite close before the yes is a clean one',
    plants: [
      plant(
        'socket/classes.ts',
        "if (code === 1000) return stage === 'live' ? 'clean' : 'auth';",
        "if (code === 1000) return 'clean';",
      ),
    ],
    in: socket,
    test: 'W8: a server that accepts and closes 1000',
  },
  {
    name: 'a clean close is reopened at once',
    plants: [
      plant(
        'socket/loss.ts',
        "return enter({ ...state, wanted: false }, 'idle');",
        "return enter({ ...state, socket: state.socket + 1 }, 'connecting', { do: 'open', socket: state.socket + 1, generation: state.generation });",
      ),
    ],
    in: socket,
    test: 'rests when the server closes 1000',
  },
  {
    name: 'a renewed credential reconnects',
    plants: [
      plant(
        'socket/reduce.ts',
        "return stay({ ...state, generation: auth.generation }, { do: 'reauth', socket: state.socket });",
        'return connect(state, auth);',
      ),
    ],
    in: socket,
    test: 'W10:',
  },
  {
    name: 'history is delivered again',
    plants: [plant('socket/inbox.ts', 'if (!isFirst(id)) return false;', '')],
    in: socket,
    test: 'W13:',
  },
  {
    name: 'everybody who asks gets a connection of their own',
    plants: [plant('socket/registry.ts', 'if (!entry || isTerminal(entry.connection.status)) {', 'if (true) {')],
    in: socket,
    test: 'gives all who ask the same connection',
  },
  {
    name: 'one who leaves closes for all',
    plants: [plant('socket/registry.ts', 'if (--shared.shares === 0)', 'if (--shared.shares >= 0)')],
    in: socket,
    test: 'gives all who ask the same connection',
  },
  {
    name: 'a ticket may take for ever',
    plants: [
      plant(
        'socket/ticket.ts',
        "sleep(clock, limit, signal).then(() => Promise.reject(new Error('no ticket in time')))",
        'new Promise<never>(() => {})',
      ),
    ],
    in: socket,
    test: 'never settles',
  },
  {
    name: 'a silent connection is kept for ever',
    plants: [plant('socket/heartbeat.ts', 'now - heard >= silence || ', '')],
    in: socket,
    test: 'gives up a silent connection after 45',
  },
  {
    name: 'the ack may take for ever',
    plants: [
      plant(
        'socket/wire.ts',
        '? clock.setTimeout(unconfirmed, limits.ack)',
        '? clock.setTimeout(() => void unconfirmed, limits.ack)',
      ),
    ],
    in: socket,
    test: 'W3:',
  },
  {
    name: 'the network that is back is hurried for every time',
    plants: [plant('socket/loss.ts', ' || now - state.hurried < policy.hurryEvery', '')],
    in: socket,
    test: 'hurries once',
  },
];
