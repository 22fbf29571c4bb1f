import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, stopChild } from '../../support/programs/program.ts';
import type { Owner } from './owners.ts';

/** Requests to the process with the sandboxes. */
export type HeyReachAsked =
  | { do: 'start'; owners: number; seed: number; minutes?: number }
  /** Breaks every connection, including those that would never get an answer. */
  | { do: 'let go' }
  | { do: 'tell' };

export interface HeyReachAnswers {
  start: { url: string; places: Places[] };
  'let go': object;
  tell: { landed: Landed[] };
}

/** The ids and slugs of a workspace. */
export interface Places {
  campaigns: number[];
  running: number[];
  lists: number[];
  emptyList: number;
  accounts: number[];
  conversations: { id: string; accountId: number }[];
  slugs: string[];
}

/** A request that reached HeyReach. */
export interface Landed {
  /** The owner of its key. */
  owner: Owner;
  /** ms since the epoch. */
  at: number;
  /** The status of the response. 0 without one. */
  status: number;
  route: string;
  /** The nonces in the request. */
  nonces: string[];
  /** Other owners whose texts are in the request. */
  strangers: string[];
}

/** A HeyReach in its own process, with a workspace for every owner. */
export class HeyReach {
  readonly child: ChildProcess = fork(fileURLToPath(new URL('programs/heyreach.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: cleanEnvironment(),
  });

  async ask<Asked extends HeyReachAsked>(asked: Asked): Promise<HeyReachAnswers[Asked['do']]> {
    this.child.send(asked);
    const [answer] = await once(this.child, 'message');
    return answer;
  }

  async end(): Promise<void> {
    await stopChild(this.child);
  }
}
