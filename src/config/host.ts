import { BlockList } from 'node:net';
import { isPrivateName, privateNets } from '../core/host.js';

/**
 * Whether a host, as `URL.hostname` gives it, can only be on this machine or on a private network. By its spelling
 * alone: nothing is resolved. Unknown is not private: `.internal` and bare names may well be production.
 */
export function isPrivateHost(hostname: string): boolean {
  // URL writes every IPv4 address as four numbers and puts every IPv6 address into brackets
  if (hostname.startsWith('[')) return isPrivateAddress(hostname.slice(1, -1), 'ipv6');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return isPrivateAddress(hostname, 'ipv4');
  return isPrivateName(hostname);
}

function isPrivateAddress(address: string, family: 'ipv4' | 'ipv6'): boolean {
  const nets = new BlockList();
  for (const [net, prefix] of privateNets) nets.addSubnet(net, prefix, net.includes(':') ? 'ipv6' : 'ipv4');
  return nets.check(address, family);
}
