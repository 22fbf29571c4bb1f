import { digest } from '../../lib/json.ts';
import { type CircuitNews, MAX_FAILED_CALLS, openForMs, type SharedCircuits } from '../circuits.ts';
import { CIRCUITS_CHANNEL, COUNT, STATE, TAKE_PROBE } from './circuit-scripts.ts';
import { parseMessage, type RedisConnection, type Reply } from './connection.ts';

/** A process must report the result of its probe within this time. After that another process may probe. */
const PROBE_MS = 25_000;
/** From this many openings in a row on, the time that a circuit stays open does not grow. */
const MAX_OPENINGS = 4;

/** The circuits of all replicas, each as a hash of Redis. */
export function circuitsInRedis(connection: RedisConnection): SharedCircuits {
  const listeners: ((news: CircuitNews) => void)[] = [];
  const hear = (news: CircuitNews) => {
    for (const listener of listeners) listener(news);
  };
  const hearState = (key: string | undefined, reply: Reply) => {
    const [state, openMs, failure] = reply as [CircuitNews['state'], number, string];
    if (state !== 'closed') hear({ key, state, openForMs: openMs, failure });
  };
  // A process that connects later, or that has missed messages, gets the state of the host circuit.
  connection.onConnect(async (commands) => hearState(undefined, await commands.run(STATE, [keyOf(undefined)], [''])));
  void connection.subscribe(CIRCUITS_CHANNEL, (message) => {
    const news = parseMessage<CircuitNews & { key: string }>(message);
    if (news !== undefined) hear({ ...news, key: news.key === '' ? undefined : news.key });
  });
  return {
    async count(key, { result, operation, failure, ageMs, isHalfOpenProbe }, random) {
      const times = Array.from({ length: MAX_OPENINGS }, (_, failedProbes) => openForMs(failedProbes, random));
      const call = [
        result,
        operation === undefined ? '' : digest([operation]),
        failure,
        Math.ceil(ageMs),
        Number(isHalfOpenProbe),
      ];
      const args = [key ?? '', ...call, MAX_FAILED_CALLS, times.join(',')];
      const state = await connection.run(COUNT, [keyOf(key)], args).catch(() => undefined);
      // A process that missed an opening learns of it from its first failed call.
      if (state !== undefined) hearState(key, state);
    },
    async takeProbe(key) {
      // Without the store each process probes for itself.
      return Number(await connection.run(TAKE_PROBE, [keyOf(key)], [key ?? '', PROBE_MS]).catch(() => 0));
    },
    listen: (listener) => void listeners.push(listener),
  };
}

const keyOf = (key: string | undefined) => (key === undefined ? 'hr:circuit' : `hr:{${key}}:circuit`);
