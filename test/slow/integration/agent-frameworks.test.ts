import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { tools } from '../../../src/tools/registry.ts';
import { connectStdio } from '../../support/clients/clients.ts';
import { root } from '../../support/documents/documents.ts';
import { recordOutput } from '../../support/programs/output.ts';
import { cleanEnvironment, MAIN, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_ORGANIZATION_KEY } from '../../support/runs/keys.ts';
import { type JsonSchema, lostIn, notStrictIn } from '../../support/tools/lost-properties.ts';

// The frameworks run as docs/clients.md shows them, under the Node version that most of them require. The program runs
// under this one.
const NODE = ['-y', '-p', 'node@22.23.3', 'node'];
const FOLDER = `${root}test/slow/clients/`;
const FLAGS = ['--sandbox', '--toolsets', 'default,legacy'];
const env = { HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY };

/** The output of test/slow/clients/main.mjs. Results are the JSON that a model gets. */
interface Seen {
  names: string[];
  read: string;
  missing: string;
  asked: string;
  confirmed: string;
  resumed: string;
  conversions: { model: string; tools: ConvertedTool[] }[];
}

interface ConvertedTool {
  name: string;
  description: string;
  strict?: boolean;
  schema?: JsonSchema;
  output?: object;
}

let published: { name: string; description?: string; inputSchema: JsonSchema }[];
beforeAll(async () => {
  if (!existsSync(`${FOLDER}node_modules`)) {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER });
  }
  const peer = await connectStdio('v1', { args: FLAGS, env });
  published = await peer.listTools();
  await peer.close();
  expect(published).toHaveLength(tools.length);
});

async function runFramework(name: string, block: string, flags = FLAGS): Promise<Seen> {
  const program = await startHttpProgram({ args: flags, env });
  try {
    const { stdout } = await promisify(execFile)('npx', [...NODE, `${FOLDER}main.mjs`, name, block], {
      cwd: FOLDER,
      maxBuffer: 64 * 1024 ** 2,
      env: {
        ...cleanEnvironment(env),
        HEYREACH_API_KEY: OTHER_TEST_KEY,
        PROGRAM_URL: program.url,
        PROGRAM_NODE: process.execPath,
        PROGRAM_MAIN: MAIN,
        PROGRAM_FLAGS: JSON.stringify(flags),
      },
    });
    recordOutput(stdout);
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  } finally {
    await program.stop();
  }
}

describe.each([
  ['langchain', 'langchain', ['openai', 'anthropic', 'gemini']],
  ['ai-sdk', 'ai-sdk', ['openai', 'anthropic', 'gemini']],
  ['openai-agents', 'openai-agents', ['openai', 'openai-strict']],
  ['openai-agents', 'openai-agents-stdio', ['openai', 'openai-strict']],
  ['mastra', 'mastra', ['openai', 'anthropic', 'gemini']],
  ['google-genai', 'google-genai', ['gemini']],
  ['llamaindex', 'llamaindex', ['openai', 'anthropic', 'gemini']],
])('%s, block %s', (name, block, models) => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await runFramework(name, block);
  });

  test('lists every tool and reads', () => {
    expect(seen.names).toEqual(published.map((tool) => tool.name));
    expect(seen.read).toMatch(/totalCount\\*":12/);
  });

  test('gets the complete text of an error', () => {
    expect(seen.missing).toContain('Campaign with id 1 was not found.');
    expect(seen.missing).toContain('Find the campaign with list_campaigns.');
    expect(seen.missing).toContain('refused');
  });

  test('gets a confirmation, and continues with the token', () => {
    expect(seen.asked).toContain('Resume the campaign');
    expect(seen.asked).toMatch(/confirmToken\\*":\\*"/);
    expect(seen.confirmed).not.toMatch(/confirmToken\\*":\\*"/);
    expect(seen.resumed).toMatch(/status\\*":\\*"IN_PROGRESS/);
  });

  test.each(models)('passes to %s every property of every tool', (model) => {
    const converted = seen.conversions.find((conversion) => conversion.model === model)!.tools;
    expect(converted).toHaveLength(tools.length);
    for (const tool of converted) {
      const { inputSchema, description } = published.find((each) => tool.name.replace(/^heyreach_/, '') === each.name)!;
      expect(tool.description).toBe(description);
      expect(lostIn(tool.schema, inputSchema), tool.name).toEqual([]);
    }
  });

  test.runIf(models.includes('openai-strict'))('passes strict schemas to OpenAI', () => {
    const converted = seen.conversions.find(({ model }) => model === 'openai-strict')!.tools;
    expect(converted.filter(({ strict }) => strict !== true).map((tool) => tool.name)).toEqual([]);
    for (const { name: tool, schema = {} } of converted) expect(notStrictIn(schema), tool).toEqual([]);
  });
});

describe.each([['langchain'], ['google-genai'], ['llamaindex']])('%s passes text and structure to a model', (name) => {
  const copies = (json: string) => json.match(/totalCount/g)?.length;

  test('passes only the text with --results text', async () => {
    const both = await runFramework(name, name);
    const text = await runFramework(name, name, [...FLAGS, '--results', 'text']);
    expect([copies(both.read), copies(text.read)]).toEqual([2, 1]);
    expect(text.resumed).toMatch(/status\\*":\\*"IN_PROGRESS/);
    expect(text.missing).toContain('Campaign with id 1 was not found.');
    expect(text.missing).toMatch(/outcome\\*":\\*"refused/);
    expect(text.conversions.flatMap(({ tools }) => tools.flatMap(({ output }) => output ?? []))).toEqual([]);
  }, 240_000);
});
