import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startHttpProgram, startProgram } from '../programs/program.ts';
import { ENVELOPE } from './cancellation.ts';
import type { ToolResult } from './clients.ts';
import { type Form, formIn } from './forms.ts';
import { speaker } from './stdio-lines.ts';

export const FORM_TRANSPORTS = ['2026-07-28 over stdio', '2026-07-28 over HTTP', '2025 over stdio'] as const;
export type FormTransport = (typeof FORM_TRANSPORTS)[number];

/** A client that shows forms and returns any answer, which no SDK would allow. */
export interface FormClient {
  /** Calls a tool, and answers its form once. @returns the result after that, and the form. */
  call(tool: string, args: object, answer: (form: Form) => unknown): Promise<{ result: ToolResult; form: Form }>;
  /** Calls a tool once, without waiting for a form. */
  callOnce(tool: string, args: object): Promise<ToolResult>;
  close(): Promise<void>;
}

type Message = Record<string, unknown> & { id?: number; method?: string };
type Ask = (method: string, params: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** The JSON-RPC error of a client without a handler for forms. In 2026-07-28 it is in place of the response. */
export const NO_HANDLER = { code: -32601, message: 'Method not found' };

const FORMS = { elicitation: { form: {} } };

export async function openFormClient(
  transport: FormTransport,
  env: Record<string, string>,
  confirm: 'ask' | 'token' = 'ask',
): Promise<FormClient> {
  const flags = ['--toolsets', 'default,legacy', '--confirm', confirm];
  if (transport === '2026-07-28 over HTTP') {
    const program = await startHttpProgram({ args: flags, env });
    const { ask } = speaker(program.url, '2026-07-28', {}, FORMS);
    return {
      ...callsOver(ask),
      close: async () => void (await program.stop()),
    };
  }
  const child = await startProgram({ args: flags, env });
  const lines = openLines(child);
  if (transport === '2026-07-28 over stdio') {
    const meta = { ...ENVELOPE, 'io.modelcontextprotocol/clientCapabilities': FORMS };
    return {
      ...callsOver(async (method, params) => lines.ask(method, { ...params, _meta: meta })),
      close: lines.close,
    };
  }
  const clientInfo = { name: 'raw', version: '1' };
  await lines.ask('initialize', { protocolVersion: '2025-06-18', capabilities: FORMS, clientInfo });
  lines.send({ method: 'notifications/initialized' });
  return {
    async call(name, args, answer) {
      const form = lines.next('elicitation/create').then(({ id, params }) => {
        const { requestedSchema } = params as { requestedSchema: Form };
        const answered = answer(requestedSchema);
        lines.send(answered === NO_HANDLER ? { id, error: NO_HANDLER } : { id, result: answered });
        return requestedSchema;
      });
      const result = await lines.ask('tools/call', { name, arguments: args });
      return { result: result as never, form: await form };
    },
    callOnce: async (name, args) => (await lines.ask('tools/call', { name, arguments: args })) as never,
    close: lines.close,
  };
}

function callsOver(ask: Ask): Pick<FormClient, 'call' | 'callOnce'> {
  return {
    call: callTwice(ask),
    callOnce: async (name, args) => (await ask('tools/call', { name, arguments: args })) as never,
  };
}

/** The same call again, with the answer to the form. */
function callTwice(ask: Ask): FormClient['call'] {
  return async (name, args, answer) => {
    const asked = await ask('tools/call', { name, arguments: args });
    const form = formIn(asked);
    const inputResponses = { confirm: answer(form) };
    const again = { name, arguments: args, inputResponses, requestState: asked.requestState };
    return { result: (await ask('tools/call', again)) as never, form };
  };
}

function openLines(child: ChildProcess) {
  const waiting = new Map<number | string, (message: Message) => void>();
  child.stderr?.resume();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const message = JSON.parse(line) as Message;
    const name = message.method ?? message.id!;
    const take = waiting.get(name);
    waiting.delete(name);
    take?.(message);
  });
  let lastId = 0;
  const send = (message: object) => void child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const next = (name: number | string) => new Promise<Message>((resolve) => waiting.set(name, resolve));
  const ask: Ask = async (method, params) => {
    lastId += 1;
    const answered = next(lastId);
    send({ id: lastId, method, params });
    const { result, error } = await answered;
    if (result === undefined) throw new Error(JSON.stringify(error));
    return result as Record<string, unknown>;
  };
  const close = async () => {
    child.stdin?.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { send, next, ask, close };
}
