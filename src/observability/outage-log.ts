import type { CircuitReport } from '../client/index.ts';
import type { StoreReports } from '../state/open-state.ts';
import type { Log } from './log.ts';

/** Logs whether the store that replicas share answers. The operator must act while it does not. */
export function reportStore(log: Log): StoreReports {
  return {
    onChange({ isUp, cause }) {
      if (isUp) log.info({}, 'Redis is available: all replicas share its state');
      else
        log.error(
          { err: cause },
          'Redis is unavailable: writes are rejected, and reads start after a minute only with HEYREACH_REPLICAS',
        );
    },
    onWarning: (warning) => log.warn({}, warning),
  };
}

/** Logs when calls to HeyReach are paused, and when they resume. */
export function logCircuit({ state, key, failure, openForMs }: CircuitReport, log: Log): void {
  const scope = key === undefined ? {} : { keyFingerprint: key };
  if (state === 'closed') log.info(scope, 'HeyReach answers again: calls resume');
  else log.warn({ ...scope, failure, coolingMs: openForMs }, 'HeyReach seems to be down: calls are paused');
}
