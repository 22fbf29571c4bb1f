import { readFileSync } from 'node:fs';
import { root } from '../../support/documents/documents.ts';
import type { CallCost, Costs } from './costs.ts';

/** The activity of all workspaces of a deployment. */
export interface Usage {
  name: string;
  workspaces: number;
  /** Requests to HeyReach of a workspace in a minute. */
  requestsPerMinute: number;
  /** Confirmed messages of a workspace in an hour. */
  messagesPerHour: number;
  /** Commands to Redis for a request that may have to wait. */
  asksPerStart: number;
}

export interface Needs {
  commandsPerSecond: number;
  kilobytesPerSecond: number;
  keys: number;
  megabytes: number;
  /** The share of one processor that Redis uses. */
  redisShare: number;
  /** Processes of this server with one processor each. */
  processes: number;
}

/** The lifetime of a confirmation, in hours. */
const CONFIRMATION_HOURS = 1 / 3;
/** The time that a text stays in the records of its conversation, in hours. */
const RECORD_HOURS = 1 / 4;
/** Hold and epoch of the sends of a key, starts of the key and of a sender. */
const SMALL_KEYS = ['`m`', '`se`', '`starts`', '`starts:`'];
/** Calls that a process makes in a second with a processor of its own: a row of docs/performance.md. */
const CALLS_OF_PROCESS = Number(
  /tools\/call with Redis, 16 connections \| (\d+) calls\/s/.exec(
    readFileSync(`${root}docs/performance.md`, 'utf8'),
  )?.[1],
);
/** The planned share of the capacity of a process. */
const PLANNED_SHARE = 0.6;
const CAP = 300;
const ENTRIES_IN_LISTPACK = 128;

export function needsOf(usage: Usage, costs: Costs, microsecondsPerCommand: number): Needs {
  const { workspaces, requestsPerMinute, messagesPerHour, asksPerStart } = usage;
  const costOf = (name: string) => costs.calls.find(({ call }) => call === name)!;
  const bytesOf = (name: string) => costs.keys.find((key) => key.name === name)!.bytes;
  const read = costOf('a read of one request');
  const message = [costOf('a message: preview'), costOf('a message: confirmed')];
  const startsPerSecond = (workspaces * requestsPerMinute) / 60;
  const messagesPerSecond = (workspaces * messagesPerHour) / 3_600;
  // The requests of a message are among all requests, and their permits are counted there.
  const beyondPermits = (of: (cost: CallCost) => number) =>
    message.reduce((sum, cost) => sum + of(cost) - cost.requests * of(read), 0) * messagesPerSecond;
  const ofPermits = (of: (cost: CallCost) => number) => startsPerSecond * asksPerStart * of(read);
  const sum = (of: (cost: CallCost) => number) => ofPermits(of) + beyondPermits(of);
  const commandsPerSecond = sum(({ commands }) => commands);
  const bytesPerSecond = sum(({ bytesIn, bytesOut }) => bytesIn + bytesOut);

  const isWaiting = asksPerStart > 1;
  const perWorkspace = [
    [1, bytesOf('`s`') * shareOfStarts(Math.min(CAP, requestsPerMinute))],
    ...(isWaiting ? [[1, bytesOf('`q`')] as const, [1, bytesOf('`l`')] as const] : []),
    ...SMALL_KEYS.map((name) => [1, bytesOf(name)] as const),
    [messagesPerHour * CONFIRMATION_HOURS, bytesOf('`shown`')],
    [messagesPerHour * RECORD_HOURS, bytesOf('`sent`')],
  ] as const;
  const bytes = perWorkspace.reduce((total, [count, size]) => total + count * size, 0);
  return {
    commandsPerSecond,
    kilobytesPerSecond: bytesPerSecond / 1_000,
    keys: workspaces * perWorkspace.reduce((total, [count]) => total + count, 0),
    megabytes: (workspaces * bytes) / 1e6,
    redisShare: (commandsPerSecond * microsecondsPerCommand) / 1e6,
    processes: Math.max(1, Math.ceil(startsPerSecond / (CALLS_OF_PROCESS * PLANNED_SHARE))),
  };
}

/** Short sorted sets take about a third of the memory for each entry. */
function shareOfStarts(starts: number): number {
  return starts > ENTRIES_IN_LISTPACK ? starts / CAP : starts / CAP / 3;
}
