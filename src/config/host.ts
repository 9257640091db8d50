import { BlockList } from 'node:net';

// RFC 1122 and 4291 loopback and "this host", RFC 1918, RFC 4193. Not 169.254/16 (cloud metadata) nor 100.64/10
const privateNets = [
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

/**
 * Whether a host, as `URL.hostname` gives it, can only be on this machine or on a private network. By its spelling
 * alone: nothing is resolved. Unknown is not private: `.internal` and bare names may well be production.
 */
export function isPrivateHost(hostname: string): boolean {
  // URL writes every IPv4 address as four numbers and puts every IPv6 address into brackets
  if (hostname.startsWith('[')) return isPrivateAddress(hostname.slice(1, -1), 'ipv6');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return isPrivateAddress(hostname, 'ipv4');
  return privateName.test(hostname.replace(/\.$/, ''));
}

function isPrivateAddress(address: string, family: 'ipv4' | 'ipv6'): boolean {
  const nets = new BlockList();
  for (const [net, prefix] of privateNets) nets.addSubnet(net, prefix, net.includes(':') ? 'ipv6' : 'ipv4');
  return nets.check(address, family);
}
