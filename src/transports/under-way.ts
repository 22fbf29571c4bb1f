import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isRecord } from '../tools/is-record.ts';

const SESSION = 'mcp-session-id';

/**
 * The calls of 2025 clients that are under way over HTTP. Such a client cancels by posting a notification, which arrives at
 * an instance of its own and says no more than an id that every client counts from 1. So each client is given a session id at
 * `initialize`, and it is no more than a name: nothing is kept of it but the calls under way.
 */
export class UnderWay {
  readonly #calls = new Map<string, ServerResponse>();

  /**
   * Notes a message that came with a POST: names its client, remembers its call, or ends the call that it cancels.
   * @param caller who was let in: nobody else's call is ended, whatever the session is said to be.
   */
  note(
    message: unknown,
    { caller, request, response }: { caller: string; request: IncomingMessage; response: ServerResponse },
  ): void {
    if (!isRecord(message)) return;
    const session = request.headers[SESSION];
    if (message.method === 'initialize') response.setHeader(SESSION, randomUUID());
    else if (typeof session !== 'string') return;
    else if (message.method === 'notifications/cancelled') {
      const { requestId } = isRecord(message.params) ? message.params : {};
      const call = this.#calls.get(nameOf(caller, session, requestId));
      if (call !== undefined) endFromOutside(call);
    } else if (message.method !== undefined && message.id !== undefined) {
      const name = nameOf(caller, session, message.id);
      this.#calls.set(name, response);
      response.once('close', () => {
        if (this.#calls.get(name) === response) this.#calls.delete(name);
      });
    }
  }
}

function nameOf(caller: string, session: string, id: unknown): string {
  return JSON.stringify([caller, session, id]);
}

/**
 * Ends the answers of a connection with it. Node does so for the one that is being written; those behind it, of a client
 * that has asked again before it was answered, would never know.
 */
export function endWithConnection({ socket }: IncomingMessage, response: ServerResponse): void {
  const open = answers.get(socket) ?? new Set();
  if (!answers.has(socket)) {
    answers.set(socket, open);
    socket.once('close', () => {
      for (const one of open) if (one.socket === null) one.emit('close');
    });
  }
  open.add(response);
  response.once('close', () => open.delete(response));
}

/** Whether a request that came over a connection is being served, or its answer written. */
export function isServing(socket: Socket): boolean {
  return [...(answers.get(socket) ?? [])].some(({ req }) => req.complete);
}

const answers = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * Ends an answer that somebody else is writing, or waits to write. The SDK takes one that closes early for a client that has
 * left, and gives up what the answer was for.
 */
export function endFromOutside(response: ServerResponse): void {
  // One that stands behind another on its connection has no socket yet, and would tell nobody.
  if (response.socket === null) response.emit('close');
  if (response.headersSent) response.end();
  else response.destroy();
}
