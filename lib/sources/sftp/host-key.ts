import { createHash } from 'node:crypto';

/** The fingerprint of a public key in SSH's binary form, written as `ssh-keygen -lf` does: `SHA256:` and base64 without padding. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** RFC 4253, section 6.6: a key begins with the name of its kind. */
export function keyTypeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const name = key.toString('latin1', 4, 4 + Math.min(length, 40));
  return /^[\w@.-]+$/.test(name) ? name : 'unknown';
}
