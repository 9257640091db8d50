/** The few pieces of DER (X.690) that a certificate is made of. */
const encode = (tag: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => encode(0x30, Buffer.concat(parts));
export const set = (part: Uint8Array): Buffer => encode(0x31, part);
/** a positive integer; the first byte must be below 0x80 */
export const integer = (bytes: Uint8Array): Buffer => encode(0x02, bytes);
export const boolean = (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0]));
export const octets = (content: Uint8Array): Buffer => encode(0x04, content);
export const utf8 = (text: string): Buffer => encode(0x0c, Buffer.from(text));
/** `unused` bits at the end do not count */
export const bits = (content: Uint8Array, unused = 0): Buffer =>
  encode(0x03, Buffer.concat([Buffer.from([unused]), content]));
/** `[number]`, explicit: around a whole value */
export const around = (number: number, content: Uint8Array): Buffer => encode(0xa0 | number, content);
/** `[number]`, implicit: in place of the tag of a primitive value */
export const tagged = (number: number, content: Uint8Array): Buffer => encode(0x80 | number, content);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arcs = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return encode(0x06, Buffer.from(arcs));
}

/** To the second; until 2049, when RFC 5280 4.1.2.5 wants another type. */
export function time(at: Date): Buffer {
  const text = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return encode(0x17, Buffer.from(text.slice(2)));
}
