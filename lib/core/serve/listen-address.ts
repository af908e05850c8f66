/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** What a person may write: a port alone is one that only this machine reaches. */
export const expectedAddress = 'expected a port such as 8484, or an address and a port such as 127.0.0.1:8484';

/** `8484`, `127.0.0.1:8484`, `[::1]:8484`; undefined for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, v6, name, port] = /^(?:(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9.-]{1,253})):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) return undefined;
  return { host: v6 ?? name ?? '127.0.0.1', port: Number(port) };
}

export function showAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
