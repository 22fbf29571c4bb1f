import { randomBytes } from 'node:crypto';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequest,
  type InputRequests,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { createTokenSigners } from '../../../src/mcp/confirmation/elicitation.ts';
import { defineTool, type Tool } from '../../../src/mcp/tool.ts';
import { fixture, says } from './fixture.ts';
import { type Lifted, request } from './toolbox.ts';

const { state: seal } = createTokenSigners(randomBytes(32));

/** A question with a form of one text. */
export function askFor(name: string, message: string): InputRequest {
  const requestedSchema = {
    type: 'object' as const,
    properties: { [name]: { type: 'string' as const } },
    required: [name],
  };
  return inputRequired.elicit({ message, requestedSchema });
}

function sample(text: string): InputRequest {
  return inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 50 });
}

/** The capabilities that the client declares in each request. */
function declared(): ClientCapabilities {
  const envelope = request().envelope as Record<string, unknown> | undefined;
  return (envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {}) as ClientCapabilities;
}

/** The answer to the input request of that name, if it is such a form. */
function filledIn(question: string, field: string): string | undefined {
  const value = acceptedContent<Record<string, unknown>>(request().inputResponses, question)?.[field];
  return typeof value === 'string' ? value : undefined;
}

function answered(question: string): boolean {
  return inputResponse(request().inputResponses, question).kind !== 'missing';
}

/** Asks the unanswered questions, and answers when all have answers. */
function askOnce(questions: InputRequests, done: string): Lifted {
  const open = Object.entries(questions).filter(([name]) => !answered(name));
  return open.length === 0 ? says(done) : { inputRequests: Object.fromEntries(open) };
}

/** A tool that the product confirms with a person. Its state is signed, and accepted once. */
function confirmed(name: string): Tool {
  return defineTool({
    name,
    title: name,
    description: 'Is confirmed first',
    toolset: 'account',
    risk: 'write',
    confirmation: 'always',
    retry: 'never',
    input: () => ({}),
    output: () => z.looseObject({}),
    preview: async () => ({ question: 'Please confirm', lines: [], warnings: [], facts: {}, boundState: {} }),
    run: async () => ({ data: { ...says('state-ok: it was confirmed.') } }),
  });
}

/** Tools of 2026-07-28 that return questions. */
export const askingTools: Tool[] = [
  fixture({
    name: 'test_input_required_result_elicitation',
    description: 'Asks for a name',
    run() {
      const name = filledIn('user_name', 'name');
      if (name !== undefined) return says(`Hello, ${name}!`);
      return { inputRequests: { user_name: askFor('name', 'What is your name?') } };
    },
  }),
  fixture({
    name: 'test_input_required_result_sampling',
    description: 'Asks a model',
    run: () => askOnce({ capital_question: sample('What is the capital of France?') }, 'A model answered.'),
  }),
  fixture({
    name: 'test_input_required_result_list_roots',
    description: 'Asks for roots',
    run: () => askOnce({ client_roots: inputRequired.listRoots() }, 'Roots were listed.'),
  }),
  confirmed('test_input_required_result_request_state'),
  confirmed('test_input_required_result_tampered_state'),
  fixture({
    name: 'test_input_required_result_multiple_inputs',
    description: 'Asks three questions of three kinds',
    async run() {
      const asked = askOnce(
        {
          user_name: askFor('name', 'What is your name?'),
          greeting: sample('Generate a greeting'),
          client_roots: inputRequired.listRoots(),
        },
        'All three were answered.',
      );
      return 'content' in asked ? asked : { ...asked, requestState: await seal.sign({ round: 1 }) };
    },
  }),
  fixture({
    name: 'test_input_required_result_multi_round',
    description: 'Asks twice, one after the other',
    async run() {
      const state = request().requestState();
      const { round } = typeof state === 'string' ? ((await seal.verify(state)) as { round: number }) : { round: 0 };
      if (round === 2 && answered('step2')) return says(`Both were answered, at last ${filledIn('step2', 'color')}.`);
      if (round === 1 && answered('step1')) {
        return {
          inputRequests: { step2: askFor('color', 'Step 2: What is your favorite color?') },
          requestState: await seal.sign({ round: 2 }),
        };
      }
      return {
        inputRequests: { step1: askFor('name', 'Step 1: What is your name?') },
        requestState: await seal.sign({ round: 1 }),
      };
    },
  }),
  fixture({
    name: 'test_input_required_result_capabilities',
    description: 'Asks what the client can be asked',
    run() {
      const { elicitation, sampling } = declared();
      return askOnce(
        {
          ...(elicitation === undefined ? {} : { user_name: askFor('name', 'What is your name?') }),
          ...(sampling === undefined ? {} : { greeting: sample('Generate a greeting') }),
        },
        'Everything was answered.',
      );
    },
  }),
  fixture({
    name: 'test_missing_capability',
    description: 'Asks a model without looking whether the client has one',
    run: () => askOnce({ llm_answer: sample('Say pong') }, 'A model answered.'),
  }),
];
