import { randomUUID } from 'node:crypto';
import { stateInMemory } from './memory/state.ts';
import type { SharedState } from './shared-state.ts';

/** What happens to the store that replicas share. */
export interface StoreReports {
  onChange(change: { isUp: boolean; cause?: string }): void;
  /** The operator should change something in the store. */
  onWarning(warning: string): void;
}

/** The state, and whether it can be used now. */
export interface OpenState {
  state: SharedState;
  /** Whether the state can be used. Always true for the state of a single process. */
  readonly isUp: boolean;
  close(): Promise<void>;
}

/**
 * Opens the state in Redis, or without a URL the state of this process. Redis need not answer yet: until it does, nothing
 * is sent.
 */
export async function openState(
  { redisUrl, replicas }: { redisUrl: string | undefined; replicas: number | undefined },
  reports: StoreReports,
): Promise<OpenState> {
  if (redisUrl === undefined) return { state: stateInMemory(), isUp: true, close: async () => {} };
  const { connect, stateInRedis } = await import('./redis/state.ts');
  const connection = await connect(redisUrl, reports);
  return {
    state: stateInRedis(connection, { replica: randomUUID(), replicas }),
    get isUp() {
      return connection.isUp;
    },
    close: () => connection.close(),
  };
}
