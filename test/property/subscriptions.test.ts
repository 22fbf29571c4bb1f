import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Changes } from '../../src/changes.ts';
import { Hub, type Listening } from '../../src/resources/subscriptions/hub.ts';
import { mostInAMinute, pass, World } from '../resources/subscriptions/world.ts';

const SEED = 20260314;
const RUNS = 500;
const KEYS = ['a', 'b'] as const;
const LISTENERS = 4;
const URIS = [1, 2, 3, 4].map((id) => `heyreach://lists/${id}`);
/** A round over all that can be wanted, at what it costs, with as much again for looks that were wasted. */
const ROUNDS_MS = 8 * 60_000;
/** A change by this server is told once more where the look after it ends later than this. */
const SETTLED_MS = 2_000;

beforeAll(() => {
  vi.useFakeTimers();
});
afterAll(() => {
  vi.useRealTimers();
});

const key = fc.constantFrom(...KEYS);
const uri = fc.constantFrom(...URIS);
const step = fc.oneof(
  fc.record({
    type: fc.constant('want' as const),
    who: fc.nat(LISTENERS - 1),
    uris: fc.subarray(URIS),
    listing: fc.constantFrom('no' as const, 'own' as const),
  }),
  fc.record({ type: fc.constant('close' as const), who: fc.nat(LISTENERS - 1) }),
  fc.record({ type: fc.constant('outside' as const), key, uri }),
  fc.record({ type: fc.constant('own' as const), key, uri }),
  fc.record({ type: fc.constant('fail' as const), key, uri, pauseMs: fc.constantFrom(0, 30_000) }),
  fc.record({ type: fc.constant('mend' as const), key }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.oneof(fc.nat(200), fc.nat(15_000), fc.nat(90_000)) }),
);
const story = fc.record({
  costs: fc.tuple(...URIS.map(() => fc.integer({ min: 1, max: 4 }))),
  callMs: fc.constantFrom(20, 3_000, 15_000),
  /** From a change by this server to one from outside. */
  gapMs: fc.oneof(fc.integer({ min: SETTLED_MS, max: 5_000 }), fc.integer({ min: SETTLED_MS, max: 90_000 })),
  steps: fc.array(step, { maxLength: 40 }),
});

interface Teller {
  key: (typeof KEYS)[number];
  listening?: Listening | undefined;
  uris: Set<string>;
  /** Changes of each resource that the listener has not been told of. */
  untold: Map<string, number>;
  /** When this server last changed a resource, which may be told once more. */
  ownAt: Map<string, number>;
  told: string[];
}

test('over listeners that come and go, changes, failures and slow answers, subscriptions keep their promises', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ costs, callMs, gapMs, steps }) => {
      const changes = new Changes();
      const hub = new Hub(changes);
      const worlds = new Map(KEYS.map((one) => [one, new World(one)]));
      for (const world of worlds.values()) {
        world.callMs = callMs;
        for (const [at, one] of URIS.entries()) world.costs.set(one, costs[at]!);
      }
      const tellers: Teller[] = Array.from({ length: LISTENERS }, (_, at) => ({
        key: KEYS[at % KEYS.length]!,
        uris: new Set<string>(),
        untold: new Map(),
        ownAt: new Map(),
        told: [],
      }));
      const isWanted = (whose: string) =>
        tellers.some(({ key, listening, uris }) => key === whose && listening !== undefined && uris.size > 0);
      const change = (whose: (typeof KEYS)[number], what: string) => {
        worlds.get(whose)!.change(what);
        for (const { key, untold } of tellers) if (key === whose) untold.set(what, (untold.get(what) ?? 0) + 1);
      };
      const listen = (teller: Teller) => {
        teller.listening ??= hub.listen(worlds.get(teller.key)!, {
          updated(updated) {
            expect(teller.listening).toBeDefined();
            expect(teller.uris.has(updated)).toBe(true);
            // Told for a change, and for each no more than once; for one of our own once more, later.
            if ((teller.untold.get(updated) ?? 0) === 0) {
              const ownAt = teller.ownAt.get(updated) ?? Number.POSITIVE_INFINITY;
              expect(performance.now() - ownAt).toBeGreaterThan(SETTLED_MS);
              teller.ownAt.delete(updated);
            }
            teller.untold.set(updated, 0);
            teller.told.push(updated);
          },
          listChanged() {},
        });
        return teller.listening;
      };
      const changeOwn = (whose: (typeof KEYS)[number], what: string) => {
        change(whose, what);
        for (const { key, ownAt } of tellers) if (key === whose) ownAt.set(what, performance.now());
        const listId = Number(what.split('/').at(-1));
        const expected = tellers.map(({ key, uris, told }) => told.length + (key === whose && uris.has(what) ? 1 : 0));
        changes.tell({ key: whose, tool: 'add_leads_to_list', input: { listId } });
        expect(tellers.map(({ told }) => told.length)).toEqual(expected);
      };
      const close = (teller: Teller) => {
        teller.listening?.close();
        teller.listening = undefined;
        teller.uris = new Set();
      };

      for (const one of steps) {
        if (one.type === 'want') {
          const teller = tellers[one.who]!;
          teller.uris = new Set(one.uris);
          listen(teller).want({ uris: one.uris, listing: one.listing });
        } else if (one.type === 'close') close(tellers[one.who]!);
        else if (one.type === 'outside') change(one.key, one.uri);
        else if (one.type === 'own') changeOwn(one.key, one.uri);
        else if (one.type === 'fail') {
          worlds.get(one.key)!.failing.add(one.uri);
          worlds.get(one.key)!.pauseMs = one.pauseMs;
        } else if (one.type === 'mend') worlds.get(one.key)!.failing.clear();
        else {
          const before = KEYS.map((whose) => ({ wanted: isWanted(whose), calls: worlds.get(whose)!.calls.length }));
          await pass(one.ms);
          for (const [at, whose] of KEYS.entries()) {
            if (!before[at]!.wanted) expect(worlds.get(whose)!.calls).toHaveLength(before[at]!.calls);
          }
        }
      }
      for (const world of worlds.values()) world.failing.clear();
      await pass(ROUNDS_MS);

      // All is known now: what changes from outside is told, also where this server changed the same shortly before.
      for (const whose of KEYS) for (const what of URIS) changeOwn(whose, what);
      await pass(gapMs);
      for (const whose of KEYS) for (const what of URIS) change(whose, what);
      await pass(ROUNDS_MS);
      for (const { uris, untold } of tellers) for (const what of uris) expect(untold.get(what)).toBe(0);

      // What changes from outside is told, once, to whoever wants it and to nobody else.
      for (const { ownAt } of tellers) ownAt.clear();
      const wanted = tellers.map(({ uris }) => [...uris]);
      for (const teller of tellers) teller.told.length = 0;
      for (const whose of KEYS) for (const what of URIS) change(whose, what);
      await pass(ROUNDS_MS);
      for (const [at, { told }] of tellers.entries()) expect([...told].sort()).toEqual(wanted[at]!.sort());

      for (const world of worlds.values()) expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
      for (const teller of tellers) close(teller);
      const calls = [...worlds.values()].map((world) => world.calls.length);
      await pass(ROUNDS_MS);
      expect([...worlds.values()].map((world) => world.calls.length)).toEqual(calls);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { seed: SEED, numRuns: RUNS },
  );
});
