import { expect, test } from 'vitest';
import { sealed, unsealed } from '../../../lib/core/run/sealed.ts';

const document = { id: '2026-11-20-0123', rows: 3, tables: { t: { hi: '17', note: 'ä' } } };

test('a document comes back as it was, and is JSON for whoever reads it otherwise', () => {
  const text = sealed(document, 1);
  expect(unsealed(text, 'a/b.json')).toEqual(document);
  expect(JSON.parse(text)).toMatchObject(document);
});

test('one of an older version has no checksum', () => {
  expect(unsealed(JSON.stringify(document), 'a/b.json')).toEqual(document);
});

test('whatever bit of whatever byte is turned, the object is named', () => {
  const bytes = Buffer.from(sealed(document));
  for (let at = 0; at < bytes.length * 8; at += 1) {
    const turned = Buffer.from(bytes);
    turned[at >> 3]! ^= 1 << (at & 7);
    expect(() => unsealed(turned.toString(), 'a/b.json'), `bit ${at}`).toThrow(
      expect.objectContaining({ name: 'OBJECT_DAMAGED', message: expect.stringContaining('a/b.json') }),
    );
  }
});
