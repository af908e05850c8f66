/**
 * A connection without traffic is probed after this time. A NAT gateway of AWS forgets such a connection after 350 s, many a firewall
 * after five minutes; then the last answer of a long transfer never arrives. The operating system's own default is two hours.
 */
export const KEEP_ALIVE_MILLISECONDS = 60_000;
