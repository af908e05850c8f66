import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { samplesObject } from '../../lib/core/diff/samples.ts';
import { feedDocument, feedText } from '../../lib/core/feed/feed-document.ts';
import { type ObjectKind, objectText, readObject } from '../../lib/core/objects/object-kind.ts';
import { deliveryMarker } from '../../lib/core/run/delivery-marker.ts';
import { receiptKinds, snapshotManifest } from '../../lib/core/run/receipt.ts';
import { packed } from './packed-folder.ts';

const { arrive, pull, diff } = receiptKinds;
/** Every kind of JSON object, by the keys under which it lies. */
const kinds: readonly (readonly [place: RegExp, kind: ObjectKind<object>])[] = [
  [/^receipts\/.*\/arrive\/\w+\.json$/, arrive],
  [/^receipts\/.*\/pull\/\w+\.json$/, pull],
  [/^receipts\/.*\/diff\/\w+\.json$/, diff],
  [/^receipts\/.*\/samples\/.*\.json$/, samplesObject],
  [/^snapshots\/.*\/manifest\.json$/, snapshotManifest],
  [/^feeds\/.*\.json$/, feedDocument],
  [/^current\/.*\/newest-delivery\/.*\.json$/, deliveryMarker],
];

const versions = (await readdir(import.meta.dirname, { withFileTypes: true })).filter((entry) => entry.isDirectory());

describe.each(versions.map(({ name }) => name))('objects that %s left', async (version) => {
  const home = await packed(join(import.meta.dirname, version, 'home.json.zst'));
  const objects = Object.entries(home).map(([name, bytes]) => [name.replace('lake/', ''), bytes.toString()] as const);

  test.each(kinds)('%s', (place, kind) => {
    const found = objects.filter(([key]) => place.test(key));
    expect(found.length).toBeGreaterThan(0);
    for (const [key, text] of found) {
      const read = readObject(kind, text, key);
      const { checksum: _, ...before } = JSON.parse(text);
      expect(read).toEqual(before);
      const written = objectText(kind, read);
      expect(readObject(kind, written, key)).toEqual(read);
      expect(JSON.parse(written).version).toBe(kind.version);
    }
  });

  test('a feed document is written as it was, for its key is made of its content', () => {
    for (const [key, text] of objects.filter(([name]) => name.startsWith('feeds/')))
      expect(feedText(readObject(feedDocument, text, key))).toBe(text);
  });
});
