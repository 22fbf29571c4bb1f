import { Random } from '../../../src/sandbox/random.ts';

/** The callers of a workspace. */
export interface Demand {
  /** Calls a second over all replicas, at random moments. */
  perSecond?: number;
  /** Callers at each replica that always want one more call. */
  callers?: number;
}

/** Some workspaces with the same replicas and the same Redis. */
export interface Scenario {
  replicas: number;
  cap: number;
  /** The window of the rate limiter: a minute and a second. */
  windowMs: number;
  seconds: number;
  workspaces: readonly Demand[];
}

export interface Played {
  /** Requests to HeyReach. */
  starts: number;
  /** Commands to Redis for them. */
  asks: number;
  /** The commands of the busiest second, over those of the average one. */
  peak: number;
}

/** As in the permits of Redis. */
const TICKETS = 8;
const ASK_AGAIN_MS = 2_500;
const ROUND_TRIP_MS = 1;

/** Simulates the permits of all workspaces without real time: the requests to Redis, and the starts. */
export function simulate({ workspaces, ...shared }: Scenario, seed: number): Played {
  const perSecond = new Array<number>(Math.ceil(shared.seconds)).fill(0);
  let [starts, asks] = [0, 0];
  for (const [number, demand] of workspaces.entries()) {
    const workspace = new Workspace(shared, demand, new Random('scale', seed, number), (at) => {
      asks += 1;
      const second = Math.min(perSecond.length - 1, Math.floor(at / 1_000));
      perSecond[second]! += 1;
    });
    starts += workspace.play();
  }
  return { starts, asks, peak: Math.max(...perSecond) / (asks / shared.seconds) };
}

interface Replica {
  /** Calls with a place in the Redis queue, and calls behind them. */
  tickets: number;
  behind: number;
  /** Its own starts in the window, oldest first. */
  own: number[];
}

interface Event {
  at: number;
  replica: number;
  /** Undefined for a call that arrives. */
  ticket?: number;
}

class Workspace {
  readonly #shared: Omit<Scenario, 'workspaces'>;
  readonly #demand: Demand;
  readonly #random: Random;
  readonly #onAsk: (at: number) => void;
  readonly #events = new Timeline();
  readonly #replicas: Replica[];
  /** The starts of all replicas in the window, and the waiting tickets, both oldest first. */
  #starts: number[] = [];
  readonly #line: number[] = [];
  #tickets = 0;
  #started = 0;

  constructor(shared: Omit<Scenario, 'workspaces'>, demand: Demand, random: Random, onAsk: (at: number) => void) {
    this.#shared = shared;
    this.#demand = demand;
    this.#random = random;
    this.#onAsk = onAsk;
    this.#replicas = Array.from({ length: shared.replicas }, () => ({ tickets: 0, behind: 0, own: [] }));
  }

  /** @returns the number of starts. */
  play(): number {
    const { seconds } = this.#shared;
    this.#arriveAfter(0);
    for (const replica of this.#replicas.keys()) {
      for (let caller = 0; caller < (this.#demand.callers ?? 0); caller += 1) this.#events.add({ at: 0, replica });
    }
    for (let event = this.#events.next(); event !== undefined; event = this.#events.next()) {
      if (event.at >= seconds * 1_000) break;
      if (event.ticket !== undefined) this.#ask(event.ticket, event.replica, event.at);
      else this.#arrive(event);
    }
    return this.#started;
  }

  #arriveAfter(at: number): void {
    const { perSecond = 0 } = this.#demand;
    if (perSecond === 0) return;
    const replica = this.#random.int(0, this.#replicas.length - 1);
    this.#events.add({ at: at - (Math.log(1 - this.#random.next()) * 1_000) / perSecond, replica });
  }

  #arrive({ at, replica }: Event): void {
    if (this.#demand.callers === undefined) this.#arriveAfter(at);
    this.#replicas[replica]!.behind += 1;
    this.#enter(replica, at);
  }

  /** Adds a call of a replica to the queue, unless the replica itself knows that the window is full. */
  #enter(number: number, at: number): void {
    const replica = this.#replicas[number]!;
    if (replica.behind === 0 || replica.tickets >= TICKETS) return;
    replica.behind -= 1;
    replica.tickets += 1;
    this.#tickets += 1;
    this.#events.add({ at, replica: number, ticket: this.#tickets });
  }

  #ask(ticket: number, number: number, at: number): void {
    const { cap, windowMs } = this.#shared;
    const replica = this.#replicas[number]!;
    replica.own = within(replica.own, at - windowMs);
    const [oldest] = replica.own;
    if (replica.own.length >= cap && oldest !== undefined) {
      this.#events.add({ at: oldest + windowMs + ROUND_TRIP_MS, replica: number, ticket });
      return;
    }
    this.#onAsk(at);
    this.#starts = within(this.#starts, at - windowMs);
    if (!this.#line.includes(ticket)) this.#line.push(ticket);
    const before = this.#starts.length + this.#line.indexOf(ticket) - cap;
    if (before < 0) {
      this.#start(ticket, number, at);
      return;
    }
    const wait = this.#starts[Math.min(before, this.#starts.length - 1)]! + windowMs - at;
    this.#events.add({ at: at + Math.min(wait, ASK_AGAIN_MS) + ROUND_TRIP_MS, replica: number, ticket });
  }

  #start(ticket: number, number: number, at: number): void {
    const replica = this.#replicas[number]!;
    this.#line.splice(this.#line.indexOf(ticket), 1);
    this.#starts.push(at);
    replica.own.push(at);
    replica.tickets -= 1;
    this.#started += 1;
    if (this.#demand.callers !== undefined) this.#events.add({ at: at + ROUND_TRIP_MS, replica: number });
    this.#enter(number, at + ROUND_TRIP_MS);
  }
}

function within(times: number[], from: number): number[] {
  const first = times.findIndex((at) => at > from);
  return first === 0 ? times : first === -1 ? [] : times.slice(first);
}

/** Events by their time. */
class Timeline {
  readonly #heap: Event[] = [];

  add(event: Event): void {
    const heap = this.#heap;
    let place = heap.push(event) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (heap[above]!.at <= heap[place]!.at) return;
      [heap[above], heap[place]] = [heap[place]!, heap[above]!];
      place = above;
    }
  }

  next(): Event | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      let least = place;
      if (left < heap.length && heap[left]!.at < heap[least]!.at) least = left;
      if (right < heap.length && heap[right]!.at < heap[least]!.at) least = right;
      if (least === place) return first;
      [heap[least], heap[place]] = [heap[place]!, heap[least]!];
      place = least;
    }
  }
}
