import { HeyReachError } from '../../client/index.ts';
import { inline } from '../../lib/text-format.ts';

const MAX_SHOWN = 200;

/**
 * The error of a source that cannot be read. Nothing was sent.
 * @param subject what cannot be read, such as a file.
 * @param kind `not_found` where requests to HeyReach found no people.
 */
export function sourceError(
  subject: string,
  message: string,
  nextStep: string,
  kind: 'bad_request' | 'invalid_input' | 'not_found' = 'bad_request',
): HeyReachError {
  return new HeyReachError({
    kind,
    outcome: 'not_sent',
    message: `${inline(subject, MAX_SHOWN)} ${message}`,
    meaning: 'Nothing was sent.',
    nextStep,
  });
}

/** A text that cannot be parsed. The message continues a sentence that starts with the name of the source. */
export class ParseError extends Error {
  readonly nextStep: string;

  constructor(message: string, nextStep: string) {
    super(message);
    this.nextStep = nextStep;
  }
}
