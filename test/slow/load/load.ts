import { setTimeout as pause } from 'node:timers/promises';
import { HeldUp } from './held-up.ts';
import type { HeyReach, Landed, Places } from './heyreach.ts';
import { type Outcome, unusable } from './outcome.ts';
import { AT_ONCE, connectAll, type Kind, OWNERS, type Person } from './people.ts';
import { processorSeconds, residentMegabytes, type Server } from './server.ts';
import { type Wanted, Wishes } from './wanted.ts';

/** The pause between two calls of a client. */
const THINK_MS = { least: 300, most: 3_000 };
const EAGER_THINK_MS = { least: 6_000, most: 10_000 };
/** A call that waits this long beyond its deadline counts as unanswered. */
const GIVE_UP_MS = 20_000;
const LOOK_MS = 250;
const SETTLE_MS = 10_000;
const HEAP_LOOK_MS = 2_500;

/** A call as its client saw it. */
export interface Call extends Pick<Wanted, 'method' | 'nonce' | 'expected'> {
  client: number;
  kind: Kind;
  name: string;
  /** ms since the load began. */
  at: number;
  ms: number;
  outcome: Outcome;
}

/** The memory of a process at a moment: ms since the load began, megabytes. */
export interface Sample {
  at: number;
  megabytes: number;
}

/** The duration of a load, and the time limit of its calls. */
export interface Size {
  lastMs: number;
  timeoutSeconds: number;
}

export const FULL: Size = { lastMs: 60_000, timeoutSeconds: 55 };
export const SHORT: Size = { lastMs: 10_000, timeoutSeconds: 12 };

/** The measurements of a load. */
export interface Report {
  size: Size;
  calls: Call[];
  landed: Landed[];
  resident: Sample[];
  /** Memory in use after garbage collection. */
  heap: Sample[];
  /** How long the machine may have delayed a call of that time, or a request that arrived then. */
  heldUp: Pick<HeldUp, 'during' | 'before'>;
  /** Shares of one processor. */
  processors: Record<'server' | 'clients' | 'heyreach', number>;
  /** Streams of changes: how many stayed open to the end, and the number of all their notifications. */
  streams: { asked: number; open: number; told: number };
  /** The requests still in flight at the server when every call had ended. */
  leftOver: Record<string, number>;
  /** The end of the server: an exit code, or the reason of an early end. */
  ended: number | string | null;
  complaints: readonly string[];
}

/** Puts the load on a server, waits until every call has ended, and stops the server. */
export async function putLoad(
  server: Server,
  heyreach: HeyReach,
  places: Places[],
  seed: number,
  size: Size,
): Promise<Report> {
  const people = await connectAll(await server.url, seed);
  const ended = new Set<Person>();
  for (const person of people) void person.stream?.subscribed.closed.then(() => ended.add(person));
  const processors = watchProcessors({
    server: server.child.pid!,
    clients: process.pid,
    heyreach: heyreach.child.pid!,
  });
  const began = performance.now();
  const heldUp = new HeldUp(() => [server.child.pid!, heyreach.child.pid!], began);
  const memory = watchMemory(server, began);
  const calls: Call[] = [];
  const working = people.map((person) => work(person, places, seed, { began, size, calls, server }));
  await pause(size.lastMs);
  const shares = processors.stop();
  const { resident, heap } = await memory.stop();
  await Promise.all(working);
  heldUp.stop();
  const listening = people.filter(({ stream }) => stream !== undefined);
  const streams = {
    asked: listening.length,
    open: listening.filter((person) => !ended.has(person)).length,
    told: listening.reduce((sum, { stream }) => sum + stream!.told.length, 0),
  };
  await heyreach.ask({ do: 'let go' });
  const leftOver = server.ended === undefined ? await settle(server) : {};
  const died = server.ended;
  const code = died === undefined ? await server.stop() : `ended by itself: ${died}`;
  for (const { client } of people) await Promise.race([client.close(), pause(1_000)]).catch(() => {});
  const { landed } = await heyreach.ask({ do: 'tell' });
  return {
    size,
    calls,
    landed,
    resident,
    heap,
    heldUp,
    processors: shares,
    streams,
    leftOver,
    ended: code,
    complaints: server.complaints,
  };
}

