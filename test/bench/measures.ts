import { MORE_TOOLS, type Programs } from './build.ts';
import { stop } from './children.ts';
import { CONNECTIONS, callOver, callsOf, type Field, IN_FLIGHT, SERVERS, type ServerName, SKELETONS } from './field.ts';
import { ERAS, httpRequest, type Load, type LoadClient } from './http.ts';
import { inTurn } from './rounds.ts';
import { timeToEnd, timeToInitialize } from './start.ts';
import { requestsPerSecond, roundTripMs, type StdioServer } from './stdio.ts';
import { compare, type Row, type Target } from './table.ts';

/** How much a run measures. */
export interface Size {
  startRounds: number;
  rounds: number;
  /** Calls before the first round, per server. V8 compiles a larger server over more calls, which is not measured. */
  warmUpCalls: number;
  /** Calls per round and server. */
  calls: number;
  lists: number;
  /** Calls in each of the four stretches between readings of memory. */
  memoryCalls: number;
}

export const FULL: Size = {
  startRounds: 21,
  rounds: 15,
  warmUpCalls: 5_000,
  calls: 1_000,
  lists: 20,
  memoryCalls: 5_000,
};
export const SHORT: Size = {
  startRounds: 1,
  rounds: 1,
  warmUpCalls: 40,
  calls: 40,
  lists: 2,
  memoryCalls: 50,
};

/** From the start of a process to an answered `initialize`, over stdio. */
export async function measureStart(programs: Programs, { env }: Field, { startRounds }: Size): Promise<Row[]> {
  const times = await inTurn(startRounds, ['ours', 'larger', 'bare', 'empty'], (name) =>
    name === 'empty' ? timeToEnd(['-e', '0']) : timeToInitialize([programs[name]], env),
  );
  const row = { measure: 'start to an answered initialize', unit: 'ms' } as const;
  return [
    compare({ ...row, comparedWith: 'node -e 0' }, times.ours, times.empty),
    compare({ ...row, comparedWith: 'bare SDK server', target: { atMost: 1.35 } }, times.ours, times.bare),
    perTool(compare({ measure: row.measure, unit: 'ms', ...MORE }, times.larger, times.ours)),
  ];
}

const MORE = { comparedWith: `ours with ${MORE_TOOLS} fewer tools` };

/** Adds a note with the time that one more tool adds. */
function perTool(row: Row): Row {
  return { ...row, note: `${((1_000 * (row.ours - row.theirs)) / MORE_TOOLS).toFixed(0)} µs a tool` };
}

/** Adds a note with the time that a call adds. HeyReach itself takes 100 ms or more. */
function perCall(row: Row): Row {
  return { ...row, note: `${(1_000 * (row.ours - row.theirs)).toFixed(0)} µs more a call` };
}

/** Calls and lists over stdio. */
export async function measureStdio(field: Field, { rounds, warmUpCalls, calls, lists }: Size): Promise<Row[]> {
  const servers = await startAll([...SERVERS, 'larger'], (name) => field.stdio(name));
  const list = (server: StdioServer) => server.request('tools/list', {});
  for (const server of Object.values(servers)) {
    await requestsPerSecond(warmUpCalls, IN_FLIGHT, () => callOver(server));
    await list(server);
  }
  const trips = await inTurn(rounds, SERVERS, (name) => roundTripMs(calls, () => callOver(servers[name])));
  const piped = await inTurn(rounds, SERVERS, (name) =>
    requestsPerSecond(2 * calls, IN_FLIGHT, () => callOver(servers[name])),
  );
  const listed = await inTurn(rounds, [...SERVERS, 'larger'], (name) => roundTripMs(lists, () => list(servers[name])));
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  return [
    ...compareAll('stdio: tools/call, one at a time', 'ms', trips, { Server: { atMost: 1.4 } }).map(perCall),
    ...compareAll(`stdio: tools/call, ${IN_FLIGHT} in flight`, 'calls/s', piped),
    ...compareAll('stdio: tools/list', 'ms', listed),
    perTool(compare({ measure: 'stdio: tools/list', unit: 'ms', ...MORE }, listed.larger, listed.ours)),
  ];
}

/** Calls and lists over Streamable HTTP, in both eras. */
export async function measureHttp(
  field: Field,
  client: LoadClient,
  { rounds, warmUpCalls, calls, lists }: Size,
): Promise<Row[]> {
  const servers = await startAll([...SERVERS, 'larger'], (name) => field.http(name));
  const put = async (name: ServerName, load: Omit<Load, 'url'>) => client.put({ ...load, url: servers[name].url });
  const list = {
    ...httpRequest(ERAS[0], 'tools/list', {}),
    expected: '"inputSchema"',
    connections: 1,
    requests: lists,
  };
  const rows: Row[] = [];
  for (const era of ERAS) {
    const names = era === ERAS[0] ? ([...SERVERS, 'larger'] as const) : SERVERS;
    for (const name of names) await put(name, callsOf(era, warmUpCalls));
    const rates = await inTurn<ServerName>(
      rounds,
      names,
      async (name) => (await put(name, callsOf(era, calls))).requestsPerSecond,
    );
    const measure = `HTTP ${era}: tools/call, ${CONNECTIONS} connections`;
    rows.push(...compareAll(measure, 'calls/s', rates, { McpServer: { atLeast: 1.3 }, Server: { atLeast: 0.9 } }));
    if (era === ERAS[0]) rows.push(compare({ measure, unit: 'calls/s', ...MORE }, rates.larger, rates.ours));
  }
  for (const name of [...SERVERS, 'larger'] as const) await put(name, list);
  const listed = await inTurn(rounds, [...SERVERS, 'larger'], async (name) => (await put(name, list)).p50Ms);
  await Promise.all(Object.values(servers).map(({ child }) => stop(child)));
  const measure = `HTTP ${ERAS[0]}: tools/list`;
  return [
    ...rows,
    ...compareAll(measure, 'ms', listed),
    perTool(compare({ measure, unit: 'ms', ...MORE }, listed.larger, listed.ours)),
  ];
}

/** Compares ours with each skeleton. */
function compareAll(
  measure: string,
  unit: Row['unit'],
  measured: Record<(typeof SERVERS)[number], number[]>,
  targets: Partial<Record<(typeof SKELETONS)[number], Target>> = {},
): Row[] {
  return SKELETONS.map((name) => {
    const target = targets[name];
    const row = { measure, unit, comparedWith: `${name} skeleton`, ...(target === undefined ? {} : { target }) };
    return compare(row, measured.ours, measured[name]);
  });
}

async function startAll<Name extends string, Server>(
  names: readonly Name[],
  start: (name: Name) => Promise<Server>,
): Promise<Record<Name, Server>> {
  const started: [Name, Server][] = [];
  for (const name of names) started.push([name, await start(name)]);
  return Object.fromEntries(started) as Record<Name, Server>;
}
