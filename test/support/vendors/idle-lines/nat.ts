import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { libraries, packages, whyNoVendorServers } from '../vendor-servers.ts';

const nft = join(packages, 'usr/sbin/nft');

/** Why no NAT can be set up here; undefined when it can. */
export const whyNoNat = whyNoVendorServers ?? whyNoNetworks();

function whyNoNetworks(): string | undefined {
  if (!existsSync(nft)) return '.ci/vendor-servers was not run since it brings nft';
  return spawnSync('unshare', ['--net', 'ip', '-V']).status === 0
    ? undefined
    : 'no network of its own can be made here, or ip is not installed';
}

/** The vendor's address behind the NAT. */
export const VENDOR = '10.98.0.2';

export interface Nat {
  /** Starts a file of this folder beside the vendor, or on our side of the NAT. */
  run(side: 'vendor' | 'ours', file: string, ...args: string[]): ReturnType<typeof spawn>;
  close(): void;
}

/**
 * Three networks of the kernel's, `ours — nat — vendor`. The one in the middle translates addresses as a NAT gateway does, and forgets a
 * connection after these seconds without a packet; packets of a connection that it forgot get nowhere.
 */
export function startNat(forgetsSeconds: number): Nat {
  const name = (side: string) => `nightfeed-${process.pid}-${side}`;
  const inside = (side: string, command: string, ...args: string[]) => ['netns', 'exec', name(side), command, ...args];
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const close = () => {
    for (const side of sides) execFileSync('sh', ['-c', 'ip netns del "$1" 2> /dev/null || true', 'sh', name(side)]);
  };
  try {
    for (const side of sides) {
      ip('netns', 'add', name(side));
      ip('-n', name(side), 'link', 'set', 'lo', 'up');
    }
    link(ip, name('ours'), '10.97.0.2/24', name('nat'), '10.97.0.1/24', 'inner');
    link(ip, name('vendor'), `${VENDOR}/24`, name('nat'), '10.98.0.1/24', 'outer');
    ip('-n', name('ours'), 'route', 'add', 'default', 'via', '10.97.0.1');
    execFileSync('ip', inside('nat', 'sh', '-c', settings(forgetsSeconds)));
    execFileSync('ip', inside('nat', nft, '-f', '-'), { input: rules, env: libraries(packages) });
  } catch (failure) {
    close();
    throw failure;
  }
  return {
    run: (side, file, ...args) =>
      spawn('ip', inside(side, process.execPath, fileURLToPath(new URL(file, import.meta.url)), ...args)),
    close,
  };
}

/** What a process says until it ends; its failure as an error. */
export async function outcomeOf(child: ReturnType<typeof spawn>): Promise<string> {
  const [said, complained] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  if (said === '') throw new Error(complained);
  return said;
}

const sides = ['ours', 'nat', 'vendor'] as const;

function link(
  ip: (...args: string[]) => void,
  end: string,
  endAddress: string,
  middle: string,
  middleAddress: string,
  device: string,
): void {
  ip('-n', middle, 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', end);
  for (const [where, which, address] of [
    [end, 'eth0', endAddress],
    [middle, device, middleAddress],
  ] as const) {
    ip('-n', where, 'address', 'add', address, 'dev', which);
    ip('-n', where, 'link', 'set', which, 'up');
  }
}

/** `tcp_loose=0`: a packet from the middle of a connection does not make it known again. */
const settings = (forgetsSeconds: number) =>
  [
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
    `echo ${forgetsSeconds} > /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established`,
    'echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose',
  ].join(' && ');

const rules = `
table ip translation {
  chain leaving { type nat hook postrouting priority 100; oifname "outer" masquerade; }
  chain passing { type filter hook forward priority 0; ct state invalid drop; }
  chain arriving { type filter hook input priority 0; iifname "outer" drop; }
}
`;