const UNDER_WAY = ['http_exchanges_in_flight', 'upstream_requests_in_flight', 'upstream_waiting'];

/** Waits until nothing is in flight. A subscription polls from time to time. */
export async function settle(server: Server): Promise<Record<string, number>> {
  for (let left = SETTLE_MS; ; left -= LOOK_MS) {
    const gauges = await server.gauges();
    const open = UNDER_WAY.filter((name) => gauges.get(name) !== 0).map((name) => [
      name,
      gauges.get(name) ?? Number.NaN,
    ]);
    if (open.length === 0 || left <= 0) return Object.fromEntries(open);
    await pause(LOOK_MS);
  }
}

export interface Shift {
  began: number;
  size: Size;
  calls: Call[];
  /** Calls end when the server has ended. */
  server: Pick<Server, 'ended'>;
}

/** One client at work: waits, makes a request, waits for the response. */
export async function work(
  { number, kind, client }: Person,
  places: Places[],
  seed: number,
  shift: Shift,
): Promise<void> {
  const owner = client.owner ?? 0;
  const wishes = new Wishes(number, seed, owner, places[owner % OWNERS]!);
  const { least, most } = kind === 'eager' ? EAGER_THINK_MS : THINK_MS;
  const { began, size, calls, server } = shift;
  const giveUpMs = size.timeoutSeconds * 1_000 + GIVE_UP_MS;
  for (;;) {
    await pause(wishes.random.int(least, most));
    if (performance.now() - began > size.lastMs || server.ended !== undefined) return;
    const requests = kind === 'eager' ? Array.from({ length: AT_ONCE }, () => wishes.quick()) : [wishes.next()];
    await Promise.all(
      requests.map(async ({ method, params, nonce, expected }, index) => {
        const asked = performance.now();
        const outcome = await orGiveUp(client.ask(requests[index]!), giveUpMs);
        calls.push({
          client: number,
          kind,
          method,
          name: params.name ?? params.uri ?? '',
          ...(nonce === undefined ? {} : { nonce }),
          ...(expected === undefined ? {} : { expected }),
          at: asked - began,
          ms: performance.now() - asked - (client.ownMs ?? 0),
          outcome,
        });
      }),
    );
  }
}

async function orGiveUp(asked: Promise<Outcome>, giveUpMs: number): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const never = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve(unusable(`was not answered for ${giveUpMs / 1_000} s`)), giveUpMs);
  });
  return Promise.race([asked, never]).finally(() => clearTimeout(timer));
}

function watchMemory(server: Server, began: number) {
  const resident: Sample[] = [];
  const heap: Sample[] = [];
  const at = () => performance.now() - began;
  const timer = setInterval(() => {
    if (server.ended === undefined) resident.push({ at: at(), megabytes: residentMegabytes(server.child) });
  }, LOOK_MS);
  const look = async () => {
    if (server.ended === undefined) heap.push({ at: at(), megabytes: await server.heap() });
  };
  let looking = Promise.resolve();
  const heapTimer = setInterval(() => {
    looking = looking.then(look);
  }, HEAP_LOOK_MS);
  return {
    async stop() {
      clearInterval(timer);
      clearInterval(heapTimer);
      await looking;
      return { resident, heap };
    },
  };
}

function watchProcessors<Name extends string>(pids: Record<Name, number>) {
  const names = Object.keys(pids) as Name[];
  const began = performance.now();
  const before = new Map(names.map((name) => [name, processorSeconds(pids[name])]));
  return {
    stop: () => {
      const seconds = (performance.now() - began) / 1_000;
      const shares = names.map((name) => [name, (processorSeconds(pids[name]) - before.get(name)!) / seconds]);
      return Object.fromEntries(shares) as Record<Name, number>;
    },
  };
}
