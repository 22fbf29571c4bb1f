import { type RedisServer, startRedis } from '../support/programs/redis.ts';
import { stop } from './children.ts';
import { CONNECTIONS, callsOf, type Field } from './field.ts';
import { ERAS, type LoadClient } from './http.ts';
import type { Size } from './measures.ts';
import { inTurn } from './rounds.ts';
import { compare, type Row } from './table.ts';

const NAMES = ['with', 'without'] as const;

/** A call of a replica with HEYREACH_REDIS_URL, compared with the same server without it. */
export async function measureRedis(field: Field, client: LoadClient, { rounds, calls }: Size): Promise<Row[]> {
  const redis = await startRedis();
  const servers = { with: await field.http('ours', envOf(redis)), without: await field.http('ours') };
  try {
    const put = (name: (typeof NAMES)[number], connections: number) =>
      client.put({ ...callsOf(ERAS[0], calls), connections, url: servers[name].url });
    for (const name of NAMES) await put(name, CONNECTIONS);
    const trips = await inTurn(rounds, NAMES, async (name) => (await put(name, 1)).p50Ms);
    const rates = await inTurn(rounds, NAMES, async (name) => (await put(name, CONNECTIONS)).requestsPerSecond);
    const row = { comparedWith: 'ours without Redis' };
    const trip = compare(
      { ...row, measure: `HTTP ${ERAS[0]}: tools/call with Redis, one at a time`, unit: 'ms' },
      trips.with,
      trips.without,
    );
    return [
      { ...trip, note: `${(1_000 * (trip.ours - trip.theirs)).toFixed(0)} µs more a call` },
      compare(
        { ...row, measure: `HTTP ${ERAS[0]}: tools/call with Redis, ${CONNECTIONS} connections`, unit: 'calls/s' },
        rates.with,
        rates.without,
      ),
    ];
  } finally {
    await Promise.all(NAMES.map((name) => stop(servers[name].child)));
    await redis.close();
  }
}

function envOf({ url }: RedisServer): Record<string, string> {
  return { HEYREACH_REDIS_URL: url, HEYREACH_STATE_SECRET: 'a-made-up-secret-of-the-bench-with-redis' };
}
