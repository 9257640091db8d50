import type { SocketAuth } from '../core/target.js';
import type { Form } from './url.js';

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";

/** `query[:NAME]`, `subprotocol[:PROTOCOL]`, `header`, or `message[:TEMPLATE]` with `{token}` in it. */
export const socketAuth: Form = {
  pattern: `^(query(:[^\\s&=?#]+)?|subprotocol(:${token})?|header|message(:[\\s\\S]*\\{token\\}[\\s\\S]*)?)$`,
  judge(text) {
    if (new RegExp(socketAuth.pattern).test(text)) return null;
    if (text.startsWith('message:')) return 'must have {token} in its template where the token goes';
    return 'must be query:NAME, subprotocol:PROTOCOL, header, or message:TEMPLATE with {token} in it';
  },
};

/** What `socketAuth` accepted, as a value; what the text leaves out is as most servers have it. */
export function parseSocketAuth(text: string): SocketAuth {
  const colon = text.indexOf(':');
  const mode = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? null : text.slice(colon + 1);
  if (mode === 'header') return { mode };
  if (mode === 'subprotocol') return { mode, protocol: rest ?? 'bearer' };
  if (mode === 'message') return { mode, template: rest ?? '{"type":"auth","token":"{token}"}' };
  return { mode: 'query', name: rest ?? 'token' };
}
