/** Sockets that one address may have refused in `ms`; many more than a page that reconnects ever has. */
const most = 80;
const ms = 10_000;

/** Counts refused sockets by address, so that nobody tries token after token. */
export function makeHandshakeLimit() {
  const refused = new Map<string, number[]>();
  const recent = (address: string) => (refused.get(address) ?? []).filter((at) => at > Date.now() - ms);
  return {
    reached: (address: string): boolean => recent(address).length >= most,
    count(address: string): void {
      refused.set(address, [...recent(address), Date.now()]);
    },
  };
}
