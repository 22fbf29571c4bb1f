import { setTimeout as pause } from 'node:timers/promises';
import { HeldUp } from './held-up.ts';
import type { HeyReach, Landed, Places } from './heyreach.ts';
import { type Call, type Report, type Sample, type Size, settle, work } from './load.ts';
import { connectAll } from './people.ts';
import type { Replicas, Roll } from './replicas.ts';
import { residentMegabytes } from './server.ts';

const LOOK_MS = 2_500;
/** The replica that runs the whole time, so that its memory can be compared. */
const STAYING = 0;

export interface SoakSize extends Size {
  /** The time between the starts of two stops. */
  rollMs: number;
}

/** The measurements of a soak. */
export interface SoakReport {
  size: SoakSize;
  calls: Call[];
  landed: Landed[];
  /** The memory of the replica that was never stopped. */
  resident: Sample[];
  heap: Sample[];
  heldUp: Report['heldUp'];
  rolls: Roll[];
  /** Requests still in flight once every call had ended, by name. */
  leftOver: Record<string, number>;
  /** The exit codes of the replicas. */
  ended: (number | string | null)[];
  complaints: readonly string[];
  redisMegabytes: number;
}

/** Puts the load on all replicas while one after the other is stopped and started again. */
export async function soak(
  replicas: Replicas,
  heyreach: HeyReach,
  places: Places[],
  seed: number,
  size: SoakSize,
): Promise<SoakReport> {
  const people = await connectAll(replicas.url, seed);
  const began = performance.now();
  const heldUp = new HeldUp(() => [...replicas.pids, heyreach.child.pid!], began);
  const isOver = () => performance.now() - began > size.lastMs;
  const memory = watchStaying(replicas, began, isOver);
  const rolling = rollInTurn(replicas, size, began);
  const calls: Call[] = [];
  await Promise.all(
    people.map((person) => work(person, places, seed, { began, size, calls, server: { ended: undefined } })),
  );
  const [{ resident, heap }, rolls] = await Promise.all([memory, rolling]);
  heldUp.stop();
  await heyreach.ask({ do: 'let go' });
  const leftOver: Record<string, number> = {};
  for (const [replica, server] of replicas.servers.entries()) {
    if (server.ended !== undefined) continue;
    for (const [name, count] of Object.entries(await settle(server))) leftOver[`${replica}: ${name}`] = count;
  }
  for (const { client } of people) await Promise.race([client.close(), pause(1_000)]).catch(() => {});
  const redisMegabytes = replicas.redisMegabytes();
  const ended = await replicas.stop();
  const { landed } = await heyreach.ask({ do: 'tell' });
  const { complaints } = replicas;
  return { size, calls, landed, resident, heap, heldUp, rolls, leftOver, ended, complaints, redisMegabytes };
}

/** Stops the other replicas in turn. */
async function rollInTurn(replicas: Replicas, { lastMs, rollMs }: SoakSize, began: number): Promise<Roll[]> {
  const others = [...replicas.servers.keys()].filter((replica) => replica !== STAYING);
  const rolls: Roll[] = [];
  for (let due = rollMs; due < lastMs; due = Math.max(due + rollMs, performance.now() - began)) {
    await pause(Math.max(0, due - (performance.now() - began)));
    rolls.push(await replicas.roll(others[rolls.length % others.length]!));
  }
  return rolls;
}

async function watchStaying(replicas: Replicas, began: number, isOver: () => boolean) {
  const [resident, heap]: Sample[][] = [[], []];
  const server = replicas.servers[STAYING]!;
  while (!isOver() && server.ended === undefined) {
    await pause(LOOK_MS);
    const at = performance.now() - began;
    resident!.push({ at, megabytes: residentMegabytes(server.child) });
    heap!.push({ at, megabytes: await server.heap() });
  }
  return { resident: resident!, heap: heap! };
}
