import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { type CallResult, Replica, type ReplicaOptions } from './replicas.ts';
import { startThreads, type Taking } from './threads-stub.ts';

/** Replicas in separate processes, one Redis, and a HeyReach that records the messages of each person. */
const REPLICAS = 3;
/** The first character is the LinkedIn account. */
const CONVERSATIONS = ['1a', '1b', '1c', '1d', '2a', '2b', '2c', '2d'];
const TEXTS = ['Hello there', 'Shall we talk?'];
const CAPS = { perKey: 6, perSender: 4 };

let folder: string;
let redis: RedisServer;
let heyReach: Awaited<ReturnType<typeof startThreads>>;
const replicas: Replica[] = [];
/** Redis restarts, and not all replicas hear each other yet. */
let isRestarting = false;
let boots = 0;
let stories = 0;
let world: World;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stories-'));
  redis = await startRedis();
  heyReach = await startThreads({
    count: REPLICAS,
    witnessesOf: (place) =>
      (isRestarting ? [replicas[place]!] : replicas.filter(({ isDead }) => !isDead)).map(({ name }) => name),
    kill: (place) => replicas[place]!.kill(),
  });
  await Promise.all(Array.from({ length: REPLICAS }, (_, place) => start(place)));
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.kill()));
  await heyReach.close();
  await redis.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(place: number, overrides: Partial<ReplicaOptions> = {}): Promise<void> {
  boots += 1;
  replicas[place] = await Replica.start({
    redis: redis.url,
    heyReach: heyReach.urls[place]!,
    name: `replica-${place}-${boots}`,
    // The replicas keep their audit logs when they restart.
    audit: join(folder, `audit-${place}.jsonl`),
    caps: CAPS,
    ...overrides,
  });
}

/** Starts the replicas that died, and waits until all can use the store. */
async function revive(): Promise<void> {
  await Promise.all(replicas.map((replica, place) => (replica.isDead ? start(place) : undefined)));
  await Promise.all(
    replicas.map((replica) =>
      vi.waitFor(
        async () => {
          const read = await replica.call(TEST_KEY, 'get_conversation', placeOf(CONVERSATIONS[0]!));
          expect(read).not.toHaveProperty('error');
        },
        { timeout: 60_000, interval: 50 },
      ),
    ),
  );
  await vi.waitUntil(() => redis.command('PUBSUB', 'NUMSUB', 'hr:sends:ledger').endsWith(`\n${REPLICAS}`), {
    timeout: 60_000,
    interval: 50,
  });
  isRestarting = false;
}

const placeOf = (conversationId: string) => ({ conversationId, linkedInAccountId: Number(conversationId.slice(0, 1)) });

interface Token {
  text: string;
  subject: string;
  args: Record<string, unknown>;
  allowRepeat: boolean;
  /** The results of its calls. undefined for a replica that died. */
  results: (CallResult | undefined)[];
}

/** One story: its own key, and the history of its messages. */
class World {
  readonly key: string;
  readonly tokens: Token[] = [];
  /** Deliveries that no replica and no store remembers. */
  readonly forgotten = new Set<object>();
  #subjects = 0;

  private constructor() {
    stories += 1;
    this.key = `${TEST_KEY}-${stories}`;
  }

  static async open(): Promise<World> {
    await revive();
    heyReach.reset();
    return new World();
  }

  send(at: number, args: Record<string, unknown>): Promise<CallResult | undefined> {
    return replicas[at]!.call(this.key, 'send_message', args);
  }

  async preview(at: number, to: number, text: number, allowRepeat = false): Promise<CallResult | undefined> {
    this.#subjects += 1;
    const subject = `subject ${this.#subjects}`;
    const args = { ...placeOf(CONVERSATIONS[to]!), message: TEXTS[text], subject, allowRepeat };
    const result = await this.send(at, args);
    const { confirmToken } = result?.confirmation ?? {};
    if (confirmToken !== undefined) this.tokens.push({ text: confirmToken, subject, args, allowRepeat, results: [] });
    return result;
  }

  async confirm(at: number, token: Token | undefined): Promise<CallResult | undefined> {
    if (token === undefined) return undefined;
    const result = await this.send(at, { ...token.args, confirmToken: token.text });
    token.results.push(result);
    return result;
  }

