/**
 * What a text must be, in two forms: `pattern` for editors (JSON Schema), `judge` for us, which is stricter where a
 * pattern cannot say it. `judge` gives null, or what is wrong with the text, without quoting it: it may hold a secret.
 */
export interface Form {
  readonly pattern: string;
  readonly judge: (text: string) => string | null;
}

/** The base of an HTTP service: nothing after the path, nobody's name before the host. */
export const baseUrl: Form = {
  pattern: '^[hH][tT][tT][pP][sS]?://[^\\s/?#@\\\\][^\\s?#@\\\\]*$',
  judge(text) {
    if (!/^https?:\/\//i.test(text)) return 'must be an http:// or https:// URL';
    return strayParts(text) ?? (/[?#]/.test(text) ? 'must end with its path: no query, no fragment' : unreadable(text));
  },
};

/** A WebSocket, by its URL (RFC 6455 section 3: no fragment) or by its path on the API's host. */
export const socketUrl: Form = {
  pattern: '^([wW][sS][sS]?://[^\\s/?#@\\\\][^\\s#@\\\\]*|/[^\\s#\\\\]*)$',
  judge(text) {
    if (text.startsWith('/')) return path.judge(text);
    if (!/^wss?:\/\//i.test(text)) return 'must be a ws:// or wss:// URL, or a path on the API that begins with /';
    return strayParts(text) ?? (text.includes('#') ? 'must have no fragment' : unreadable(text));
  },
};

/** A route, appended to the base URL of its service. */
export const path: Form = {
  pattern: '^/[^\\s#\\\\]*$',
  judge: (text) =>
    new RegExp(path.pattern).test(text) ? null : 'must be a path that begins with /, without spaces or #',
};

/** A route of one thing among many. */
export const itemPath: Form = {
  pattern: '^/[^\\s#\\\\]*\\{id\\}[^\\s#\\\\]*$',
  judge(text) {
    return path.judge(text) ?? (text.includes('{id}') ? null : 'must have {id} where the id goes');
  },
};

/** Where PostgreSQL is. A password in it is told apart from other mistakes, so that the words can say what to do. */
export function judgeDatabaseUrl(text: string): 'has-password' | 'no-url' | null {
  if (!/^postgres(ql)?(\+\w+)?:\/\/\S*$/.test(text)) return 'no-url';
  // also where it is no URL at all, as with an unescaped # in the password
  const [, authority = ''] = /^[^/]*\/\/(.*)@/s.exec(text) ?? [];
  if (authority.includes(':') || /[?&]password=/i.test(text)) return 'has-password';
  return URL.canParse(text) ? null : 'no-url';
}

function strayParts(text: string): string | null {
  const rest = text.slice(text.indexOf('//') + 2);
  if (rest.includes('@')) return 'must have no user name or password in it';
  return /[\s\\]/.test(text) ? 'must have no spaces or backslashes' : null;
}

function unreadable(text: string): string | null {
  return /^\w+:\/\/\//.test(text) || !URL.canParse(text) ? 'is not a URL that can be read' : null;
}
