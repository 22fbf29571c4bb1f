import { describe, expect, test, vi } from 'vitest';
import type { McpPeer } from '../../support/clients/clients.ts';
import { ANSWERS } from '../../support/heyreach/fault-injection.ts';
import { callTool, startBefore, type Told } from '../../support/heyreach/fault-injection-calls.ts';
import {
  type FaultySandbox,
  type OnceCall,
  startFaultySandbox,
} from '../../support/heyreach/fault-injection-sandbox.ts';
import { watchUndici } from '../../support/programs/undici-watch.ts';
import { answer } from '../../unit/client/raw-server.ts';

/** The result of a write that must not be made twice. If a fault allows two outcomes, both are listed. */
const OUTCOMES: [keyof typeof ANSWERS, outcome: string][] = [
  ['a reset before the headers', 'unknown'],
  ['a reset in the body', 'unknown'],
  ['silence before the headers', 'unknown'],
  ['silence in the body', 'unknown'],
  ['a slow drip', 'unknown'],
  ['a 401', 'refused'],
  ['a 403', 'refused'],
  ['a 404', 'refused'],
  ['a 405', 'refused'],
  ['a 415', 'refused'],
  ['a 500', 'unknown'],
  ['a 502 in HTML', 'unknown'],
  ['a 503', 'unknown'],
  ['a 524', 'unknown'],
  ['an empty 200', 'done or unknown'],
  ['JSON that is cut off', 'done or unknown'],
  ['a list, not an object', 'done or unknown'],
  ['a body of 30 MB', 'unknown'],
  ['a redirect', 'refused'],
];

/** The factor by which a busy machine may delay a result. The real-time tests check the exact time. */
const BUSY = 1.5;
/** The time of a call: enough for a busy machine to send, and short for the calls that never get an answer. */
const SECONDS = 8;

interface Stage {
  heyreach: FaultySandbox;
  peer: McpPeer;
}

/** A new process with its own HeyReach. */
async function on(
  { seconds, env }: { seconds?: number; env?: Record<string, string> },
  act: (stage: Stage) => Promise<void>,
) {
  const heyreach = await startFaultySandbox();
  const peer = await startBefore(heyreach.url, seconds, env);
  try {
    await act({ heyreach, peer });
  } finally {
    // An open request would keep the program alive.
    await heyreach.close();
    await peer.close();
  }
}

/** Makes a successful call with each key, because a run of failures would count as an outage. */
async function readWell(peer: McpPeer) {
  expect((await callTool(peer, ['check_api_key', {}])).data).toMatchObject({ valid: true });
  expect((await callTool(peer, ['list_workspaces', {}])).error).toBeUndefined();
}

const outcomeOf = ({ error }: Told) => (error === undefined ? 'done' : String(error.outcome));
const writesOf = ({ heyreach }: Stage) =>
  Object.fromEntries(heyreach.calls.map(([tool]) => [tool, heyreach.writes(tool).length]));
const each = (stage: Stage, times: number) => Object.fromEntries(stage.heyreach.calls.map(([tool]) => [tool, times]));

test('covers every tool that must not be repeated', async () => {
  await on({}, async ({ heyreach }) => {
    expect(heyreach.calls.map(([tool]) => tool).sort()).toEqual([
      'add_leads_to_campaign',
      'add_leads_to_campaign_v1',
      'create_campaign',
      'create_campaign_from_template',
      'create_list',
      'create_tags',
      'create_webhook',
      'create_workspace',
      'create_workspace_api_key',
      'invite_admins',
      'invite_managers',
      'invite_members',
      'resume_campaign',
      'send_message',
    ]);
  });
});

