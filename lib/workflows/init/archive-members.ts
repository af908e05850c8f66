import { Readable } from 'node:stream';
import { isArchiveName } from '../../core/archives/layers.ts';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import type { Source } from '../../ports/source.ts';
import { archived } from '../../steps/landing/decompression.ts';

/** The members of an archive with several files, as files of a source. */
export interface OpenedArchive {
  /** Names such as `export.zip/orders.csv`. */
  readonly members: readonly SourceFile[];
  /** Members that are no data, as patterns. */
  readonly ignored: readonly string[];
  /** A source that has these members. */
  readonly source: Source;
}

/** Looks into an archive; undefined when it is none, or has one file, which is read as if it were not packed. */
export async function openArchive(source: Source, { name }: SourceFile): Promise<OpenedArchive | undefined> {
  if (!isArchiveName(name)) return undefined;
  const names: string[] = [];
  for await (const member of archived(name, source.read(name))!.members) names.push(member.name);
  if (names.length < 2) return undefined;
  const data = names.filter((each) => DATA.test(each) && !NO_DATA.test(each));
  const ignored = [...new Set(names.filter((each) => !data.includes(each)).map(patternOf))];
  const read = (file: string) => Readable.from(memberBytes(source, name, file.slice(name.length + 1)));
  // How long a member is does not count: an archive is read from its beginning.
  const members = data.map((member) => ({ name: `${name}/${member}`, size: 0, modified: null }));
  return {
    members,
    ignored,
    source: {
      ...forwarded(source),
      list: async (isWanted = () => true) => members.filter(({ name }) => isWanted(name)),
      read,
    },
  };
}

const DATA = /\.(csv|tsv|psv|txt|dat|tab|json|ndjson|jsonl|sql)$/i;
const NO_DATA = /(^|\/)(\.|__MACOSX\/|readme|licen[cs]e|copying|manifest|checksums?)/i;

/** Another folder of such files, or another text of this name, is left out too. */
function patternOf(member: string): string {
  const [folder] = /^__MACOSX\//.exec(member) ?? [];
  return folder ? `${folder}*` : member;
}

async function* memberBytes(source: Source, archive: string, wanted: string): AsyncGenerator<Buffer> {
  for await (const member of archived(archive, source.read(archive))!.members)
    if (member.name === wanted) return yield* member.bytes();
}

function forwarded(source: Source): Source {
  return {
    list: (isWanted) => source.list(isWanted),
    stat: (name) => source.stat(name),
    read: (name, from) => source.read(name, from),
    close: () => source.close(),
    clock: () => source.clock(),
    around: (see) => source.around(see),
    place: source.place,
    notes: source.notes,
  };
}
