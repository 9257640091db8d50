import { BlockList, isIP } from 'node:net';

// RFC 1122 and 4291 loopback and "this host", RFC 1918, RFC 4193. Not 169.254/16 (cloud metadata) nor 100.64/10
const privateNets = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 32],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateNets.addSubnet(net, prefix, 'ipv4');
}
privateNets.addSubnet('::', 128, 'ipv6');
privateNets.addSubnet('::1', 128, 'ipv6');
privateNets.addSubnet('fc00::', 7, 'ipv6');

// RFC 6761; RFC 6762, where a name below another one (svc.cluster.local) is not mDNS; RFC 8375; Docker's own machine
const privateName = /^(localhost|.+\.localhost|.+\.test|[^.]+\.local|.+\.home\.arpa|host\.docker\.internal)$/;

/**
 * Whether a host, as `URL.hostname` gives it, can only be on this machine or on a private network. By its spelling
 * alone: nothing is resolved. Unknown is not private: `.internal` and bare names may well be production.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const version = isIP(host);
  if (version === 0) return privateName.test(host);
  return privateNets.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
