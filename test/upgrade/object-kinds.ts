import { samplesObject } from '../../lib/core/diff/samples.ts';
import { feedDocument } from '../../lib/core/feed/feed-document.ts';
import type { ObjectKind } from '../../lib/core/objects/object-kind.ts';
import { deliveryMarker } from '../../lib/core/run/delivery-marker.ts';
import { receiptKinds } from '../../lib/core/run/receipt.ts';
import { snapshotManifest } from '../../lib/core/run/snapshot-manifest.ts';

const { arrive, pull, diff } = receiptKinds;

/** Every kind of JSON object that a home holds, and the keys under which it lies. */
export const objectKinds: Readonly<Record<string, { readonly kind: ObjectKind<object>; readonly keys: RegExp }>> = {
  'arrive-receipts': { kind: arrive, keys: /^receipts\/.*\/arrive\/\w+\.json$/ },
  'pull-receipts': { kind: pull, keys: /^receipts\/.*\/pull\/\w+\.json$/ },
  'diff-receipts': { kind: diff, keys: /^receipts\/.*\/diff\/\w+\.json$/ },
  samples: { kind: samplesObject, keys: /^(receipts\/.*\/samples\/|changes\/.*\/samples).*\.json$/ },
  manifests: { kind: snapshotManifest, keys: /^snapshots\/.*\/manifest\.json$/ },
  feeds: { kind: feedDocument, keys: /^feeds\/.*\.json$/ },
  markers: { kind: deliveryMarker, keys: /^current\/.*\/newest-delivery\/.*\.json$/ },
};

export function kindOfKey(key: string): string | undefined {
  return Object.keys(objectKinds).find((name) => objectKinds[name]!.keys.test(key));
}
