import { isIPv4, isIPv6 } from 'node:net';
import { type IPeer, type ISecurityGroup, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import type { Feed } from '../../../core/feed/spec.ts';
import { cloudNeedsOf } from '../../cloud-needs.ts';

/** The peer for a host. Security groups know only addresses, so a host name stands for any address. */
export function peerOf(host: string): IPeer {
  if (isIPv4(host)) return Peer.ipv4(`${host}/32`);
  return isIPv6(host) ? Peer.ipv6(`${host}/128`) : Peer.anyIpv4();
}

/** Opens a security group that allows no traffic out: to AWS, and to the vendors of these feeds. DNS by AWS works without a rule. */
export function openWaysOut(group: ISecurityGroup, feeds: readonly Feed[]): void {
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), 'AWS, and vendors with HTTPS');
  for (const feed of feeds)
    for (const { host, ports } of cloudNeedsOf(feed).listeners ?? [])
      group.addEgressRule(peerOf(host), portsOf(ports), 'vendors');
}

const HTTPS = 443;

function portsOf([first, last]: readonly [first: number, last: number]): Port {
  return first === last ? Port.tcp(first) : Port.tcpRange(first, last);
}
