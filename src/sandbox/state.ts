import type { Workspace } from './model/index.ts';
import type { Quirks } from './options.ts';
import type { TaskQueue } from './simulation/task-queue.ts';

/** A message, invitation or InMail that would have reached a person. */
export interface ReachedItem {
  at: number;
  accountId: number;
  /** Null for SendMessage. */
  campaignId: number | null;
  profileUrl: string;
  text: string;
}

/** Everything that would have reached people since the start of the sandbox. */
export interface Reached {
  messages: ReachedItem[];
  invitations: ReachedItem[];
  inmails: ReachedItem[];
  readonly total: number;
}

/** The simulated world: the state that routes and the simulation read and change. */
export interface World {
  readonly seed: number;
  readonly quirks: Quirks;
  readonly workspace: Workspace;
  readonly tasks: TaskQueue;
  readonly reached: Reached;
  /** False while the past is seeded: then nothing counts as reached and no webhook is queued. */
  isLive: boolean;
  now(): number;
}

export function emptyTally(): Reached {
  return {
    messages: [],
    invitations: [],
    inmails: [],
    get total() {
      return this.messages.length + this.invitations.length + this.inmails.length;
    },
  };
}