describe.concurrent('a write that must not be repeated is sent once', { timeout: 60_000 }, () => {
  test.each(OUTCOMES)('after %s', async (fault, outcome) => {
    await on({ seconds: SECONDS }, async (stage) => {
      const { heyreach, peer } = stage;
      let index = 0;
      heyreach.behave((socket) => ANSWERS[fault](socket, index++));
      const told = new Map<string, Promise<Told>>();
      for (const call of heyreach.calls) {
        const [tool] = call;
        told.set(tool, callTool(peer, call));
        // A call that verifies its outcome or gets no answer uses all its time, and the others do not wait for it.
        if (tool !== 'send_message' && !/silence|drip/.test(fault)) await told.get(tool);
        await readWell(peer);
      }
      for (const [tool, ended] of told) {
        expect(outcome, tool).toContain(outcomeOf(await ended));
        expect((await ended).ms, tool).toBeLessThan(SECONDS * BUSY * 1_000);
      }
      expect(writesOf(stage)).toEqual(each(stage, 1));

      // A caller that repeats the same message does not send it again.
      if (outcome !== 'refused') {
        const again = await callTool(peer, sendOf(heyreach));
        expect(again.error).toMatchObject({ kind: expect.stringMatching(/^(repeated|busy)$/), outcome: 'not_sent' });
        expect(heyreach.writes('send_message')).toHaveLength(1);
      }
    });
  });

  test('retries it after a 429, with success', async () => {
    await on({}, async (stage) => {
      const { heyreach, peer } = stage;
      await pauseWhatIsResumed(stage);
      const refused = new Set<string>();
      heyreach.behave((socket, { path }) => {
        if (refused.has(path)) return 'pass';
        refused.add(path);
        return socket.write(answer(429, '', { 'retry-after': '1' }));
      });
      const told = await Promise.all(heyreach.calls.map((call) => callTool(peer, call)));
      expect(told.map(({ error }) => error).filter((error) => error !== undefined)).toEqual([]);
      expect(writesOf(stage)).toEqual(each(stage, 2));
    });
  });
});

// Not concurrent: the requests must arrive at the moment in which the connection is refused.
describe('when connections are refused', { timeout: 60_000 }, () => {
  test('retries a never call after a refused connection', async () => {
    // Full jitter at its maximum: half a second, then a second.
    const env = { NODE_OPTIONS: watchUndici('Math.random = () => .99;') };
    await on({ env }, async (stage) => {
      const { heyreach, peer } = stage;
      await pauseWhatIsResumed(stage);
      await heyreach.refuse();
      const calls = Promise.all(heyreach.calls.map((call) => callTool(peer, call)));
      await vi.waitFor(() => expect(peer.stderr()).toMatch(/undici failed \S+CreateEmptyList ECONNREFUSED/), {
        timeout: 30_000,
      });
      await heyreach.accept();
      expect((await calls).map(({ error }) => error).filter((error) => error !== undefined)).toEqual([]);
      await vi.waitFor(() => expect(peer.stderr()).toMatch(/CreateEmptyList refused \d+ms/), { timeout: 30_000 });
      expect(writesOf(stage)).toEqual(each(stage, 1));
    });
  });

  test('sends no never call while connections are refused, although reads on an open connection succeed', async () => {
    // Full jitter at its minimum, so that the open connection does not exceed its keep-alive time.
    const env = { NODE_OPTIONS: '--import=data:text/javascript,Math.random=()=>0' };
    await on({ env }, async (stage) => {
      const { heyreach, peer } = stage;
      await readWell(peer);
      await heyreach.refuse();
      for (const call of heyreach.calls) {
        const { error } = await callTool(peer, call);
        expect(error, call[0]).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
        await readWell(peer);
      }
      expect(writesOf(stage)).toEqual(each(stage, 0));
    });
  });
});

function sendOf({ calls }: FaultySandbox): OnceCall {
  return calls.find(([tool]) => tool === 'send_message')!;
}

async function pauseWhatIsResumed({ heyreach, peer }: Stage) {
  const [, args] = heyreach.calls.find(([tool]) => tool === 'resume_campaign')!;
  expect((await callTool(peer, ['pause_campaign', args])).error).toBeUndefined();
}
