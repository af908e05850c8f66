const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes for people, such as `1.5 GB`. */
export function shownSize(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const size = bytes / 1000 ** unit;
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}
