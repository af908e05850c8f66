import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A folder as one file: names and contents (base64) as JSON, zstd-compressed. */
export async function pack(folder: string, into: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents: Record<string, string> = {};
  for (const path of paths.sort()) contents[relative(folder, path)] = (await readFile(path)).toString('base64');
  await writeFile(into, zstdCompressSync(JSON.stringify(contents)));
}

export async function unpack(file: string, folder: string): Promise<void> {
  const contents = JSON.parse(zstdDecompressSync(await readFile(file)).toString()) as Record<string, string>;
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), Buffer.from(content, 'base64'));
  }
}
