import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { around, bits, boolean, integer, octets, oid, sequence, set, tagged, time, utf8 } from '../../token/der.js';

/** A CA that nobody trusts yet, and what a server under it needs. All PEM. */
export interface PrivateCa {
  readonly ca: string;
  /** a key and a certificate for these names, DNS names and IP addresses alike; `subject` is its common name */
  issue(names: readonly string[], subject?: string): { readonly key: string; readonly cert: string };
}

const day = 86_400_000;
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

/** Makes a CA in memory (RFC 5280). Its key is never written, so that nothing but this process can issue under it. */
export function makeCa(now: number): PrivateCa {
  const keys = newKeys();
  const issuer = nameOf('lockstep demo CA');
  const identifier = createHash('sha1').update(spki(keys.publicKey)).digest();
  const certificate = (subject: Buffer, publicKey: KeyObject, extensions: readonly Buffer[]) => {
    const signed = sequence(
      around(0, integer(Buffer.from([2]))),
      // positive, as RFC 5280 4.1.2.2 wants it
      integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ecdsaWithSha256,
      issuer,
      // from yesterday: clients have clocks of their own
      sequence(time(new Date(now - day)), time(new Date(now + 60 * day))),
      subject,
      spki(publicKey),
      around(3, sequence(...extensions)),
    );
    return pem(sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, keys.privateKey))));
  };
  return {
    ca: certificate(issuer, keys.publicKey, [
      extension('2.5.29.19', true, sequence(boolean(true), integer(Buffer.from([0])))),
      // keyCertSign, cRLSign
      extension('2.5.29.15', true, bits(Buffer.from([0x06]), 1)),
      extension('2.5.29.14', false, octets(identifier)),
    ]),
    issue(names, subject = 'lockstep demo edge') {
      const own = newKeys();
      const cert = certificate(nameOf(subject), own.publicKey, [
        extension('2.5.29.19', true, sequence()),
        // digitalSignature
        extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)),
        extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
        extension('2.5.29.35', false, sequence(tagged(0, identifier))),
        extension('2.5.29.17', false, sequence(...names.map(alternativeName))),
      ]);
      return { key: String(own.privateKey.export({ type: 'pkcs8', format: 'pem' })), cert };
    },
  };
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function nameOf(text: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(text))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 0) return tagged(2, Buffer.from(name));
  return tagged(7, isIP(name) === 4 ? Buffer.from(name.split('.').map(Number)) : sixteenBytes(name));
}

/** An IPv6 address with at most one `::` and no dots. */
function sixteenBytes(address: string): Buffer {
  const [head = [], tail = []] = address.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const groups = [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`;
}
