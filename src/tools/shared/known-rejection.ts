import { HeyReachError } from '../../client/index.ts';

/**
 * The error of a call that HeyReach is known to reject. It comes before a confirmation is requested for it.
 * @param message what is wrong, without a full stop at its end.
 */
export function knownRejection(message: string, nextStep: string): HeyReachError {
  return new HeyReachError({
    kind: 'bad_request',
    outcome: 'not_sent',
    message: `${message}.`,
    meaning: 'Nothing was sent and nothing was changed.',
    nextStep,
  });
}
