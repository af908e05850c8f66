import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { NO_PYTHON } from '../../../lib/engines/spark/runtime/python-environment.ts';
import { archived } from '../../../lib/steps/landing/decompression.ts';
import { usablePython } from '../../support/engines/python-environment.ts';

const python = await usablePython();
const script = fileURLToPath(new URL('archive.py', import.meta.url));

interface Archive {
  readonly about: string;
  readonly name: string;
  readonly archive: string;
  readonly members: Record<string, string>;
}

describe.skipIf(python === undefined)(`archives of Python's${python === undefined ? `: ${NO_PYTHON}` : ''}`, () => {
  test('have the members that were put into them, in any form', async () => {
    const lines = execFileSync(python!, [script], { encoding: 'utf8', maxBuffer: 1 << 28 })
      .trim()
      .split('\n');
    expect(lines).toHaveLength(18);
    for (const line of lines) {
      const { about, name, archive, members } = JSON.parse(line) as Archive;
      expect(await unpacked(name, Buffer.from(archive, 'base64')), about).toEqual(members);
    }
  });
});

async function unpacked(name: string, bytes: Buffer): Promise<Record<string, string>> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 1013) yield bytes.subarray(at, at + 1013);
  }
  const found: Record<string, string> = {};
  for await (const member of archived(name, chunks())!.members) {
    const pieces: Buffer[] = [];
    for await (const chunk of member.bytes()) pieces.push(chunk);
    found[member.name] = Buffer.concat(pieces).toString('base64');
  }
  return found;
}
