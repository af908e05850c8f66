import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { type Aws, describeAws } from '../../support/aws/aws.ts';
import { type Bucket, freshBucket } from '../../support/aws/bucket.ts';
import { isFull } from '../../support/full.ts';
import { refusal } from '../../support/nights/broken-store.ts';
import { labsAfter } from '../../support/nights/labs-after.ts';
import type { Ended } from '../../support/nights/night-command.ts';
import type { NightLab } from '../../support/nights/night-lab.ts';
import { type Fault, httpFront } from '../../support/vendors/http-front.ts';
import { corrected, type Delivery, dateOf, deliveryOf, put } from '../../support/vendors/night-vendor.ts';

const KEYS = { VENDOR_KEY: 'test', VENDOR_SECRET: 'test' };
const FOLDER = 'out';

const fork = labsAfter(1);

/** What happens to a request, and how many for the same object came before it; -1 for listings. */
type Decide = (request: IncomingMessage, earlier: number) => Fault | undefined;

class S3Lab {
  readonly lab: NightLab;
  readonly bucket: Bucket;
  decide: Decide = () => undefined;

  constructor(lab: NightLab, bucket: Bucket) {
    this.lab = lab;
    this.bucket = bucket;
  }

  /** Where one night was published from a folder; the next one is delivered into the bucket. */
  static async open(aws: Aws): Promise<S3Lab> {
    const bucket = await freshBucket(aws);
    onTestFinished(() => bucket.remove());
    const lab = await fork();
    const s3 = new S3Lab(lab, bucket);
    const read = new Map<string, number>();
    const front = await httpFront(aws.client.endpoint!, (request) => {
      const { pathname, searchParams } = new URL(request.url!, aws.client.endpoint);
      if (searchParams.has('list-type')) return s3.decide(request, -1);
      const earlier = read.get(pathname) ?? 0;
      read.set(pathname, earlier + 1);
      return s3.decide(request, earlier);
    });
    onTestFinished(() => front.close());
    s3.describe(front.url);
    await s3.deliver(2);
    return s3;
  }

  describe(endpoint: string, bucket = this.bucket.name): void {
    const keys = 'access_key: "env:VENDOR_KEY", secret_key: "env:VENDOR_SECRET"';
    const source = `{s3: {bucket: ${bucket}, path: "${FOLDER}/{date}", endpoint: "${endpoint}", ${keys}}}`;
    this.lab.describeSource(`${source}\nready: {stable: 1s}`);
  }

  async deliver(night: number, delivery: Delivery = deliveryOf(night)): Promise<void> {
    const folder = join(this.lab.folder, 'vendor', dateOf(night));
    put(folder, delivery);
    for (const name of readdirSync(folder)) await this.put(night, name, readFileSync(join(folder, name)));
  }

  async put(night: number, name: string, Body: Buffer): Promise<void> {
    const Key = `${FOLDER}/${dateOf(night)}/${name}`;
    await this.bucket.client.send(new PutObjectCommand({ Bucket: this.bucket.name, Key, Body }));
  }

  night(night: number): Promise<Ended> {
    return this.lab.night(dateOf(night), KEYS);
  }
}

/** The first two meet each mechanism once: refused at once, and tried again. */
const refusals: [string, (earlier: number) => boolean, number, string, string][] = [
  ['may list but not read', (earlier: number) => earlier >= 0, 403, 'AccessDenied', 'SOURCE_DENIED'],
  ['is always told to slow down', () => true, 503, 'SlowDown', 'SOURCE_UNREACHABLE'],
  ['may not list', (earlier: number) => earlier < 0, 403, 'AccessDenied', 'SOURCE_DENIED'],
  ['has an unknown key', () => true, 403, 'InvalidAccessKeyId', 'SOURCE_LOGIN'],
  ['comes by another region', () => true, 400, 'AuthorizationHeaderMalformed', 'SOURCE_DENIED'],
  ['names no bucket', () => true, 404, 'NoSuchBucket', 'SOURCE_DENIED'],
];

const isReading = (request: IncomingMessage, name: string) => request.url!.includes(`/${name}?`);

