import type { FaultRule } from '../../../src/sandbox/index.ts';
import { Random } from '../../../src/sandbox/random.ts';
import { EAGER, type Owner } from './owners.ts';

/** The share of each fault, in percent of the requests. */
const MIX: [percent: number, fault: (random: Random) => FaultRule][] = [
  [3, (random) => ({ kind: 'delay', ms: random.int(50, 2_000) })],
  [0.7, () => ({ kind: 'resetBefore' })],
  [0.7, () => ({ kind: 'resetAfter' })],
  [0.5, () => ({ kind: 'resetMidBody' })],
  [0.7, () => ({ kind: 'status', status: 500, body: '{"errorMessage":"It broke"}' })],
  [0.5, () => ({ kind: 'status', status: 503, body: 'Service Unavailable' })],
  [0.5, () => ({ kind: 'html502' })],
  [0.4, () => ({ kind: 'rateLimit', retryAfter: '2' })],
  [0.7, () => ({ kind: 'garbage' })],
  [0.5, () => ({ kind: 'wrongJson' })],
  [0.7, () => ({ kind: 'cutBody' })],
  [0.4, () => ({ kind: 'hang' })],
  [0.3, () => ({ kind: 'hangMidBody' })],
  [0.3, () => ({ kind: 'slowDrip', ms: 20 })],
];

/** More than a key can make in a minute. */
const REQUESTS_OF_MINUTE = 500;

/** Requests that must not be repeated meet the worst fault: executed, and never answered. */
const UNCLEAR: FaultRule[] = [
  { kind: 'resetAfter', match: { path: '/lead_tags/CreateTags' }, times: 3 },
  { kind: 'cutBody', match: { path: '/campaign/CreateCampaignFromTemplate' }, times: 3 },
  { kind: 'resetAfter', match: { path: '/inbox/SendMessage' }, times: 3 },
];

/** Some routes of some owners never answer: a call there uses up all its time. */
const DEAD_ENDS: FaultRule[] = [
  { kind: 'hang', match: { path: '/list/CreateEmptyList' }, times: 2 },
  { kind: 'hang', match: { path: '/lead/GetTags' }, times: 9 },
];
const WITH_DEAD_ENDS = 4;

/** Slow enough for concurrent calls to be in flight together. */
const SLOW: FaultRule = { kind: 'delay', ms: 300, match: { path: '/campaign/GetById' }, times: REQUESTS_OF_MINUTE };

/** The faults for the requests of an owner in so many minutes, the same for the same seed. */
export function faultsFor(owner: Owner, seed: number, minutes = 1): FaultRule[] {
  const random = new Random('faults', seed, owner);
  const rules = [...UNCLEAR, ...(owner < WITH_DEAD_ENDS ? DEAD_ENDS : []), ...(EAGER.includes(owner) ? [SLOW] : [])];
  for (let after = 0; after < REQUESTS_OF_MINUTE * minutes; after += 1) {
    let rolled = random.next() * 100;
    const fault = MIX.find(([percent]) => {
      rolled -= percent;
      return rolled < 0;
    });
    if (fault !== undefined) rules.push({ ...fault[1](random), after });
  }
  return rules;
}
