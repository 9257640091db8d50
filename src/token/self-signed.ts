import type { KeyObject } from 'node:crypto';
import { createPublicKey, randomBytes, sign } from 'node:crypto';
import { around, bits, integer, oid, sequence, set, time, utf8 } from './der.js';

const day = 86_400_000;

/** A certificate (RFC 5280) that a private key has issued to itself, in DER; null for a kind of key that is not known here. */
export function selfSigned(key: KeyObject, name: string, now: number): Buffer | null {
  const kind = kindOf(key);
  if (kind === null) return null;
  const algorithm = sequence(oid(kind.oid), ...(kind.rsa ? [Buffer.from([0x05, 0x00])] : []));
  const subject = sequence(set(sequence(oid('2.5.4.3'), utf8(name))));
  const body = sequence(
    around(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    subject,
    sequence(time(new Date(now - day)), time(new Date(now + day))),
    subject,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  );
  return sequence(body, algorithm, bits(sign(kind.hash, body, key)));
}

function kindOf(key: KeyObject): { readonly oid: string; readonly hash: string | null; readonly rsa?: true } | null {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return { oid: '1.3.101.112', hash: null };
    case 'ec':
      return { oid: '1.2.840.10045.4.3.2', hash: 'sha256' };
    case 'rsa':
      return { oid: '1.2.840.113549.1.1.11', hash: 'sha256', rsa: true };
    default:
      return null;
  }
}