  /** The store is empty. Deliveries that only dead replicas knew are forgotten. */
  noteLoss(): void {
    const alive = new Set(replicas.filter(({ isDead }) => !isDead).map(({ name }) => name));
    for (const delivery of heyReach.deliveries) {
      if (!delivery.witnesses.some((name) => alive.has(name))) this.forgotten.add(delivery);
    }
  }

  /** The properties that hold after every story. */
  check(): void {
    for (const token of this.tokens) {
      const delivered = heyReach.deliveries.filter(({ subject }) => subject === token.subject);
      expect(delivered.length, 'deliveries under one confirmation').toBeLessThanOrEqual(1);
      for (const { conversation, message, repeats } of delivered) {
        expect([conversation, message]).toEqual([token.args.conversationId, token.args.message]);
        expect(repeats && !token.allowRepeat, 'a repeat that no one allowed').toBe(false);
        const unsent = (result: CallResult | undefined) => /not_sent|refused/.test(result?.error?.outcome ?? '');
        expect(token.results.every(unsent), 'a delivery that each call says did not happen').toBe(false);
      }
    }
    const known = new Set(this.tokens.map(({ subject }) => subject));
    for (const { subject } of heyReach.deliveries) expect(known).toContain(subject);
    expect(heyReach.mostAtOnce()).toBeLessThanOrEqual(1);
    const remembered = heyReach.deliveries.filter((delivery) => !this.forgotten.has(delivery));
    expect(remembered.length).toBeLessThanOrEqual(CAPS.perKey);
    for (const sender of ['1', '2']) {
      const ofSender = remembered.filter(({ conversation }) => conversation.startsWith(sender));
      expect(ofSender.length).toBeLessThanOrEqual(CAPS.perSender);
    }
  }
}

type Step =
  | { do: 'preview'; at: number; to: number; text: number; allowRepeat: boolean }
  | { do: 'confirm'; at: number; token: number }
  | { do: 'kill'; at: number }
  | { do: 'redis loses all' | 'redis restarts' | 'redis stops for a second' | 'time passes' };

const at = fc.nat(REPLICAS - 1);
const preview = fc.record({
  do: fc.constant('preview' as const),
  at,
  to: fc.nat(CONVERSATIONS.length - 1),
  text: fc.nat(TEXTS.length - 1),
  allowRepeat: fc.boolean(),
});
const confirm = fc.record({ do: fc.constant('confirm' as const), at, token: fc.nat(4) });
const calls = fc.array(fc.oneof({ weight: 3, arbitrary: preview }, { weight: 5, arbitrary: confirm }), {
  minLength: 3,
  maxLength: 8,
});
const fault: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('kill' as const), at }),
  fc.record({
    do: fc.constantFrom(
      'redis loses all' as const,
      'redis restarts' as const,
      'redis stops for a second' as const,
      'time passes' as const,
    ),
  }),
);
/** Steps that happen at once. */
const batch = fc
  .tuple(calls, fc.option(fault, { freq: 2, nil: undefined }))
  .map(([steps, broken]): Step[] => (broken === undefined ? steps : [...steps, broken]));
const story = fc.array(batch, { minLength: 6, maxLength: 8 });
const TAKINGS: Taking[] = [
  ...Array.from({ length: 6 }, () => 'ok' as const),
  'ok, shown later',
  'refused',
  'lost, delivered',
  'killed',
  'killed, delivered',
];
const takings = fc.array(fc.constantFrom(...TAKINGS), { minLength: 4, maxLength: 12 });

async function happen(step: Step): Promise<unknown> {
  switch (step.do) {
    case 'preview':
      return world.preview(step.at, step.to, step.text, step.allowRepeat);
    case 'confirm':
      return world.confirm(step.at, world.tokens.at(-1 - step.token));
    case 'kill':
      return replicas[step.at]!.kill();
    case 'redis loses all':
      redis.command('FLUSHALL');
      return world.noteLoss();
    case 'redis restarts':
      isRestarting = true;
      await redis.restart();
      return world.noteLoss();
    case 'redis stops for a second':
      redis.pause();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return redis.resume();
    case 'time passes':
      return heyReach.showAll();
  }
}

