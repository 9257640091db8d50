import { setTimeout as sleep } from 'node:timers/promises';
import type { RawData, WebSocket } from 'ws';
import { answerParts, pace } from './model.js';
import type { Member, Rooms } from './rooms.js';
import { parsed } from './socket-token.js';
import type { Caller } from './token.js';

/**
 * What is said over an admitted socket, JSON both ways. `ping` and `echo` come back; `join`, `invite`, `say`, `leave`
 * are about rooms; `chat` asks the scripted model. Whatever is refused answers `{"type":"error","code"}`.
 */
export function converse(socket: WebSocket, caller: Caller, rooms: Rooms): void {
  const tell = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const member: Member = { userId: caller.id, hear: tell };
  socket.on('close', () => rooms.leaveAll(member));
  socket.on('message', (data: RawData, binary: boolean) => {
    const message = binary ? null : parsed(String(data));
    if (message === null) return tell({ type: 'error', code: 'not_a_json_object' });
    const answer = reply(message, member, rooms, tell);
    if (answer !== null) tell(answer);
  });
}

type Message = Readonly<Record<string, unknown>>;

function reply(message: Message, member: Member, rooms: Rooms, tell: (message: object) => void): object | null {
  const { type, room, user, text } = message;
  if (type === 'ping') return { type: 'pong' };
  if (type === 'echo') return { type: 'echo', data: message.data ?? null };
  if (type === 'chat' && isName(text)) return chat(text, tell);
  if (!isName(room)) return { type: 'error', code: 'not_understood' };
  if (type === 'join') return rooms.join(room, member) ? { type: 'joined', room } : forbidden;
  if (type === 'leave') {
    rooms.leave(room, member);
    return { type: 'left', room };
  }
  if (type === 'invite' && isName(user))
    return rooms.invite(room, member, user) ? { type: 'invited', room, user } : forbidden;
  if (type === 'say' && isName(text)) {
    const said = { type: 'message', id: crypto.randomUUID(), room, from: member.userId, text };
    return rooms.say(room, member, said) ? null : forbidden;
  }
  return { type: 'error', code: 'not_understood' };
}

const forbidden = { type: 'error', code: 'forbidden' };

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The answer of the model part by part, then whole, under one id. */
function chat(prompt: string, tell: (message: object) => void): null {
  const id = crypto.randomUUID();
  const parts = answerParts(prompt);
  const speak = async () => {
    for (const delta of parts) {
      tell({ type: 'delta', id, delta });
      await sleep(pace);
    }
    tell({ type: 'message', id, from: 'assistant', text: parts.join('') });
  };
  void speak();
  return null;
}
