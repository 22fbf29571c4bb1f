import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChangeEvents } from '../../src/mcp/services/change-events.ts';
import { checkContacted } from '../../src/workflows/contacted/check-contacted.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { answerFrom, type PeopleWorkspace } from '../support/heyreach/people-workspace.ts';
import { runs } from '../support/runs/runs.ts';
import { callerOn } from '../support/tools/people-index.ts';

const SEED = 20261130;
const PEOPLE = Array.from({ length: 8 }, (_, at) => `person-${at}-example`);
const KEYS = ['key-of-ada', 'key-of-grace'] as const;

let stub: HeyReachStub;
let workspaces: Record<string, PeopleWorkspace>;
beforeAll(async () => {
  stub = await startStub();
  stub.answer((request) => answerFrom(() => workspaces[String(request.headers['x-api-key'])]!)(request));
});
afterAll(() => stub.close());

const some = fc.subarray(PEOPLE);
const status = fc.constantFrom('IN_PROGRESS', 'PAUSED', 'FINISHED');

/** A workspace in which each campaign keeps its leads in a list, as HeyReach does. */
const workspace: fc.Arbitrary<PeopleWorkspace> = fc
  .record({
    lists: fc.array(fc.record({ members: some, leads: some, shown: some, status }), { maxLength: 3 }),
    conversations: fc.array(
      fc.record({ person: fc.constantFrom(...PEOPLE), last: fc.constantFrom('ME' as const, 'CORRESPONDENT' as const) }),
      { maxLength: 4 },
    ),
    blacklist: some,
  })
  .map(({ lists, conversations, blacklist }) => ({
    lists: lists.map(({ members }, at) => ({ id: at + 1, members })),
    campaigns: lists.map(({ members, leads, shown, status }, at) => {
      const own = leads.filter((person) => members.includes(person));
      return {
        id: 100 + at,
        status,
        listId: at + 1,
        shown: own.filter((person) => shown.includes(person)),
        hidden: own.filter((person) => !shown.includes(person)),
      };
    }),
    conversations: conversations.map(({ person, last }, at) => ({
      id: `conversation-${at}`,
      person,
      linkedInAccountId: 170001,
      messages: last === 'ME' ? ['ME'] : ['ME', 'CORRESPONDENT'],
    })),
    blacklist: blacklist.map((person) => ({ person, status: 'Matched' })),
  }));

/** The verdict, derived from the generated workspace. */
function expectedOf(person: string, { campaigns, conversations, blacklist }: PeopleWorkspace): string {
  if (blacklist.some((entry) => entry.person === person)) return 'blacklisted';
  const threads = conversations.filter((thread) => thread.person === person);
  if (threads.some(({ messages }) => messages.includes('CORRESPONDENT'))) return 'answered';
  const own = campaigns.filter(({ shown, hidden }) => shown.includes(person) || hidden.includes(person));
  if (own.some(({ status }) => status === 'IN_PROGRESS')) return 'in_progress';
  return own.length + threads.length > 0 ? 'contacted' : 'clear';
}

test('concurrent calls of two keys never see data of the other key', async () => {
  const call = fc.record({
    key: fc.constantFrom(...KEYS),
    people: fc.subarray(PEOPLE, { minLength: 1 }),
    exact: fc.boolean(),
    waits: fc.boolean(),
  });
  const calls = fc.array(call, { minLength: 2, maxLength: 5 });
  const property = fc.asyncProperty(workspace, workspace, calls, async (ada, grace, made) => {
    workspaces = { [KEYS[0]]: ada, [KEYS[1]]: grace };
    const changes = new ChangeEvents();
    const running: Promise<void>[] = [];
    for (const { key, people, exact, waits } of made) {
      const { context } = callerOn(stub.url, { key, changes });
      const check = async () => {
        const request = { profileUrls: people, exact, output: 'rows', limit: 100 } as const;
        const { data } = await checkContacted(request, context);
        expect(data.incomplete, key).toBeUndefined();
        const verdicts = (data.rows as unknown[][]).map(([, person, verdict]) => [person, verdict]);
        expect(verdicts, key).toEqual(people.map((person) => [person, expectedOf(person, workspaces[key]!)]));
      };
      running.push(check());
      if (waits) await running.at(-1);
    }
    await Promise.all(running);
  });
  await fc.assert(property, { seed: SEED, numRuns: runs(30) });
});
