import { Random } from '../../../src/sandbox/random.ts';
import type { Era } from '../../bench/http.ts';
import type { ClientKind } from '../../support/clients/clients.ts';
import type { Subscribed } from '../../support/clients/subscriptions.ts';
import type { ClientTarget, LoadClient } from './clients/client.ts';
import { Cancelling, HangingUp } from './clients/leaving.ts';
import { PlainClient } from './clients/plain.ts';
import { SdkClient } from './clients/sdk.ts';
import { SlowClient } from './clients/slow.ts';
import { EAGER, keyOf, type Owner } from './owners.ts';

/** The number of clients of each kind: two hundred in total. */
const COUNTS = {
  plain2026: 74,
  plain2025: 74,
  v1: 8,
  'v2-legacy': 8,
  'v2-modern': 8,
  listening: 8,
  hangingUp: 6,
  cancelling: 4,
  slow: 6,
  eager: 2,
  withoutKey: 1,
  withBadKey: 1,
};
export type Kind = keyof typeof COUNTS;

export const OWNERS = 20;
/** These two owners have so many clients that their quota is too small. */
const CROWDED: Owner[] = [0, 1];
const IN_THE_CROWD = 20;
const OTHERS = OWNERS - CROWDED.length - EAGER.length;
/** More than the server accepts from one caller at once. */
export const AT_ONCE = 80;
const LISTENED = ['heyreach://campaigns', 'heyreach://lists'];

/** A client, and the notifications that it receives. */
export interface Person {
  number: number;
  kind: Kind;
  client: LoadClient;
  stream?: { subscribed: Subscribed; told: readonly string[] };
}

/** Connects all clients, a few at a time. */
export async function connectAll(url: string, seed: number): Promise<Person[]> {
  const kinds = (Object.keys(COUNTS) as Kind[]).flatMap((kind) => Array.from({ length: COUNTS[kind] }, () => kind));
  const people: Person[] = [];
  let eager = 0;
  for (const [number, kind] of kinds.entries()) {
    const owner = kind === 'eager' ? EAGER[eager++] : ownerFor(number);
    people.push({ number, kind, ...(await connect(kind, url, owner!, new Random('people', seed, number))) });
  }
  return people;
}

function ownerFor(number: number): Owner {
  return number < IN_THE_CROWD * CROWDED.length
    ? CROWDED[number % CROWDED.length]!
    : CROWDED.length + (number % OTHERS);
}

async function connect(
  kind: Kind,
  url: string,
  owner: Owner,
  random: Random,
): Promise<Omit<Person, 'number' | 'kind'>> {
  const target: ClientTarget = { url, owner, headers: { 'x-api-key': keyOf(owner) } };
  const plain = (era: Era, connections?: number, as = target) => new PlainClient(as, era, connections).open();
  switch (kind) {
    case 'plain2026':
      return { client: await plain('2026-07-28') };
    case 'plain2025':
      return { client: await plain('2025-11-25') };
    case 'hangingUp':
      return { client: new HangingUp(await plain(random.pick(['2026-07-28', '2025-11-25'])), random) };
    case 'cancelling':
      return { client: new Cancelling(await plain('2025-11-25', 2), random) };
    case 'slow':
      return { client: new SlowClient(target) };
    case 'eager':
      return { client: await plain('2026-07-28', AT_ONCE) };
    case 'withoutKey':
      return { client: await plain('2026-07-28', 1, { url, owner: undefined, headers: {} }) };
    case 'withBadKey':
      return { client: await plain('2025-11-25', 1, { url, owner: undefined, headers: { 'x-api-key': 'invalid' } }) };
    case 'listening':
      return listen(target);
    default:
      return { client: await SdkClient.open(kind satisfies ClientKind, target) };
  }
}

async function listen(target: ClientTarget): Promise<Omit<Person, 'number' | 'kind'>> {
  const client = await SdkClient.open('v2-modern', target);
  const subscribed = await client.peer.subscribe(LISTENED, true);
  return { client, stream: { subscribed, told: client.peer.told } };
}
