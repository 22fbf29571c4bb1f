import { describe, expect, test } from 'vitest';
import { sequencesGuide } from '../../../../src/resources/guides/sequences.ts';
import { lintSequence } from '../../../../src/workflows/sequence/lint.ts';
import { type Finding, findingLine } from '../../../../src/workflows/shared/finding.ts';
import { exampleSequence, exampleSequenceReadBack } from '../../../support/fixtures/campaign.ts';
import { end, invitation, message } from '../../../support/tools/sequences.ts';

const lead = (firstName: string, further: Record<string, unknown> = {}) => ({
  firstName,
  lastName: 'Example',
  companyName: 'Example GmbH',
  position: 'Engineer',
  location: null,
  customFields: [{ name: 'opener', value: 'Nice talk!' }],
  ...further,
});
const leads = [lead('Jane'), lead('John', { companyName: '\u200b' }), lead('Олег', { customFields: [] })];

/** Each finding without its fix, as `severity path: problem`. */
const briefly = (findings: Finding[]) =>
  findings.map(({ severity, path, problem }) => `${severity} ${path}: ${problem}`);
const lintText = (text: string, fallback = 'Hello') => briefly(lintSequence(message([text], fallback)));

test('a campaign with five mistakes has five lines', () => {
  const sequence = message(['Hi {{firstName}} of {COMPANYY}, {nope}. [insert pitch]'], 'Hi {FIRST_NAME}');
  for (const facts of [{}, { leads }]) {
    expect(lintSequence(sequence, facts).map(findingLine)).toEqual([
      expect.stringMatching(/^Stop: The lead would read `\[insert pitch\]` \(step 1 MESSAGE at sequence\)\. /),
      expect.stringMatching(/^The sequence has variables in two styles, \{X\} and \{\{x\}\}: `\{\{firstName\}\}` \(/),
      expect.stringMatching(/^A variable may be misspelt: `\{COMPANYY\}` \(did you mean `\{COMPANY\}`\?\) \(/),
      expect.stringMatching(/^Filled only for leads with a custom field of exactly this name: `\{nope\}` \(/),
      expect.stringMatching(/^The fallbackMessage has variables too, which may stay unfilled: `\{FIRST_NAME\}` \(/),
    ]);
  }
});

test('clean sequences have no finding', () => {
  const [, json = ''] = /```json\n(.*?)```/s.exec(sequencesGuide.text) ?? [];
  for (const sequence of [exampleSequence(), exampleSequenceReadBack(), JSON.parse(json)]) {
    expect(briefly(lintSequence(sequence))).toEqual([]);
  }
});

describe('findings with severity stop', () => {
  test.each([undefined, null])('%s as a sequence', (sequence) => {
    expect(briefly(lintSequence(sequence))).toEqual(['stop sequence: The campaign has no sequence']);
  });

  test.each(['[First Name]', '<your company>', 'TODO: pitch', 'Lorem ipsum'])('the draft mark %s', (note) => {
    expect(lintText(`Hi, ${note} and more`)).toEqual([expect.stringMatching(/^stop .*: The lead would read `/)]);
    expect(lintText('Hi there', note)).toEqual([expect.stringMatching(/^stop .*: The lead would read `/)]);
  });

  test('the Spanish word TODO only warns', () => {
    expect(lintText('Gracias por TODO! Nos vemos')).toEqual([
      'warn step 1 MESSAGE at sequence: HeyReach may send this text as it is, unfilled: `TODO`',
    ]);
  });

  test.each([
    [{ nodeType: 'VIEW_PROFILE' }, 'unconditionalNode is required after VIEW_PROFILE; every path ends in END'],
    [end(), 'a sequence cannot begin with END'],
    [message(['Hi'], undefined, end(2)), 'actionDelay must be at least 3 HOUR after a MESSAGE'],
    [message([], undefined), 'payload.messages must hold at least 1 text'],
    [{ ...message(['Hi']), payload: null }, 'payload is required on a MESSAGE'],
    [{ ...message(['Hi']), actionDelay: 101 }, 'actionDelay must be a whole number from 0 to 100'],
    [{ ...message(['Hi']), actionDelayUnit: 'WEEK' }, 'actionDelayUnit must be HOUR or DAY'],
    [invitation({ messages: ['x'.repeat(301)] }), 'payload.messages\\[0\\] has 301 characters, 300 at most'],
    [invitation({ messages: ['Hi {FIRST_NAME}'], fallbackMessage: '' }), 'payload.fallbackMessage is required'],
    [invitation({ messages: [], toBeWithdrawnAfterDays: 13 }, end(), 13), 'payload.toBeWithdrawnAfterDays must be'],
    [message(['Hi'], undefined, { nodeType: 'END' }), 'actionDelay must be at least 3 HOUR'],
    [{ payload: {} }, 'nodeType is required'],
    ['text', 'a step must be an object'],
  ])('a tree that HeyReach rejects: %j', (sequence, issue) => {
    expect(briefly(lintSequence(sequence))).toEqual([expect.stringMatching(/^stop (?:step|END)/)]);
    expect(briefly(lintSequence(sequence))[0]).toContain(issue);
  });

  test('an invitation that is too long once filled, with the number of its leads', () => {
    const long = lead('J'.repeat(150));
    const text = `Hi {FIRST_NAME}${'.'.repeat(160)}`;
    const [finding, ...others] = lintSequence(invitation({ messages: [text] }), { leads: [...leads, long] });
    expect(finding).toMatchObject({ severity: 'stop', path: 'step 1 CONNECTION_REQUEST at sequence' });
    expect(finding?.problem).toBe('Once filled, the invitation has up to 313 characters, 300 at most');
    expect(finding?.leads).toEqual({ count: 1, of: 4 });
    expect(others).toEqual([]);
    // A lead without a company gets the fallback, not the long text.
    const withCompany = invitation({ messages: [`${text} {COMPANY}`] });
    const [gap] = lintSequence(withCompany, { leads: [{ ...long, companyName: '' }, lead('Jane')] });
    expect(gap).toMatchObject({ severity: 'warn', leads: { count: 1, of: 2 } });
  });
});

test('numbers steps as previews do: the yes branch first, END without a number', () => {
  const view = { nodeType: 'VIEW_PROFILE', actionDelay: 3, actionDelayUnit: 'DAY', unconditionalNode: end() };
  const sequence = { ...invitation({ messages: [] }, message(['{nope}'], 'Hello')), unconditionalNode: view };
  const places = lintSequence({ ...sequence, unconditionalNode: { ...view, unconditionalNode: end(1) } });
  expect(places.map(({ path }) => path)).toEqual([
    'END at sequence.unconditionalNode.unconditionalNode',
    'step 2 MESSAGE at sequence.conditionalNode',
  ]);
  const last = { ...view, unconditionalNode: message(['{nope}'], 'Hello') };
  expect(lintSequence({ ...sequence, conditionalNode: end(), unconditionalNode: last })[0]?.path).toBe(
    'step 3 MESSAGE at sequence.unconditionalNode.unconditionalNode',
  );
});

test('an unreadable delay counts as 0', () => {
  const second = { ...message(['Two']), actionDelay: 'soon' };
  expect(briefly(lintSequence(message(['One'], undefined, second)))).toEqual([
    'stop step 2 MESSAGE at sequence.unconditionalNode: actionDelay must be a whole number from 0 to 100',
    'warn step 2 MESSAGE at sequence.unconditionalNode: The message follows only 0 hours after step 1',
  ]);
});

test('an invitation needs no note', () => {
  for (const payload of [{}, { messages: null }, { messages: [] }, { messages: [''] }]) {
    expect(briefly(lintSequence(invitation(payload)))).toEqual([]);
  }
});

describe('findings with severity warn', () => {
  test.each([
    ['Hi {{first_name}}', 'HeyReach may send this text as it is, unfilled: `{{first_name}}`'],
    ['See you in [Berlin]', 'HeyReach may send this text as it is, unfilled: `[Berlin]`'],
    ['Hi {COMPANYY}', 'A variable may be misspelt: `{COMPANYY}` (did you mean `{COMPANY}`?)'],
    ['Hi {first_name}', 'A variable may be misspelt: `{first_name}` (did you mean `{FIRST_NAME}`?)'],
    ['Your {favourite_tool}', 'Filled only for leads with a custom field of exactly this name: `{favourite_tool}`'],
    ['Hi {FIRST_NAME', 'A brace has no partner'],
  ])('%j', (text, problem) => {
    expect(lintText(text)).toEqual([`warn step 1 MESSAGE at sequence: ${problem}`]);
  });

  test('a text with a variable and no fallback, and a fallback with a variable', () => {
    expect(briefly(lintSequence(message(['Hi {FIRST_NAME}'])))).toEqual([
      'warn step 1 MESSAGE at sequence: No fallbackMessage, although the text has variables',
    ]);
    expect(lintText('Hi {FIRST_NAME}', 'Hi {FIRST_NAME}')).toEqual([
      'warn step 1 MESSAGE at sequence: The fallbackMessage has variables too, which may stay unfilled: `{FIRST_NAME}`',
    ]);
  });

  test('a step and a field that this server does not know', () => {
    const unknown = { nodeType: 'SEND_VOICE_NOTE', unconditionalNode: end() };
    expect(briefly(lintSequence(unknown))).toEqual([
      expect.stringMatching(/^warn step 1 SEND_VOICE_NOTE .* is unknown/),
    ]);
    const typo = { ...message(['Hi']), payload: { messages: ['Hi'], fallbackMesage: 'x' } };
    expect(briefly(lintSequence(typo))).toEqual([expect.stringMatching(/^warn .*did you mean fallbackMessage/)]);
  });

  test.each(['https://example.com/x', 'www.example.com', 'example.com/demo'])(
    'the link %s in an invitation',
    (link) => {
      const sequence = invitation({ messages: [`See ${link} today`] });
      expect(briefly(lintSequence(sequence))).toEqual([
        `warn step 1 CONNECTION_REQUEST at sequence: The invitation has a link: \`${link}\``,
      ]);
      expect(lintText(`See ${link} today`)).toEqual([]);
    },
  );

  test('the same text twice on one path, but not on two branches', () => {
    const twice = message(['Are you there?'], undefined, message(['ARE  you there?', 'Hi']));
    expect(briefly(lintSequence(twice))).toEqual([
      'warn step 2 MESSAGE at sequence.unconditionalNode: The lead already gets this text in step 1',
    ]);
    const branches = {
      nodeType: 'CHECK_IS_CONNECTION',
      conditionalNode: message(['Hi']),
      unconditionalNode: invitation({ messages: [] }, message(['Hi'])),
    };
    expect(briefly(lintSequence(branches))).toEqual([]);
  });

  test('less than a day between messages, also across other steps', () => {
    const view = { nodeType: 'VIEW_PROFILE', actionDelay: 3, actionDelayUnit: 'HOUR' };
    const second = { ...message(['Two']), actionDelay: 20, actionDelayUnit: 'HOUR' };
    const soon = message(['One'], undefined, { ...view, unconditionalNode: second });
    expect(briefly(lintSequence(soon))).toEqual([
      'warn step 3 MESSAGE at sequence.unconditionalNode.unconditionalNode: The message follows only 23 hours after step 1',
    ]);
    const later = message(['One'], undefined, { ...view, unconditionalNode: { ...second, actionDelay: 21 } });
    expect(briefly(lintSequence(later))).toEqual([]);
  });

  test('a withdrawal before the branch "not accepted" ends', () => {
    const withdrawnAfter = (days: number) => invitation({ messages: [], toBeWithdrawnAfterDays: days }, end(), 21);
    expect(briefly(lintSequence(withdrawnAfter(20)))).toEqual([
      'warn step 1 CONNECTION_REQUEST at sequence: The invitation is withdrawn after 20 days, but the branch "not accepted" takes 21 days',
    ]);
    expect(briefly(lintSequence(withdrawnAfter(21)))).toEqual([]);
  });
});

describe('with the leads of a list', () => {
  const linesFor = (text: string, rows: Record<string, unknown>[] = leads) =>
    lintSequence(message([text], 'Hello'), { leads: rows }).map(findingLine);

  test('counts a variable without a value, and does not report a variable that each lead has', () => {
    expect(linesFor('Hi {FIRST_NAME} of {COMPANY}, {MY_FIRST_NAME} here')).toEqual([
      'Leads have no `COMPANY`: they get the fallback (step 1 MESSAGE at sequence; 1 of 3 leads). Read the fallback, or complete the leads.',
    ]);
    expect(lintSequence(message(['Hi {COMPANY}']), { leads })[0]?.problem).toContain('there is none');
  });

  test('counts custom fields by name', () => {
    expect(linesFor('{opener}')).toEqual([expect.stringMatching(/^Leads have no `opener`: .* 1 of 3 leads\)/)]);
    expect(linesFor('{openerr}')).toEqual([
      expect.stringMatching(/did you mean `\{opener\}`\?\) \(.*; 3 of 3 leads\)/),
    ]);
    expect(linesFor('{tool}')).toEqual([
      expect.stringMatching(/^Filled only for leads with a custom .*; 3 of 3 leads\)/),
    ]);
  });

  test('fields that the rows do not have are unknown, never 0', () => {
    const [finding] = lintSequence(message(['{INDUSTRY}'], 'Hello'), { leads });
    expect(finding).toMatchObject({ severity: 'warn', leads: 'unknown' });
    expect(linesFor('{INDUSTRY}')).toEqual([expect.stringContaining('(step 1 MESSAGE at sequence; leads unknown)')]);
    const bare = leads.map(({ firstName }) => ({ firstName }));
    expect(linesFor('{COMPANY}', bare)).toEqual([expect.stringContaining('leads unknown')]);
    expect(linesFor('{tool}', bare)).toEqual([expect.stringContaining('leads unknown')]);
  });

  test('a finding names the first step completely, and only the numbers of the others', () => {
    const sequence = message(
      ['{COMPANY} 1'],
      'Hello',
      message(['{COMPANY} 2'], 'Hello', message(['{COMPANY} 3'], 'Hello')),
    );
    expect(lintSequence(sequence, { leads })[0]?.path).toBe('step 1 MESSAGE at sequence, also step 2, 3');
  });
});
