import type { Data } from './finding.js';

/** An exchange of a check, as it may be told: where a credential stood there is a mark. */
export interface Noted {
  readonly method: string;
  /** as findings name it */
  readonly url: string;
  /** as it was asked, where that differs: a socket by its handshake */
  readonly asked?: string;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
  readonly ms: number;
}

/** Stand where a credential stood: characters of the private use area, which nobody sends. */
export const marks = { token: '\ue0f0', cookie: '\ue0f1', password: '\ue0f2' } as const;

const readFrom: Readonly<Record<string, string>> = {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: for a shell
  [marks.token]: '"${LOCKSTEP_TOKEN:?a token: lockstep token fetch}"',
  [marks.cookie]: '"${LOCKSTEP_COOKIE:?the cookies of a session}"',
  [marks.password]: '"${LOCKSTEP_PASSWORD:?a password}"',
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: for a shell
};

/** longer bodies make no line that anybody pastes */
const longest = 4_096;

/**
 * The exchange that a finding is about: the last one with a URL that it names, and with its status where
 * it names one.
 */
export function exchangeOf(data: Data, exchanges: readonly Noted[]): Noted | undefined {
  const named = exchanges.filter(({ url }) => Object.values(data).includes(url));
  const fitting = typeof data.status === 'number' ? named.filter(({ status }) => status === data.status) : named;
  // beside it stand controls, which often go without a credential
  return fitting.findLast(hasCredential) ?? fitting.at(-1);
}

function hasCredential({ headers, asked = '' }: Noted): boolean {
  return [asked, ...headers.map(([, value]) => value)].some((text) => /[\ue0f0\ue0f1]/.test(text));
}

/**
 * One line for a POSIX shell that asks the same again, without any credential: it reads them from variables and says
 * which one is missing. Null where the request does not fit into such a line.
 */
export function curl({ method, url, asked = url, headers, body }: Noted): string | null {
  const words = [
    'curl -sS -i --max-time 10',
    ...(/[[\]{}]/.test(asked) ? ['--globoff'] : []),
    ...(asked.includes('/.') ? ['--path-as-is'] : []),
    ...(method === 'HEAD' ? ['--head'] : method === 'GET' && body === null ? [] : [`-X ${quoted(method)}`]),
    // a header without a value is sent so
    ...headers.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quoted(body)}`]),
    quoted(asked),
  ];
  const line = words.join(' ').replaceAll(/canary-[0-9a-f]+-[0-9a-f]{32}/g, 'canary');
  return line.length > longest || /[^\x20-\x7e]/.test(line) ? null : line;
}

/** One word for a shell: nothing in it is special but the marks. */
function quoted(text: string): string {
  if (/^[\w./:=-]+$/.test(text)) return text;
  const parts = text.split(/([\ue0f0-\ue0f2])/);
  const words = parts.map((part) => readFrom[part] ?? (part === '' ? '' : `'${part.replaceAll("'", `'\\''`)}'`));
  return words.join('') || "''";
}
