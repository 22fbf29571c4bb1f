import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { isInputRequest } from '../../src/mcp/confirmation/types.ts';
import { runTool } from '../../src/mcp/run-tool.ts';
import { ChangeEvents } from '../../src/mcp/services/change-events.ts';
import { AuditLog } from '../../src/safety/audit-log.ts';
import { confirmationFiles } from '../../src/safety/confirmation-files.ts';
import { ConfirmationTokens } from '../../src/safety/confirmation-tokens.ts';
import type { Safety } from '../../src/safety/index.ts';
import { sendsIn } from '../../src/safety/send-guard.ts';
import { sendsInMemory } from '../../src/state/memory/sends.ts';
import { tools } from '../../src/tools/registry.ts';
import { runs } from '../support/runs/runs.ts';
import { files } from '../support/tools/caller-files.ts';
import { hiddenJobs } from '../support/tools/jobs.ts';
import { openSeal } from '../support/tools/safety.ts';
import { confirmation, ModelHeyReach, TAKINGS, type Taking } from './model-heyreach.ts';

const RUNS = runs(400);

const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-model-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The time for the verification of an unclear message. The clock of the model stands still, so it can be short. */
const TOOL_MS = 8;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const CONVERSATIONS = ['one', 'other'];
const TEXTS = ['Hello there', 'Shall we talk?'];
const PEOPLE = ['ada', 'grace', 'alan'];

type Args = Record<string, unknown>;
type Step =
  | { do: 'preview'; call: Call }
  /** Uses a token of one of the last previews, with its own arguments or with those of another call. */
  | { do: 'confirm'; token: number; as: Call | undefined }
  | { do: 'they write'; to: number }
  | { do: 'we write'; to: number }
  | { do: 'status changes' }
  | { do: 'killed' };
type Call =
  | { tool: 'send_message'; to: number; text: number; allowRepeat: boolean }
  | { tool: 'add_leads_to_campaign'; people: number[] };

const message = fc.record({
  tool: fc.constant('send_message' as const),
  to: fc.nat(1),
  text: fc.nat(1),
  allowRepeat: fc.boolean(),
});
const addition = fc.record({
  tool: fc.constant('add_leads_to_campaign' as const),
  people: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
});
const call: fc.Arbitrary<Call> = fc.oneof({ weight: 4, arbitrary: message }, { weight: 1, arbitrary: addition });
const preview = fc.record({ do: fc.constant('preview' as const), call });
const confirm = fc.record({
  do: fc.constant('confirm' as const),
  token: fc.nat(3),
  as: fc.option(call, { nil: undefined, freq: 5 }),
});
/** The steps that happen at the same time. */
const calls = fc.array(fc.oneof({ weight: 2, arbitrary: preview }, { weight: 5, arbitrary: confirm }), {
  minLength: 1,
  maxLength: 3,
});
const event: fc.Arbitrary<Step[]> = fc
  .oneof(
    fc.record({ do: fc.constantFrom('they write' as const, 'we write' as const), to: fc.nat(1) }),
    fc.record({ do: fc.constantFrom('status changes' as const, 'killed' as const) }),
  )
  .map((step) => [step]);
const story = fc.array(
  fc.oneof({ weight: 5, arbitrary: calls as fc.Arbitrary<Step[]> }, { weight: 1, arbitrary: event }),
  {
    minLength: 8,
    maxLength: 24,
  },
);
const takings = fc.array(fc.constantFrom<Taking[]>('ok', 'ok', 'ok', ...TAKINGS), { minLength: 1, maxLength: 8 });

function argumentsOf(toolCall: Call): Args {
  if (toolCall.tool === 'send_message') {
    const { to, text, allowRepeat } = toolCall;
    return { conversationId: CONVERSATIONS[to], linkedInAccountId: 1, message: TEXTS[text], allowRepeat };
  }
  const lead = (who: number) => ({
    lead: {
      profileUrl: `https://www.linkedin.com/in/${PEOPLE[who]}-example`,
      firstName: PEOPLE[who],
      lastName: 'Example',
    },
  });
  return { campaignId: 7, accountLeadPairs: toolCall.people.map(lead) };
}

/** A token, and its preview. */
interface Token {
  text: string;
  call: Call;
  state: string | undefined;
}

class Story {
  readonly heyReach = new ModelHeyReach();
  readonly tokens: Token[] = [];
  readonly auditLog: string;
  #pid = 1;
  #process = { isDead: false };
  #safety: Safety;
  #left: Taking[];

  constructor(
    readonly id: string,
    takings: Taking[],
    readonly pauses: number[],
  ) {
    this.auditLog = join(folder, `${id}.jsonl`);
    this.#left = [...takings];
    this.#safety = this.#start();
    for (const to of CONVERSATIONS) this.heyReach.say(to, 'CORRESPONDENT', 'Good morning');
  }

  /** A new process: empty memory, the same secret, the same files. */
  #start(): Safety {
    this.#pid += 1;
    const sendsOf = sendsIn(sendsInMemory(), { perKey: 1_000, perSender: 1_000 });
    return {
      confirm: 'ask',
      askMs: 1_000,
      confirmations: new ConfirmationTokens(
        { token: openSeal, state: openSeal },
        confirmationFiles(`made-up-secret-${this.id}`, folder),
      ),
      sendsOf,
      audit: new AuditLog({
        path: this.auditLog,
        identity: { pid: this.#pid, isRunning: () => false },
        onLost: (lost) => sendsOf(lost.key).remember(lost.arguments as never, 'unknown', lost.time),
        onPast: () => {},
      }),
    };
  }

