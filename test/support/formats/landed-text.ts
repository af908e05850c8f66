import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { StructuralScan, scanOptions } from '../../../lib/core/records/scan/scan.ts';
import { formats } from '../../../lib/formats/index.ts';
import { parseFeed } from '../parse-feed.ts';
import { noLocalFile } from './local-file.ts';

/** What landing makes of a file, of which only the format is asked. */
export interface LandedText {
  readonly text: string;
  readonly rows: number;
  readonly notes: readonly string[];
}

/** Lands a file of a table with this text of its feed, in pieces of `size` bytes. */
export async function landedText(table: string, sent: string | Buffer, size = sent.length): Promise<LandedText> {
  const feed = `feed: lab\nsource: {folder: .}\ntables: {t: {files: "*", ${table}}}\n`;
  const parsed = parseFeed(feed, 'feed.yaml').tables.t!;
  const reading = readingSpecOf(parsed);
  const data = Buffer.from(sent);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < data.length; at += size) yield Buffer.from(data.subarray(at, at + size));
  }
  const format = formats.find(({ name }) => name === parsed.format.type)!;
  const file = await format.open({
    format: parsed.format as never,
    bytes: pieces(),
    localFile: noLocalFile,
    columns: deliveredColumnsOf(parsed),
    contract: parsed.contract,
    reading,
  });
  const scan = new StructuralScan({
    ...scanOptions(file.head, reading.format),
    guard: file.guard,
    faultOf: file.faultOf,
  });
  const found: Buffer[] = [];
  try {
    for await (const piece of file.text) {
      found.push(Buffer.from(piece));
      scan.push(found.at(-1)!);
    }
    scan.finish();
  } catch (thrown) {
    throw file.explained?.(thrown) ?? thrown;
  }
  const { notes } = file.end({ rows: scan.rows, endsBroken: false });
  return { text: Buffer.concat(found).toString(), rows: scan.rows, notes: [...file.head.notes, ...notes] };
}
