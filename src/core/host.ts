/** Whether a host, as `URL.hostname` gives it, is this machine: RFC 1122 and 4291 loopback, RFC 6761 names. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname) || isLoopbackName(hostname);
}

/** Whether a URL leads to this machine; false for what is no URL. */
export function isHere(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}

/** RFC 1122 and 4291 loopback and "this host", RFC 1918, RFC 4193. Not 169.254/16 (cloud metadata) nor 100.64/10. */
export const privateNets = [
  ['0.0.0.0', 32],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['::', 128],
  ['::1', 128],
  ['fc00::', 7],
] as const;

// RFC 6761; RFC 6762, where a name below another one (svc.cluster.local) is not mDNS; RFC 8375; Docker's own machine
const privateName = /^(localhost|.+\.localhost|.+\.test|[^.]+\.local|.+\.home\.arpa|host\.docker\.internal)$/;

/** Whether a host name can only be on this machine or on a private network, by its spelling. */
export function isPrivateName(name: string): boolean {
  return privateName.test(name.toLowerCase().replace(/\.$/, ''));
}

/** Whether a host name is this machine (RFC 6761). */
export function isLoopbackName(name: string): boolean {
  return /^(.+\.)?localhost\.?$/i.test(name);
}