  async happen(steps: Step[]): Promise<void> {
    await Promise.all(steps.map((step) => this.#happenOne(step)));
    if (this.#process.isDead) this.#kill();
    this.heyReach.passTime();
  }

  #kill(): void {
    this.#process.isDead = true;
    this.#process = { isDead: false };
    this.#safety = this.#start();
  }

  async #happenOne(step: Step): Promise<void> {
    if (step.do === 'they write') return this.heyReach.say(CONVERSATIONS[step.to]!, 'CORRESPONDENT', 'One more thing');
    if (step.do === 'we write') return this.heyReach.say(CONVERSATIONS[step.to]!, 'ME', 'From the app');
    if (step.do === 'killed') return this.#kill();
    if (step.do === 'status changes') {
      this.heyReach.status = this.heyReach.status === 'IN_PROGRESS' ? 'PAUSED' : 'IN_PROGRESS';
      return;
    }
    if (step.do === 'preview') {
      const shown = this.#stateOf(step.call);
      const result = await this.#run(step.call, undefined);
      const { confirmToken } = (result?.confirmation ?? {}) as { confirmToken?: string };
      // The preview is known only if the state did not change in the meantime.
      const state = shown === this.#stateOf(step.call) ? shown : undefined;
      if (confirmToken !== undefined) this.tokens.push({ text: confirmToken, call: step.call, state });
      return;
    }
    const token = this.tokens.at(-1 - step.token);
    if (token !== undefined) await this.#run(step.as ?? token.call, token.text);
  }

  #stateOf(toolCall: Call): string {
    return toolCall.tool === 'send_message' ? this.heyReach.newest(CONVERSATIONS[toolCall.to]!) : this.heyReach.status;
  }

  /** Runs a call until it ends or its process is dead. */
  async #run(toolCall: Call, confirmToken: string | undefined): Promise<Args | undefined> {
    const process = this.#process;
    const tool = tools.find(({ name }) => name === toolCall.tool)!;
    const pause = async () => {
      for (
        let ticks = this.pauses[(this.heyReach.contacts.length + this.tokens.length) % this.pauses.length] ?? 0;
        ticks > 0;
        ticks -= 1
      ) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const client = this.heyReach.client(() => this.#left.shift() ?? 'ok', pause, process);
    const caller = {
      client,
      organization: undefined,
      source: 'live' as const,
      log,
      safety: this.#safety,
      jobs: hiddenJobs,
      files,
      changes: new ChangeEvents(),
      toolMs: TOOL_MS,
    };
    const args = { ...argumentsOf(toolCall), ...(confirmToken === undefined ? {} : { confirmToken }) };
    const request = {
      arguments: args,
      signal: new AbortController().signal,
      elicitation: { channel: 'token' as const },
    };
    const running = confirmation.run(confirmToken, () => runTool(tool, request, caller));
    let settled = false;
    void running.finally(() => {
      settled = true;
    });
    while (!settled && !process.isDead) await new Promise((resolve) => setImmediate(resolve));
    if (!settled) return undefined;
    const result = await running;
    if (isInputRequest(result)) throw new Error('a client that cannot be asked was asked');
    return result.structuredContent as Args;
  }
}

test('sends at most once per confirmation, exactly as shown, in any order of previews, confirmations, changes and kills', async () => {
  let sent = 0;
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      story,
      takings,
      fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
      async (steps, taken, pauses) => {
        run += 1;
        const told = new Story(`${process.pid}-${run}`, taken, pauses);
        for (const batch of steps) await told.happen(batch);
        const { contacts } = told.heyReach;
        sent += contacts.length;
        const used = contacts.map(({ under }) => under);
        expect(used).not.toContain(undefined);
        expect(new Set(used).size, 'contacts under one confirmation').toBe(used.length);
        for (const { under, to, what, state, repeats } of contacts) {
          const token = told.tokens.find(({ text }) => text === under)!;
          const args = argumentsOf(token.call);
          if (token.state !== undefined) expect(state, 'what stood there').toBe(token.state);
          if (token.call.tool === 'send_message') {
            expect([to, what]).toEqual([args.conversationId, args.message]);
            expect(repeats && !token.call.allowRepeat).toBe(false);
          } else {
            const rows = args.accountLeadPairs as { lead: { profileUrl: string } }[];
            expect(what).toBe(rows.map(({ lead }) => lead.profileUrl).join(' '));
          }
        }
        expect(told.heyReach.mostAtOnce).toBeLessThanOrEqual(1);
        const auditLog = contacts.length === 0 ? '' : readFileSync(told.auditLog, 'utf8');
        expect(auditLog.match(/"phase":"intent"/g)?.length ?? 0).toBeGreaterThanOrEqual(contacts.length);
      },
    ),
    { seed: 20260611, numRuns: RUNS, endOnFailure: true },
  );
  // A property that never sends anything would pass too.
  expect(sent).toBeGreaterThan(RUNS * 0.75);
}, 280_000);