await describeAws('nights from a bucket', ['ministack'], (aws) => {
  test.skipIf(aws.folder === undefined).each(isFull ? [0, 1, 50, 99] : [50])(
    'a line that breaks twice at %d %% of a file (skipped without an emulator)',
    async (percent) => {
      const s3 = await S3Lab.open(aws);
      const { length } = readFileSync(join(s3.lab.folder, 'vendor', dateOf(2), 'products.csv'));
      const bytes = Math.floor((length * percent) / 100);
      let cuts = 0;
      s3.decide = (request, earlier) =>
        isReading(request, 'products.csv') && earlier < 2 && ++cuts ? { kind: 'cut', bytes } : undefined;

      const night = await s3.night(2);

      expect(night, night.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
      expect(cuts).toBe(2);
      await s3.lab.checkInvariants(deliveryOf(2));
    },
  );

  test('an object that is replaced in the transfer is fetched again, whole', async () => {
    const s3 = await S3Lab.open(aws);
    const other = corrected(deliveryOf(2));
    let replaced: Promise<void> | undefined;
    s3.decide = (request) => {
      if (!isReading(request, 'products.csv') || replaced !== undefined) return undefined;
      replaced = s3.deliver(2, other);
      return { kind: 'delay', until: replaced };
    };

    const first = await s3.night(2);
    const again = first.code === 0 ? first : await s3.night(2);

    expect(first.stderr).toContain('SOURCE_CHANGED');
    expect(again, again.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    await s3.lab.checkInvariants(other);
  });

  test('a delivery that still grows is waited for', async () => {
    const s3 = await S3Lab.open(aws);
    const whole = readFileSync(join(s3.lab.folder, 'vendor', dateOf(2), 'products.csv'));
    await s3.put(2, 'products.csv', whole.subarray(0, 500));
    let looks = 0;
    s3.decide = (_, earlier) => {
      if (earlier !== -1 || ++looks !== 2) return undefined;
      return { kind: 'delay', until: s3.put(2, 'products.csv', whole) };
    };

    const night = await s3.night(2);

    expect(night, night.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    expect(looks).toBeGreaterThan(2);
    await s3.lab.checkInvariants(deliveryOf(2));
  });

  test('nothing delivered is late, never empty', async () => {
    const s3 = await S3Lab.open(aws);
    const night = await s3.night(3);
    expect(night).toMatchObject({ code: 4, json: { state: 'late', error: { name: 'LATE' } } });
    await s3.lab.checkInvariants(deliveryOf(1));
  });

  test('an object that is taken away before it was read', async () => {
    const s3 = await S3Lab.open(aws);
    const Key = `${FOLDER}/${dateOf(2)}/stock.csv`;
    s3.decide = (request) =>
      isReading(request, 'stock.csv')
        ? { kind: 'delay', until: s3.bucket.client.send(new DeleteObjectCommand({ Bucket: s3.bucket.name, Key })) }
        : undefined;

    const stopped = await s3.night(2);
    await s3.lab.checkInvariants(deliveryOf(1));
    s3.decide = () => undefined;
    await s3.deliver(2);
    const published = await s3.night(2);

    expect(stopped, stopped.stderr).toMatchObject({
      code: 1,
      json: { state: 'failed', error: { name: 'SOURCE_CHANGED' } },
    });
    expect(published, published.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    await s3.lab.checkInvariants(deliveryOf(2));
  });

  test.skipIf(aws.folder === undefined).each(isFull ? refusals : refusals.slice(0, 2))(
    'who %s is told so, and the same command goes on when that is mended (skipped without an emulator)',
    async (_, when, status, code, name) => {
      const s3 = await S3Lab.open(aws);
      s3.decide = (_, earlier) => (when(earlier) ? refusal(status, code) : undefined);

      const stopped = await s3.night(2);
      await s3.lab.checkInvariants(deliveryOf(1));
      s3.decide = () => undefined;
      const published = await s3.night(2);

      expect(stopped, stopped.stderr).toMatchObject({ code: 1, json: { state: 'failed', error: { name } } });
      expect(stopped.json!.error!.message).toContain(code);
      expect(published, published.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
      await s3.lab.checkInvariants(deliveryOf(2));
    },
  );

  test('a published delivery asked for again is unchanged', async () => {
    const s3 = await S3Lab.open(aws);
    expect(await s3.night(2)).toMatchObject({ code: 0, json: { state: 'published' } });
    expect(await s3.night(2)).toMatchObject({ code: 0, json: { state: 'unchanged' } });
    await s3.lab.checkInvariants(deliveryOf(2));
  });
});
