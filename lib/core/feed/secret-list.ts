/** The secrets that NIGHTFEED_SECRETS allows feed files to name. */
export interface SecretList {
  /** `env:NAME` and `secret:NAME`, and names that stand for both. */
  readonly names: ReadonlySet<string>;
  /** Folders and files for `file:`. */
  readonly files: readonly string[];
}

/** Parses a list with commas or blanks between its entries. An entry that begins with `/` or `file:` is a folder or a file. */
export function parseSecretList(text: string): SecretList {
  const entries = text.split(/[,\s]+/).filter((entry) => entry !== '');
  const isFile = (entry: string) => entry.startsWith('/') || entry.startsWith('file:');
  return {
    names: new Set(entries.filter((entry) => !isFile(entry))),
    files: entries.filter(isFile).map((entry) => entry.replace(/^file:/, '')),
  };
}

/** Whether a reference other than `file:` is on the list. A secret of JSON is allowed with all its keys. */
export function isListed({ names }: SecretList, reference: string): boolean {
  const whole = reference.startsWith('secret:') ? reference.replace(/#.*$/, '') : reference;
  return names.has(whole) || names.has(whole.slice(whole.indexOf(':') + 1));
}
