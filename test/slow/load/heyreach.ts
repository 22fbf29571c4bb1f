import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, stopChild } from '../../support/program.ts';
import type { Owner } from './owners.ts';

/** What can be asked of the process with the sandboxes. */
export type HeyReachAsked =
  | { do: 'start'; owners: number; seed: number; minutes?: number }
  /** Breaks off every connection, those that were never going to answer among them. */
  | { do: 'let go' }
  | { do: 'tell' };

export interface HeyReachAnswers {
  start: { url: string; places: Places[] };
  'let go': object;
  tell: { landed: Landed[] };
}

/** What there is in a workspace. */
export interface Places {
  campaigns: number[];
  running: number[];
  lists: number[];
  emptyList: number;
  accounts: number[];
  conversations: { id: string; accountId: number }[];
  slugs: string[];
}

/** A request as it came to HeyReach. */
export interface Landed {
  /** Whose key it came with. */
  owner: Owner;
  /** ms since the epoch. */
  at: number;
  /** The status of the answer. 0 for none. */
  status: number;
  route: string;
  /** The calls whose texts stand in it. */
  nonces: string[];
  /** Other owners whose texts stand in it. */
  strangers: string[];
}

/** A HeyReach in a process of its own, with a workspace for every owner. */
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
