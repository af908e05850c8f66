/**
 * The entry of an object under a name that a vendor or a feed file chose, never an inherited property: `constructor` and
 * `__proto__` are names too. Make such objects by `Object.fromEntries`, which takes any name; assignment does not.
 */
export function entryOf<T>(of: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return of && Object.hasOwn(of, name) ? of[name] : undefined;
}
