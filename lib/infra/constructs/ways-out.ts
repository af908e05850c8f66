import { isIPv4, isIPv6 } from 'node:net';
import { type IPeer, type ISecurityGroup, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import type { Feed } from '../../core/feed/spec.ts';

/** Where something listens; a group of AWS knows no names of hosts, so that a name means any host. */
export function peerOf(host: string): IPeer {
  if (isIPv4(host)) return Peer.ipv4(`${host}/32`);
  return isIPv6(host) ? Peer.ipv6(`${host}/128`) : Peer.anyIpv4();
}

/** Lets a group without ways out reach AWS and the vendors of these feeds. AWS itself answers for names, past all groups. */
export function openWaysOut(group: ISecurityGroup, feeds: readonly Feed[]): void {
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), 'AWS, and vendors with HTTPS');
  for (const { source } of feeds)
    for (const [host, port] of listenersOf(source)) group.addEgressRule(peerOf(host), port, 'vendors');
}

const HTTPS = 443;
/** A server of FTP tells the client for each file where it listens. */
const DATA = Port.tcpRange(1024, 65535);

function listenersOf(source: Feed['source']): (readonly [host: string, Port])[] {
  if ('ftp' in source) return [Port.tcp(source.ftp.port), DATA].map((port) => [source.ftp.host, port] as const);
  if ('sftp' in source) return [[source.sftp.host, Port.tcp(source.sftp.port)]];
  if (!('s3' in source) || source.s3.endpoint === undefined) return [];
  const { hostname, port, protocol } = new URL(source.s3.endpoint);
  const standard = protocol === 'https:' ? HTTPS : 80;
  return [[hostname, Port.tcp(Number(port || standard))]];
}
