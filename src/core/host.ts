/** Whether a host, as `URL.hostname` gives it, is this machine: RFC 1122 and 4291 loopback, RFC 6761 names. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|(.+\.)?localhost\.?)$/.test(hostname);
}

/** Whether a URL leads to this machine; false for what is no URL. */
export function isHere(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}
