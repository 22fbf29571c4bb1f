import type { Workspace } from './model.ts';
import type { Quirks } from './options.ts';
import type { TaskQueue } from './simulation/tasks.ts';

/** One thing that would have arrived at a person. */
export interface ReachedItem {
  at: number;
  accountId: number;
  /** Null when it was sent by hand, through SendMessage. */
  campaignId: number | null;
  profileUrl: string;
  text: string;
}

/** What would have reached people since the sandbox was started. */
export interface Reached {
  messages: ReachedItem[];
  invitations: ReachedItem[];
  inmails: ReachedItem[];
  readonly total: number;
}

/** What operations and the simulation work on. */
export interface World {
  readonly seed: number;
  readonly quirks: Quirks;
  readonly workspace: Workspace;
  readonly tasks: TaskQueue;
  readonly reached: Reached;
  /** False while the past is laid out: nothing reaches anybody then and no webhook fires. */
  live: boolean;
  now(): number;
}

/** An empty tally. */
export function noneReached(): Reached {
  return {
    messages: [],
    invitations: [],
    inmails: [],
    get total() {
      return this.messages.length + this.invitations.length + this.inmails.length;
    },
  };
}