describe('three replicas', () => {
  test('send at most once for each confirmation, within the limits, whatever process dies', {
    timeout: 240_000,
  }, async () => {
    let delivered = 0;
    await fc.assert(
      fc.asyncProperty(story, takings, async (batches, taken) => {
        world = await World.open();
        heyReach.take(...taken);
        for (const steps of batches) {
          await Promise.all(steps.map(happen));
          await revive();
        }
        delivered += heyReach.deliveries.length;
        world.check();
      }),
      { seed: 20261130, numRuns: 2, endOnFailure: true },
    );
    // Stories that send nothing would pass too.
    expect(delivered).toBeGreaterThan(1);
  });

  test('send once when all use the same confirmation at once', async () => {
    world = await World.open();
    for (const to of [0, 1, 2, 3]) {
      await world.preview(0, to, 0);
      const token = world.tokens.at(-1)!;
      const results = await Promise.all([0, 1, 2, 0, 1, 2].map((at) => world.confirm(at, token)));
      expect(results.filter((result) => result?.delivery !== undefined)).toHaveLength(1);
      for (const result of results.filter((result) => result?.error !== undefined))
        expect(result?.error?.kind).toMatch(/^(busy|confirmation_used|confirmation_changed|repeated)$/);
    }
    expect(heyReach.deliveries).toHaveLength(4);
    world.check();
  });

  test('together send exactly as many messages as the limits allow', async () => {
    world = await World.open();
    await Promise.all(CONVERSATIONS.flatMap((_, to) => [0, 1].map((text) => world.preview(to % REPLICAS, to, text))));
    expect(world.tokens).toHaveLength(16);
    // Two texts to one conversation are not sent at once, so the test repeats the confirmations until none is busy.
    for (let left = world.tokens; left.length > 0; ) {
      const results = await Promise.all(
        left.map(async (token, at) => ({ token, result: await world.confirm(at % REPLICAS, token) })),
      );
      left = results.filter(({ result }) => result?.error?.kind === 'busy').map(({ token }) => token);
    }
    expect(heyReach.deliveries).toHaveLength(CAPS.perKey);
    world.check();
  });

  test('know the message of a dead replica: they warn about it, and send nothing until its lock expires', async () => {
    world = await World.open();
    heyReach.take('killed');
    await world.preview(0, 0, 0);
    expect(await world.confirm(0, world.tokens.at(-1))).toBeUndefined();
    const warned = await world.preview(1, 0, 0);
    expect(JSON.stringify(warned?.confirmation?.preview)).toContain('may have been sent to this conversation');
    // The lock of the dead replica lasts three minutes, because its request may still arrive.
    expect((await world.confirm(1, world.tokens.at(-1)))?.error).toMatchObject({ kind: 'busy', outcome: 'not_sent' });
    expect(heyReach.deliveries).toEqual([]);
  });

  test('send nothing and confirm nothing without the store, and report it', async () => {
    world = await World.open();
    await world.preview(0, 0, 0);
    await redis.kill();
    const unavailable = { kind: 'store_unavailable', outcome: 'not_sent', retryAfterSeconds: 5 };
    expect((await world.confirm(1, world.tokens.at(-1)))?.error).toMatchObject(unavailable);
    expect((await world.preview(2, 1, 0))?.error).toMatchObject(unavailable);
    expect(heyReach.deliveries).toEqual([]);
    // The store is empty again: the confirmation is unknown, and a new one works.
    await redis.restart();
    await expect
      .poll(async () => (await world.confirm(1, world.tokens.at(0)))?.error?.kind, { timeout: 60_000 })
      .toBe('confirmation_forged');
    await revive();
    await world.preview(1, 0, 0);
    expect(await world.confirm(2, world.tokens.at(-1))).toMatchObject({ delivery: 'seen_in_thread' });
    world.check();
  });

  test('reject a text that may have been sent, if no person confirms', async () => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await Promise.all(replicas.map((_, place) => start(place, { confirm: 'off', toolSeconds: 15 })));
    world = await World.open();
    const args = { ...placeOf('1a'), message: TEXTS[0], subject: 's', allowRepeat: false };
    heyReach.take('lost');
    expect((await world.send(0, args))?.error).toMatchObject({ outcome: 'unknown' });
    await replicas[0]!.kill();
    expect((await world.send(1, args))?.error).toMatchObject({ kind: 'repeated', outcome: 'not_sent' });
    expect((await world.send(2, { ...args, allowRepeat: true }))?.delivery).toBe('seen_in_thread');
  });
});
