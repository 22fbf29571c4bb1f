import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ChangeEvents } from '../../src/mcp/services/change-events.ts';
import { type Subscription, SubscriptionHub } from '../../src/resources/subscriptions/subscription-hub.ts';
import { runs } from '../support/runs/runs.ts';
import { mostInAMinute, pass, World } from '../unit/resources/subscriptions/workspace-model.ts';

const SEED = 20260314;
const RUNS = runs(500);
const KEYS = ['a', 'b'] as const;
const LISTENERS = 4;
const URIS = [1, 2, 3, 4].map((id) => `heyreach://lists/${id}`);
/** Twice the time of a rotation over all targets, because polls can be discarded. */
const ROUNDS_MS = 8 * 60_000;
/** A change by this server is reported again if the next poll ends later than this. */
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
    type: fc.constant('subscribe' as const),
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
  /** The time from a change by this server to an outside change. */
  gapMs: fc.oneof(fc.integer({ min: SETTLED_MS, max: 5_000 }), fc.integer({ min: SETTLED_MS, max: 90_000 })),
  steps: fc.array(step, { maxLength: 40 }),
});

interface TestListener {
  key: (typeof KEYS)[number];
  listening?: Subscription | undefined;
  uris: Set<string>;
  /** The number of changes of each resource that the listener was not notified of. */
  unreported: Map<string, number>;
  /** The time at which this server last changed a resource. That change may be reported twice. */
  ownAt: Map<string, number>;
  notified: string[];
}

test('subscriptions report every change once, with changing listeners, failures and slow responses', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ costs, callMs, gapMs, steps }) => {
      const changes = new ChangeEvents();
      const hub = new SubscriptionHub(changes);
      const worlds = new Map(KEYS.map((owner) => [owner, new World(owner)]));
      for (const world of worlds.values()) {
        world.callMs = callMs;
        for (const [at, resource] of URIS.entries()) world.costs.set(resource, costs[at]!);
      }
      const listeners: TestListener[] = Array.from({ length: LISTENERS }, (_, at) => ({
        key: KEYS[at % KEYS.length]!,
        uris: new Set<string>(),
        unreported: new Map(),
        ownAt: new Map(),
        notified: [],
      }));
      const isSubscribed = (whose: string) =>
        listeners.some(({ key, listening, uris }) => key === whose && listening !== undefined && uris.size > 0);
      const change = (whose: (typeof KEYS)[number], what: string) => {
        worlds.get(whose)!.change(what);
        for (const { key, unreported } of listeners)
          if (key === whose) unreported.set(what, (unreported.get(what) ?? 0) + 1);
      };
      const listen = (listener: TestListener) => {
        listener.listening ??= hub.listen(worlds.get(listener.key)!, {
          updated(updated) {
            expect(listener.listening).toBeDefined();
            expect(listener.uris.has(updated)).toBe(true);
            // A change is reported once. A change by this server may be reported again later.
            if ((listener.unreported.get(updated) ?? 0) === 0) {
              const ownAt = listener.ownAt.get(updated) ?? Number.POSITIVE_INFINITY;
              expect(performance.now() - ownAt).toBeGreaterThan(SETTLED_MS);
              listener.ownAt.delete(updated);
            }
            listener.unreported.set(updated, 0);
            listener.notified.push(updated);
          },
          listChanged() {},
        });
        return listener.listening;
      };
      const changeOwn = (whose: (typeof KEYS)[number], what: string) => {
        change(whose, what);
        for (const { key, ownAt } of listeners) if (key === whose) ownAt.set(what, performance.now());
        const listId = Number(what.split('/').at(-1));
        const expected = listeners.map(
          ({ key, uris, notified }) => notified.length + (key === whose && uris.has(what) ? 1 : 0),
        );
        changes.emit({ key: whose, tool: 'add_leads_to_list', input: { listId } });
        expect(listeners.map(({ notified }) => notified.length)).toEqual(expected);
      };
      const close = (listener: TestListener) => {
        listener.listening?.close();
        listener.listening = undefined;
        listener.uris = new Set();
      };

      for (const next of steps) {
        if (next.type === 'subscribe') {
          const listener = listeners[next.who]!;
          listener.uris = new Set(next.uris);
          listen(listener).update({ uris: next.uris, listing: next.listing });
        } else if (next.type === 'close') close(listeners[next.who]!);
        else if (next.type === 'outside') change(next.key, next.uri);
        else if (next.type === 'own') changeOwn(next.key, next.uri);
        else if (next.type === 'fail') {
          worlds.get(next.key)!.failing.add(next.uri);
          worlds.get(next.key)!.pauseMs = next.pauseMs;
        } else if (next.type === 'mend') worlds.get(next.key)!.failing.clear();
        else {
          const before = KEYS.map((whose) => ({
            isSubscribed: isSubscribed(whose),
            calls: worlds.get(whose)!.calls.length,
          }));
          await pass(next.ms);
          for (const [at, whose] of KEYS.entries()) {
            if (!before[at]!.isSubscribed) expect(worlds.get(whose)!.calls).toHaveLength(before[at]!.calls);
          }
        }
      }
      for (const world of worlds.values()) world.failing.clear();
      await pass(ROUNDS_MS);

      // All baselines are set: outside changes are reported, even shortly after a change by this server.
      for (const whose of KEYS) for (const what of URIS) changeOwn(whose, what);
      await pass(gapMs);
      for (const whose of KEYS) for (const what of URIS) change(whose, what);
      await pass(ROUNDS_MS);
      for (const { uris, unreported } of listeners) for (const what of uris) expect(unreported.get(what)).toBe(0);

      // An outside change is reported once to each subscriber, and to no other listener.
      for (const { ownAt } of listeners) ownAt.clear();
      const subscribed = listeners.map(({ uris }) => [...uris]);
      for (const listener of listeners) listener.notified.length = 0;
      for (const whose of KEYS) for (const what of URIS) change(whose, what);
      await pass(ROUNDS_MS);
      for (const [at, { notified }] of listeners.entries())
        expect([...notified].sort()).toEqual(subscribed[at]!.sort());

      for (const world of worlds.values()) expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
      for (const listener of listeners) close(listener);
      const calls = [...worlds.values()].map((world) => world.calls.length);
      await pass(ROUNDS_MS);
      expect([...worlds.values()].map((world) => world.calls.length)).toEqual(calls);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { seed: SEED, numRuns: RUNS },
  );
});
