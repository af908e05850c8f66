import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NightLab } from '../../support/nights/night-lab.ts';
import { corrected, dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const MANIFEST = 'ready: {stable: 1s, manifest: {file: "manifest_{yyyymmdd}.csv"}}';

/** A lab with one published night whose vendor writes manifests, and the next one delivered without. */
async function labWithManifests(): Promise<NightLab> {
  const lab = await NightLab.open();
  onTestFinished(() => lab.close());
  lab.describeSource(`{folder: "vendor/{date}"}\n${MANIFEST}`);
  lab.deliver(dateOf(1), deliveryOf(1));
  promise(lab, 1);
  await lab.publish(dateOf(1), deliveryOf(1));
  lab.deliver(dateOf(2), deliveryOf(2));
  return lab;
}

const pathOf = (lab: NightLab, night: number, name: string) => join(lab.folder, 'vendor', dateOf(night), name);

/** Writes a manifest that is true but for `changes`. */
function promise(
  lab: NightLab,
  night: number,
  changes: Record<string, Partial<Record<'size' | 'rows' | 'md5', string>>> = {},
) {
  const lines = ['products.csv', 'stock.csv'].map((name) => {
    const bytes = readFileSync(pathOf(lab, night, name));
    const rows = String(bytes.toString().trimEnd().split('\n').length - 1);
    const facts = {
      size: String(bytes.length),
      rows,
      md5: createHash('md5').update(bytes).digest('hex'),
      ...changes[name],
    };
    return `out/${name},${facts.size},${facts.rows},${facts.md5}\n`;
  });
  const name = `manifest_${dateOf(night).replaceAll('-', '')}.csv`;
  writeFileSync(pathOf(lab, night, name), `file,size,rows,md5\n${lines.join('')}`);
}

test('no manifest: late; what it says is checked and, when it is mended, the same command succeeds', async () => {
  const lab = await labWithManifests();

  const late = await lab.night(dateOf(2));
  expect(late).toMatchObject({ code: 4, json: { state: 'late', error: { name: 'LATE' } } });

  const wrong: [Parameters<typeof promise>[2], RegExp][] = [
    [{ 'stock.csv': { size: '7' } }, /^"stock.csv" has \d+ bytes; the manifest says 7$/],
    [{ 'stock.csv': { rows: '7' } }, /^"stock.csv" has \d+ rows; the manifest says 7$/],
    [{ 'products.csv': { md5: '0'.repeat(32) } }, /^"products.csv" has the md5 [0-9a-f]+; the manifest says 0+$/],
  ];
  for (const [changes, message] of wrong) {
    promise(lab, 2, changes);
    const refused = await lab.night(dateOf(2));
    expect(refused, refused.stderr).toMatchObject({
      code: 5,
      json: { state: 'refused', error: { name: 'MANIFEST_MISMATCH', message: expect.stringMatching(message) } },
    });
  }
  await lab.checkInvariants(deliveryOf(1));

  promise(lab, 2);
  const published = await lab.night(dateOf(2));
  const again = await lab.night(dateOf(2));
  expect(published, published.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
  expect(again, again.stderr).toMatchObject({ code: 0, json: { state: 'unchanged' } });
  await lab.checkInvariants(deliveryOf(2));
});

test('a file that the manifest names is waited for; one that makes no sense is refused', async () => {
  const lab = await labWithManifests();
  promise(lab, 2);
  rmSync(pathOf(lab, 2, 'stock.csv'));
  const late = await lab.night(dateOf(2));
  expect(late).toMatchObject({ code: 4, json: { error: { name: 'LATE' } } });

  lab.deliver(dateOf(2), corrected(deliveryOf(2)));
  writeFileSync(pathOf(lab, 2, `manifest_${dateOf(2).replaceAll('-', '')}.csv`), 'file,size\nproducts.csv,many\n');
  const refused = await lab.night(dateOf(2));
  expect(refused).toMatchObject({ code: 5, json: { state: 'refused', error: { name: 'MANIFEST_INVALID' } } });
  await lab.checkInvariants(deliveryOf(1));
});
