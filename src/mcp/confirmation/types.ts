/**
 * The answer to a confirmation form.
 * - `accept`: accepted with the positive option
 * - `unchosen`: accepted without either option
 * - `silent`: not answered in time
 * - `failed`: the client could not show the form, or its answer cannot be read
 */
export type ElicitAction = 'accept' | 'unchosen' | 'decline' | 'cancel' | 'silent' | 'failed';

/** How a person can confirm a call, by protocol version and client capabilities. */
export type ElicitationMode =
  /** Without a form: the client gets a preview, and the same call comes again with a token. */
  | { channel: 'token' }
  /** With a form during the call (2025, over stdio). */
  | {
      channel: 'elicit';
      ask(message: string, options: { signal: AbortSignal; timeoutMs: number }): Promise<ElicitAction>;
    }
  /** With a form as the result, after which the same call comes again with reply and state (2026-07-28). */
  | { channel: 'input_required'; state: string | undefined; reply: ElicitAction | undefined };

/** A result that requests input: the client shows the form and calls again with the reply and the state. */
export interface InputRequest {
  question: string;
  state: string;
}

/** Tells a request for input from a result. */
export function isInputRequest(result: object): result is InputRequest {
  return 'question' in result && typeof result.question === 'string';
}
