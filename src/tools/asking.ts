/** What a person did with a question. */
export type Reply = 'accept' | 'decline' | 'cancel' | 'silent' | 'failed';

/** How the person behind a client can be asked, as its protocol and its capabilities have it. */
export type Asking =
  /** Not at all: the preview goes to the client, and a token comes back with the same call. */
  | { way: 'token' }
  /** A question during the call (2025, over stdio). */
  | { way: 'elicit'; ask(message: string, options: { signal: AbortSignal; timeoutMs: number }): Promise<Reply> }
  /** A question as the answer, and the same call again with the reply (2026-07-28). */
  | { way: 'input_required'; state: string | undefined; reply: Reply | undefined };

/** An answer that is a question: the client puts it to its person and calls again with the reply and the state. */
export interface Question {
  question: string;
  state: string;
}

export function isQuestion(answered: object): answered is Question {
  return 'question' in answered && typeof answered.question === 'string';
}
