const words = /error|unauth|forbidden|denied|invalid|expired|refused|reject/i;
/** What a refusal may say of itself. Anything else in a message is content. */
const known = new Set(['type', 'event', 'kind', 'code', 'status', 'error', 'message', 'reason', 'detail', 'op']);

/**
 * True for a socket message that only says that a credential is refused, which some servers send before they close: a
 * short text, or a JSON object that says so and carries nothing else.
 */
export function isRefusalNotice(message: string): boolean {
  if (message.length > 512) return false;
  const parsed = json(message);
  if (typeof parsed !== 'object' || parsed === null) return message.length < 120 && words.test(message);
  const entries = Object.entries(parsed);
  const plain = entries.every(([key, value]) => known.has(key) && (typeof value !== 'object' || value === null));
  return (
    plain &&
    entries.some(
      ([key, value]) => value !== null && (words.test(String(value)) || (key === 'error' && value !== false)),
    )
  );
}

/** What a greeting may hold besides: nothing that belongs to anybody. */
const greeting = new Set([...known, 'version', 'server', 'protocol', 'heartbeat', 'interval']);

/** True for a short socket message that says hello to whoever connects, and nothing of anybody. */
export function isGreeting(message: string): boolean {
  if (message.length > 120) return false;
  const parsed = json(message);
  if (typeof parsed !== 'object' || parsed === null) return /^[\w .,!-]{1,40}$/.test(message);
  return Object.entries(parsed).every(([key, value]) => greeting.has(key) && typeof value !== 'object');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
