import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { NO_PYTHON } from '../../../lib/engines/spark/runtime/python-environment.ts';
import { decompressed } from '../../../lib/steps/landing/decompression.ts';
import { usablePython } from '../../support/engines/python-environment.ts';
import { isFull } from '../../support/full.ts';

const python = await usablePython();
const script = fileURLToPath(new URL('pack.py', import.meta.url));

interface Packed {
  readonly about: string;
  readonly name: string;
  readonly plain: string;
  readonly packed: string;
}

const all = python === undefined ? [] : packs(isFull ? 400 : 60);

describe.skipIf(python === undefined)(`what Python packs${python === undefined ? `: ${NO_PYTHON}` : ''}`, () => {
  test('comes out as it went in', async () => {
    for (const { about, name, plain, packed } of all) {
      const found = await unpacked(name, Buffer.from(packed, 'base64'));
      expect(found.equals(Buffer.from(plain, 'base64')), about).toBe(true);
    }
    expect(all.length).toBeGreaterThan(50);
  }, 300_000);

  test('never comes out as something else when a bit turns', async () => {
    const small = all.filter(({ packed }) => packed.length < 1500).slice(0, isFull ? 30 : 6);
    expect(small.length).toBeGreaterThan(3);
    for (const { about, name, plain, packed } of small) {
      const bytes = Buffer.from(packed, 'base64');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const found = await unpacked(name, bytes).catch((error: Error) => error.name);
        if (typeof found === 'string') expect(found, about).toMatch(/^(NOT_)?(BZIP2|XZ)|ARCHIVE_SHAPE/);
        else expect(found.equals(Buffer.from(plain, 'base64')), `${about}, bit ${bit}`).toBe(true);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
  }, 300_000);
});

function packs(count: number): Packed[] {
  const options = { encoding: 'utf8' as const, maxBuffer: 1 << 30 };
  return execFileSync(python!, [script, String(count)], options)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Packed);
}

async function unpacked(name: string, bytes: Buffer): Promise<Buffer> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 1013) yield bytes.subarray(at, at + 1013);
  }
  const found: Buffer[] = [];
  for await (const chunk of decompressed(name, chunks()).bytes) found.push(chunk);
  return Buffer.concat(found);
}
