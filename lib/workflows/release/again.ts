import { mayMoveBytes } from '../../core/feed/descriptors/format-descriptor.ts';
import { contentHash, type ReadingSpec } from '../../core/feed/reading-spec.ts';
import type { Table } from '../../core/feed/spec.ts';
import { readObject } from '../../core/objects/object-kind.ts';
import { keys, type RunId } from '../../core/run/keys.ts';
import { type LandedFile, type LandedTable, pullReceipt } from '../../core/run/pull-receipt.ts';
import type { ReleaseInput } from '../../ports/quarantine.ts';
import type { ReadingPorts } from '../../steps/landing/open-again.ts';
import { readAgain } from '../../steps/landing/read-again.ts';

/** How to read the records of a night under other format options than theirs; undefined where landing has them as today's options read them. */
export async function againUnder(
  table: Table,
  night: { readonly run: RunId; readonly table: string; readonly snapshot: string; readonly reading: ReadingSpec },
  ports: ReadingPorts,
): Promise<ReleaseInput['again']> {
  const { reading } = night;
  if (bytesHash(reading.delivered ?? reading.format) === bytesHash(table.format)) return undefined;
  const landed = await landedBy(night, ports);
  if (!landed || !isConverted(table, reading, landed.files, ports)) return undefined;
  // A file that was tried again lies under another name, so files need not be in the order of their objects.
  const inOrder = [...landed.files].sort((a, b) => (firstPart(a) < firstPart(b) ? -1 : 1));
  const files = new Map(landed.files.flatMap((file) => file.parts.map(({ key }) => [key, file] as const)));
  return async function* (objects) {
    const wanted = new Set([...objects].flatMap((object) => files.get(object) ?? []));
    for (const file of inOrder) if (wanted.has(file)) yield* readAgain(file, reading.format, table, ports);
  };
}

const firstPart = ({ parts }: LandedFile) => parts[0]?.key ?? '';

/** What decides how bytes become fields. The other options are read with the fields, behind landing. */
function bytesHash({
  null_values: _,
  quoted_nulls: _quoted,
  reject_control_characters: _controls,
  ...format
}: Readonly<Record<string, unknown>>): string {
  return contentHash(format);
}

function isConverted({ format }: Table, then: ReadingSpec, files: readonly LandedFile[], { formats }: ReadingPorts) {
  return then.delivered !== undefined || mayMoveBytes(format, formats) || files.some(({ movesBytes }) => movesBytes);
}

/** What a night landed of a table, from its receipt of pull; null when that is gone. */
async function landedBy(
  { run, table, snapshot }: { readonly run: RunId; readonly table: string; readonly snapshot: string },
  { store }: ReadingPorts,
): Promise<LandedTable | null> {
  for (const { key } of await store.list(keys.receipts(run, 'pull'))) {
    const text = await store.readText(key);
    const landed = text === null ? undefined : readObject(pullReceipt, text, key).tables[table];
    if (landed?.snapshot === snapshot) return landed;
  }
  return null;
}
