import type { Noted } from '../core/reproduce.js';
import { marks } from '../core/reproduce.js';
import type { HttpRequest } from '../world.js';

/** Told of each exchange, without its credentials. */
export type Note = (exchange: Noted) => void;

const shortest = 8;

/** An exchange as it may be told: credentials are marks, wherever they stood. */
export function noted(request: HttpRequest, status: number, ms: number): Noted {
  const { method, url, headers, also = [], body = null } = request;
  const all = [...Object.entries(headers), ...also].filter(([name]) => name.toLowerCase() !== 'user-agent');
  const tokens = all.flatMap(([name, value]) => (isAuthorization(name) ? [value.replace(/^\S+\s+/, '')] : []));
  const marked = (text: string) =>
    tokens
      .filter(({ length }) => length >= shortest)
      .reduce((rest, token) => rest.replaceAll(token, marks.token), text);
  return {
    method,
    url,
    asked: marked(new URL(url).href),
    status,
    headers: all.map(([name, value]) => [name, told(name, value, marked)] as const),
    body: body === null ? null : marked(withoutPasswords(body)),
    ms,
  };
}

function isAuthorization(name: string): boolean {
  return name.toLowerCase() === 'authorization';
}

function told(name: string, value: string, marked: (text: string) => string): string {
  if (isAuthorization(name)) return value.replace(/^(\S+\s+)?[\s\S]*$/, `$1${marks.token}`);
  if (name.toLowerCase() === 'cookie') return marks.cookie;
  return /key|token|secret|password/i.test(name) ? marks.password : marked(value);
}

/** A body of JSON says what is secret by its names; of another one nothing is known. */
function withoutPasswords(body: string): string {
  try {
    const secret = (key: string, value: unknown) =>
      typeof value === 'string' && /password|secret|token/i.test(key) ? marks.password : value;
    return JSON.stringify(JSON.parse(body, secret));
  } catch {
    return body;
  }
}
