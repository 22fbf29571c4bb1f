import { BlockList, isIP } from 'node:net';
import { isIdPlaceholder } from './placeholder.ts';

/** Addresses that the public internet does not route. */
const NOT_PUBLIC = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  NOT_PUBLIC.addSubnet(network, bits, 'ipv6');

/** Endings of names that public DNS does not know. */
const LOCAL_ENDING =
  /\.(?:local|localhost|localdomain|internal|intranet|lan|home|home\.arpa|corp|private|test|invalid|example|onion|svc|cluster)$/;
const UNFILLED = /[$#@]\{|\{\{|\}\}|\{\w+\}|%7[Bb].*%7[Dd]|<[^>]*>|%[A-Z_]{3,}%|\/:[a-z]\w*|\$[A-Z_]{3,}\b/;

/** Why HeyReach cannot call an address, as a sentence. undefined for an address that it can probably reach. */
export function unreachableReason(address: string): string | undefined {
  if (UNFILLED.test(address))
    return 'The address holds a variable that no program filled in. HeyReach cannot reach it.';
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.+$/, '');
  if (url.pathname.split('/').some((part) => part !== '' && isMissing(part))) {
    return 'A part of the address is a missing value, such as undefined. HeyReach may not reach it.';
  }
  const family = isIP(host);
  if (family !== 0) {
    const isPrivate = NOT_PUBLIC.check(host, family === 4 ? 'ipv4' : 'ipv6');
    return isPrivate ? `HeyReach cannot reach ${host}: the address is not public.` : undefined;
  }
  if (!host.includes('.') || LOCAL_ENDING.test(host)) {
    return `HeyReach cannot reach ${host}: the name exists only on a private network or on one machine.`;
  }
  return undefined;
}

function isMissing(part: string): boolean {
  return /^(?:undefined|null|NaN|None)$/.test(part) || (/[{}[\]<>]/.test(part) && isIdPlaceholder(part));
}
